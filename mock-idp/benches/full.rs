//! The program with full stores, as ratios to empty ones in one run: `cargo bench -p entra-mock-idp --bench full`, about two
//! minutes.

mod support;

use entra_mock_idp::Directory;
use serde_json::{Value, json};
use support::{Connection, Server, Target};

/// As many of each kind as the mock keeps.
const FULL: u32 = 100_000;
/// The clock does not run: nothing expires.
const NOW: i64 = 1_800_000_000;

fn main() {
    let server = Server::start(&["--sign-in", "alice"]);
    control(&server, "PUT", "clock", &json!({"frozen_at": NOW}));
    let load = Load::on(&server);
    let empty = load.rates(&server);
    for (name, target) in [
        ("sign-ins", &load.sign_in),
        ("device codes", &load.device_code),
        ("refresh tokens", &load.refresh_token),
    ] {
        println!("filling: {FULL} {name}, {:.0} a second", target.load(FULL));
    }
    println!("memory with full stores: {:.0} MB", server.memory());
    println!("{:28} {:>12} {:>12} {:>8}", "a second", "empty", "full", "ratio");
    for ((name, empty), (_, full)) in empty.into_iter().zip(load.rates(&server)) {
        println!("{name:28} {empty:12.0} {full:12.0} {:8.2}", full / empty);
    }
    println!("memory afterwards: {:.0} MB", server.memory());
}

/// Sends a request to the control surface, and returns the body of the response.
fn control(server: &Server, method: &str, place: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let request = format!(
        "{method} /_mock/{place} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let (status, body) = Connection::to(server.address()).ask(&request);
    assert_eq!(status, 200, "{place}");
    body
}

struct Load {
    client_credentials: Target,
    on_behalf_of: Target,
    sign_in: Target,
    device_code: Target,
    refresh_token: Target,
}

impl Load {
    fn on(server: &Server) -> Self {
        let directory = Directory::builtin();
        let place = |name: &str| {
            format!("{}/{}/oauth2/v2.0/{name}", server.base_url, directory.home_tenant().tenant_id)
        };
        let client = |name: &str| {
            let app = directory.app(name).unwrap();
            let secret = app.client_secret.iter().map(|secret| format!("&client_secret={secret}"));
            format!("client_id={}{}", app.client_id, secret.collect::<String>())
        };
        let user = directory.user("alice").unwrap();
        let forged: Value =
            serde_json::from_slice(&control(server, "POST", "tokens", &json!({"user": "alice"}))).unwrap();
        let assertion = forged["token"].as_str().unwrap();
        let token = |form: String| Target::post(&place("token"), &form);
        Self {
            client_credentials: token(format!(
                "grant_type=client_credentials&scope=api://orders/.default&{}",
                client("orders-daemon")
            )),
            on_behalf_of: token(format!(
                "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&requested_token_use=on_behalf_of\
                 &scope=https://graph.microsoft.com/User.Read&assertion={assertion}&{}",
                client("orders-api")
            )),
            refresh_token: token(format!(
                "grant_type=password&username={}&password={}&scope=api://orders/Orders.Read+offline_access&{}",
                user.upn,
                user.password,
                client("orders-spa")
            )),
            sign_in: Target::redirect(&format!(
                "{}?{}&response_type=code&scope=api://orders/Orders.Read&redirect_uri=http://localhost",
                place("authorize"),
                client("orders-spa")
            )),
            device_code: Target::post(
                &place("devicecode"),
                &format!("scope=api://orders/Orders.Read&{}", client("orders-spa")),
            ),
        }
    }

    fn rates(&self, server: &Server) -> Vec<(&'static str, f64)> {
        let rate = |name, target: &Target, requests| {
            // The first requests grow what an empty program has not grown yet.
            target.load(requests / 10);
            (name, target.load(requests))
        };
        let rates = vec![
            rate("client credentials", &self.client_credentials, 10_000),
            rate("on-behalf-of", &self.on_behalf_of, 10_000),
            rate("sign-ins", &self.sign_in, 20_000),
            rate("device codes", &self.device_code, 20_000),
            rate("passwords, refresh tokens", &self.refresh_token, 5_000),
        ];
        assert!(server.memory() < 1_000.0);
        rates
    }
}
