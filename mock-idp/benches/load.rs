//! The program under load, as ratios in one run: tokens over HTTP against the bare signature, cold start, memory.
//!
//! `cargo bench -p entra-mock-idp --bench load`; with `LOAD_URL` and `LOAD_FORM` (a token endpoint and a request's body), the
//! same load on another server instead.

mod support;

use std::{
    env,
    time::{Duration, Instant},
};

use entra_mock_idp::{Directory, SigningKey};
use support::{CONNECTIONS, Connection, Server, Target};

fn main() {
    match (env::var("LOAD_URL"), env::var("LOAD_FORM")) {
        (Ok(url), Ok(form)) => {
            let target = Target::post(&url, &form);
            target.load(2_000);
            println!("{:.0} tokens per second", target.load(10_000));
        }
        _ => measure(),
    }
}

fn measure() {
    println!("cold start to the first discovery answer   {:.1} ms (the best of 20)", cold_start() * 1e3);
    let bare = bare_signatures();
    println!("bare RSA-2048 signatures, one core         {bare:.0} a second");

    let server = Server::start(&[]);
    let directory = Directory::builtin();
    let daemon = directory.app("orders-daemon").unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=api%3A%2F%2Forders%2F.default",
        daemon.client_id,
        daemon.client_secret.as_deref().unwrap()
    );
    let url = format!("{}/{}/oauth2/v2.0/token", server.base_url, directory.home_tenant().tenant_id);
    let target = Target::post(&url, &form);
    let before = server.memory();
    let rate = target.load(10_000);
    println!(
        "tokens over HTTP, the server on one core   {rate:.0} a second, {:.2} of the bare signatures",
        rate / bare
    );
    println!("memory before, after 10,000 tokens         {before:.1} MB, {:.1} MB", server.memory());
    target.load(90_000);
    println!(
        "memory after 100,000 tokens at {CONNECTIONS} at once  {:.1} MB, no request failed",
        server.memory()
    );
}

fn bare_signatures() -> f64 {
    let (key, message) = (SigningKey::published(0), [0_u8; 1000]);
    let (start, mut signed) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_secs(2) {
        assert_eq!(key.sign(&message).len(), 256);
        signed += 1;
    }
    f64::from(signed) / start.elapsed().as_secs_f64()
}

fn cold_start() -> f64 {
    let path =
        format!("/{}/v2.0/.well-known/openid-configuration", Directory::builtin().home_tenant().tenant_id);
    let times = (0..20).map(|_| {
        let start = Instant::now();
        let server = Server::start(&[]);
        let mut connection = Connection::to(server.address());
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assert_eq!(connection.ask(&request).0, 200);
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::MAX, f64::min)
}
