//! The API that tests start as a process of its own: this program again, with a leash by which the test sees it.

use std::{
    env,
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Mutex,
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

/// How long a test waits for an event. Only a test that fails waits that long.
const DEADLINE: Duration = Duration::from_secs(60);

/// Accepts every request. Each instance holds a connection to the leash and writes a byte for each request.
#[test]
#[ignore = "not a test but the API that tests start"]
fn api() {
    let Ok(leash) = env::var("LEASH") else { return };
    let leash = TcpStream::connect(leash).unwrap();
    let port = env::var("PORT").unwrap().parse().unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let requests = Mutex::new(leash.try_clone().unwrap());
    let accept = move |_: &Request| {
        requests.lock().unwrap().write_all(b".").unwrap();
        ResponseTemplate::new(200)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let _server = runtime.block_on(async {
        let server = MockServer::builder().listener(listener).start().await;
        Mock::given(any()).respond_with(accept).mount(&server).await;
        server
    });
    // Nothing outlives the test, whatever the probe does.
    wait_for_the_end(leash);
}

fn wait_for_the_end(mut stream: TcpStream) {
    // A reset is an end, too.
    _ = stream.read(&mut [0]);
}

/// The test's end of the connections.
pub(crate) struct Leash {
    address: String,
    streams: Receiver<TcpStream>,
}

impl Leash {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, streams) = mpsc::channel();
        thread::spawn(move || listener.incoming().flatten().try_for_each(|stream| sender.send(stream)));
        Self { address, streams }
    }

    /// What [`api`] and the shells around it find in their environment.
    pub(crate) fn environment(&self) -> [(&str, String); 3] {
        let program = env::current_exe().unwrap().display().to_string();
        let port = self.address.rsplit(':').next().unwrap().to_owned();
        [("LEASH", self.address.clone()), ("LEASH_PORT", port), ("API", program)]
    }

    /// The connection of the process that was started next.
    pub(crate) fn next(&self) -> Held {
        let stream = self.streams.recv_timeout(DEADLINE).expect("no process was started in time");
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Held(stream)
    }
}

/// A connection that a process holds, and all that inherited it.
pub(crate) struct Held(TcpStream);

impl Held {
    pub(crate) fn answered(&mut self, requests: usize) {
        self.0.read_exact(&mut vec![0; requests]).expect("fewer requests arrived in time than expected");
    }

    /// Waits until the last of them ended.
    pub(crate) fn ended(mut self) {
        match self.0.read_to_end(&mut Vec::new()) {
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => panic!("a process is left"),
            // A process that is killed resets what it did not read.
            _ => {}
        }
    }
}

/// The command in a shell: a connection that all that it starts inherits, then the script, in which `"$@"` is the API.
pub(crate) fn shell(script: &str) -> Vec<String> {
    let script = format!("exec 3<>/dev/tcp/127.0.0.1/$LEASH_PORT; {script}");
    let words = ["bash", "-c", &script, "bash", "sh", "-c"];
    let api = "exec \"$API\" api::api --exact --ignored --nocapture";
    words.into_iter().chain([api]).map(str::to_owned).collect()
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
