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
    let servers = [(); 2].map(|()| Server::start(&["--sign-in", "alice"]));
    for server in &servers {
        control(server, "PUT", "clock", &json!({"frozen_at": NOW}));
    }
    let [empty, full] = [Load::on(&servers[0]), Load::on(&servers[1])];
    for (name, target) in [
        ("sign-ins", &full.sign_in),
        ("device codes", &full.device_code),
        ("refresh tokens", &full.refresh_token),
    ] {
        println!("filling: {FULL} {name}, {:.0} a second", target.load(FULL));
    }
    println!("memory with full stores: {:.0} MB", servers[1].memory());
    println!("{:28} {:>12} {:>12} {:>8}", "a second", "empty", "full", "ratio");
    for ((name, empty, requests), (_, full, _)) in empty.targets().into_iter().zip(full.targets()) {
        let (empty, full) = compared(empty, full, requests);
        println!("{name:28} {empty:12.0} {full:12.0} {:8.2}", full / empty);
    }
    println!("memory afterwards: {:.0} MB", servers[1].memory());
}

/// The best rates of both in turn: what else the machine does hits one as the other.
fn compared(empty: &Target, full: &Target, requests: u32) -> (f64, f64) {
    let rates = (0..10).map(|_| (empty.load(requests), full.load(requests)));
    rates.fold((0.0, 0.0), |best, rates| (best.0.max(rates.0), best.1.max(rates.1)))
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

    /// What is compared, each with a number of requests that takes some tenths of a second.
    fn targets(&self) -> [(&'static str, &Target, u32); 5] {
        [
            ("client credentials", &self.client_credentials, 1_000),
            ("on-behalf-of", &self.on_behalf_of, 1_000),
            ("sign-ins", &self.sign_in, 4_000),
            ("device codes", &self.device_code, 4_000),
            ("passwords, refresh tokens", &self.refresh_token, 500),
        ]
    }
}
