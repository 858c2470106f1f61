//! The program under load, as ratios in one run: tokens over HTTP against the bare signature, cold start, memory.
//!
//! `cargo bench -p entra-mock-idp --bench load`; with `LOAD_URL` and `LOAD_FORM` (a token endpoint and a request's body), the
//! same load on another server instead.

use std::{
    env,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

use entra_mock_idp::{Directory, SigningKey};

const CONNECTIONS: u32 = 64;

fn main() {
    match (env::var("LOAD_URL"), env::var("LOAD_FORM")) {
        (Ok(url), Ok(form)) => {
            let target = Target::of(&url, &form);
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

    let server = Server::start();
    let directory = Directory::builtin();
    let daemon = directory.app("orders-daemon").unwrap();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=api%3A%2F%2Forders%2F.default",
        daemon.client_id,
        daemon.client_secret.as_deref().unwrap()
    );
    let url = format!("{}/{}/oauth2/v2.0/token", server.base_url, directory.home_tenant().tenant_id);
    let target = Target::of(&url, &form);
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
        let server = Server::start();
        let mut connection = Connection::to(server.address());
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
        assert_eq!(connection.ask(&request), 200);
        start.elapsed().as_secs_f64()
    });
    times.fold(f64::MAX, f64::min)
}

/// The release program, pinned to the first core where the machine allows it.
struct Server {
    child: Child,
    base_url: String,
}

impl Server {
    fn start() -> Self {
        let program = env!("CARGO_BIN_EXE_mock-idp");
        let pinned = Command::new("taskset").arg("-V").output().is_ok();
        let mut command = if pinned { Command::new("taskset") } else { Command::new(program) };
        if pinned {
            command.args(["-c", "0", program]);
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let base_url = first.trim().strip_prefix("mock-idp listening on ").expect("it says where").to_owned();
        Self { child, base_url }
    }

    fn address(&self) -> &str {
        self.base_url.strip_prefix("http://").unwrap()
    }

    /// Resident, in MB; 0 where the system does not report it.
    fn memory(&self) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        kilobytes.unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

struct Target {
    address: String,
    request: String,
}

impl Target {
    fn of(url: &str, form: &str) -> Self {
        let rest = url.strip_prefix("http://").expect("plain HTTP");
        let (address, path) = rest.split_once('/').expect("an address with a path");
        let request = format!(
            "POST /{path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/x-www-form-urlencoded\r\n\
             content-length: {}\r\n\r\n{form}",
            form.len()
        );
        Self { address: address.to_owned(), request }
    }

    /// Sends this many requests over all connections, and returns the responses per second. A failure ends the run.
    fn load(&self, requests: u32) -> f64 {
        let (left, start) = (AtomicU32::new(requests), Instant::now());
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let mut connection = Connection::to(&self.address);
                    while left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                        .is_ok()
                    {
                        assert_eq!(connection.ask(&self.request), 200);
                    }
                });
            }
        });
        f64::from(requests) / start.elapsed().as_secs_f64()
    }
}

/// One connection that is kept.
struct Connection(BufReader<TcpStream>);

impl Connection {
    fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends a request, reads the whole response, and returns its status.
    fn ask(&mut self, request: &str) -> u16 {
        self.0.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut line, mut status, mut length, mut chunked) = (String::new(), 0, 0, false);
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            let header = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = header.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().unwrap();
            } else if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            } else if header == "transfer-encoding: chunked" {
                chunked = true;
            } else if header.is_empty() {
                break;
            }
        }
        if !chunked {
            let mut body = vec![0; length];
            self.0.read_exact(&mut body).unwrap();
            return status;
        }
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            let size = usize::from_str_radix(line.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            self.0.read_exact(&mut chunk).unwrap();
            if size == 0 {
                return status;
            }
        }
    }
}
