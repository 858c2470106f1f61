//! The release program, and load on it.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Instant,
};

pub(crate) const CONNECTIONS: u32 = 64;

/// The release program, pinned to the first core where the machine allows it.
pub(crate) struct Server {
    child: Child,
    pub(crate) base_url: String,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let program = env!("CARGO_BIN_EXE_mock-idp");
        let pinned = Command::new("taskset").arg("-V").output().is_ok();
        let mut command = if pinned { Command::new("taskset") } else { Command::new(program) };
        if pinned {
            command.args(["-c", "0", program]);
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .env("RUST_LOG", "off")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let base_url = first.trim().strip_prefix("mock-idp listening on ").expect("it says where").to_owned();
        Self { child, base_url }
    }

    pub(crate) fn address(&self) -> &str {
        self.base_url.strip_prefix("http://").unwrap()
    }

    /// Resident, in MB; 0 where the system does not report it.
    pub(crate) fn memory(&self) -> f64 {
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

/// A request, and the status that it should be answered with.
pub(crate) struct Target {
    address: String,
    request: String,
    expected: u16,
}

impl Target {
    pub(crate) fn post(url: &str, form: &str) -> Self {
        let head = format!(
            "content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        Self::of("POST", url, &head, 200)
    }

    pub(crate) fn redirect(url: &str) -> Self {
        Self::of("GET", url, "\r\n", 302)
    }

    fn of(method: &str, url: &str, rest: &str, expected: u16) -> Self {
        let address_and_path = url.strip_prefix("http://").expect("plain HTTP");
        let (address, path) = address_and_path.split_once('/').expect("an address with a path");
        let request = format!("{method} /{path} HTTP/1.1\r\nhost: {address}\r\n{rest}");
        Self { address: address.to_owned(), request, expected }
    }

    /// Sends this many requests over all connections, and returns the responses per second. A failure ends the run.
    pub(crate) fn load(&self, requests: u32) -> f64 {
        let (left, start) = (AtomicU32::new(requests), Instant::now());
        thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    let mut connection = Connection::to(&self.address);
                    while left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                        .is_ok()
                    {
                        assert_eq!(connection.ask(&self.request).0, self.expected);
                    }
                });
            }
        });
        f64::from(requests) / start.elapsed().as_secs_f64()
    }
}

/// One connection that is kept.
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends a request, reads the whole response, and returns its status and, unless it is chunked, its body.
    pub(crate) fn ask(&mut self, request: &str) -> (u16, Vec<u8>) {
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
            return (status, body);
        }
        loop {
            line.clear();
            self.0.read_line(&mut line).unwrap();
            let size = usize::from_str_radix(line.trim(), 16).unwrap();
            let mut chunk = vec![0; size + 2];
            self.0.read_exact(&mut chunk).unwrap();
            if size == 0 {
                return (status, Vec::new());
            }
        }
    }
}
