//! The program where nobody reads what it writes, and where nothing can be written.

use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use crate::process::{Folder, Served, program, run, text};

const DEADLINE: Duration = Duration::from_secs(60);

/// The statuses of this many requests for a document, on one connection.
fn ask(base_url: &str, requests: usize) -> Vec<u16> {
    let address = base_url.strip_prefix("http://").unwrap();
    let mut connection = BufReader::new(TcpStream::connect(address).unwrap());
    connection.get_ref().set_read_timeout(Some(DEADLINE)).unwrap();
    let mut status = || {
        let request = format!(
            "GET /contoso.example/v2.0/.well-known/openid-configuration HTTP/1.1\r\nhost: {address}\r\n\r\n"
        );
        connection.get_mut().write_all(request.as_bytes()).ok()?;
        let (mut line, mut status, mut length) = (String::new(), None, 0);
        while line != "\r\n" {
            line.clear();
            connection.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let header = line.to_ascii_lowercase();
            status = status.or_else(|| header.strip_prefix("http/1.1 ")?.get(..3)?.parse().ok());
            length =
                header.strip_prefix("content-length:").map_or(length, |text| text.trim().parse().unwrap());
        }
        connection.read_exact(&mut vec![0; length]).ok()?;
        status
    };
    (0..requests).map_while(|_| status()).collect()
}

/// Sends SIGTERM, waits for the end, and returns the status: none if it had to be killed.
fn terminated(child: &mut Child) -> Option<i32> {
    let id = child.id().to_string();
    assert!(Command::new("kill").arg(&id).status().unwrap().success());
    let (ended, end) = mpsc::channel::<()>();
    thread::spawn(move || {
        if end.recv_timeout(DEADLINE) == Err(RecvTimeoutError::Timeout) {
            _ = Command::new("kill").args(["-9", &id]).status();
        }
    });
    let status = child.wait().unwrap();
    drop(ended);
    status.code()
}

/// Started with this standard error, it answers every request and ends at SIGTERM.
#[track_caller]
fn serves_and_ends(log: impl Into<Stdio>, requests: usize) {
    let mut served = Served::spawn(&["--listen", "127.0.0.1:0"], log);
    let unread = served.child.stderr.take();
    assert_eq!(ask(&served.base_url, requests), vec![200; requests]);
    assert_eq!(terminated(&mut served.child), Some(0));
    drop(unread);
}

#[cfg(unix)]
fn full_disk() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

#[test]
fn a_log_that_nobody_reads_stops_no_request_and_not_the_end() {
    // A pipe holds 64 KiB, about 400 of these lines; the queue a thousand more.
    serves_and_ends(Stdio::piped(), 3_000);
}

#[cfg(unix)]
#[test]
fn a_log_that_cannot_be_written_fails_no_request_and_not_the_end() {
    serves_and_ends(full_disk(), 20);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    serves_and_ends(writer, 20);
}

#[test]
fn a_reader_that_comes_back_learns_how_many_lines_were_dropped() {
    let mut served = Served::with_log(&["--listen", "127.0.0.1:0"]);
    assert_eq!(ask(&served.base_url, 3_000).len(), 3_000);
    let log = BufReader::new(served.child.stderr.take().unwrap());
    let said = log.lines().map_while(Result::ok).find(|line| line.contains("dropped")).unwrap();
    let count = said.split(' ').find_map(|word| word.parse::<u32>().ok());
    assert!(count.is_some_and(|count| (500..3_000).contains(&count)), "{said}");
}

#[test]
fn the_last_lines_are_written_before_the_end() {
    let mut served = Served::with_log(&["--listen", "127.0.0.1:0"]);
    let mut log = served.child.stderr.take().unwrap();
    assert_eq!(ask(&served.base_url, 50).len(), 50);
    assert_eq!(terminated(&mut served.child), Some(0));
    let mut lines = String::new();
    log.read_to_string(&mut lines).unwrap();
    assert_eq!(lines.matches("request").count(), 50, "{lines}");
}

#[test]
fn a_text_that_nobody_reads_keeps_it_neither_from_serving_nor_from_its_end() {
    let folder = Folder::new("unread");
    let (config, ready) = (folder.0.join("directory.toml"), folder.0.join("ready"));
    let mut directory = text(&run(&["config"]).stdout);
    for n in 0..2_000 {
        _ = writeln!(
            directory,
            "[[users]]\nname = \"u{n}\"\ntenant = \"contoso\"\nupn = \"u{n}@contoso.example\"\n\
             oid = \"cccccccc-0000-4000-9000-{n:012}\"\npassword = \"password-for-tests-only\""
        );
    }
    fs::write(&config, directory).unwrap();
    let (config, ready_file) = (config.to_str().unwrap(), ready.to_str().unwrap());
    let mut served =
        Served::start(&["--listen", "127.0.0.1:0", "--config", config, "--ready-file", ready_file]);
    assert_eq!(ask(&served.base_url, 1), [200]);
    assert_eq!(terminated(&mut served.child), Some(0));
    assert!(ready.exists());
}

#[cfg(unix)]
#[test]
fn a_full_disk_gives_a_status_and_no_panic() {
    let output = |arguments: &[&str], out: Stdio, error: Stdio| {
        program(arguments).stdout(out).stderr(error).spawn().unwrap().wait_with_output().unwrap()
    };
    for arguments in [&["--bogus"][..], &["--listen", "nowhere"], &["--config", "/does/not/exist.toml"]] {
        assert_eq!(output(arguments, Stdio::null(), full_disk().into()).status.code(), Some(2));
    }
    for arguments in [&["token"][..], &["config"], &["schema"], &["completions", "bash"], &["--help"]] {
        let ended = output(arguments, full_disk().into(), Stdio::piped());
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}");
        assert!(text(&ended.stderr).contains("cannot write to standard output"), "{arguments:?}");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(output(arguments, writer.into(), Stdio::piped()).status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn it_ends_when_its_standard_input_closes_and_not_before() {
    let start = |arguments: &[&str], input: Stdio| {
        Served::of(program(arguments).args(["--listen", "127.0.0.1:0"]).stdin(input).stderr(Stdio::null()))
    };
    let mut served = start(&["--exit-on-stdin-close"], Stdio::piped());
    served.child.stdin.as_mut().unwrap().write_all(b"whatever arrives there\n").unwrap();
    assert_eq!(ask(&served.base_url, 1), [200]);
    drop(served.child.stdin.take());
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
    assert!(TcpStream::connect(served.base_url.strip_prefix("http://").unwrap()).is_err());

    let without = start(&[], Stdio::null());
    assert_eq!(ask(&without.base_url, 1), [200]);
}

#[cfg(unix)]
#[test]
fn the_ready_file_is_there_whole_or_not_at_all() {
    use std::os::unix::fs::MetadataExt as _;
    let folder = Folder::new("whole");
    let ready = folder.0.join("ready");
    fs::write(&ready, "of an earlier run").unwrap();
    let before = fs::metadata(&ready).unwrap().ino();
    let served = Served::start(&["--listen", "127.0.0.1:0", "--ready-file", ready.to_str().unwrap()]);
    served.terminate();
    assert_ne!(fs::metadata(&ready).unwrap().ino(), before, "it was replaced, not overwritten");
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "nothing else is left");
}
