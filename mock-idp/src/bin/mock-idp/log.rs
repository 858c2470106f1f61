//! The log on standard error, which may have no reader: it never holds up a request, nor the end of the program.

use std::{
    fs::File,
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use tracing_subscriber::{EnvFilter, filter::LevelFilter, fmt::MakeWriter};

use crate::cli::LogFormat;

/// How many lines wait for a slow reader. Lines beyond that are dropped.
const MOST_WAITING: usize = 1_000;
/// How long the end waits for lines that still wait: a healthy reader takes microseconds, and one that is gone never reads.
const PATIENCE: Duration = Duration::from_millis(100);

/// Starts the log. `RUST_LOG` sets the level: `warn`, or `debug`. Lines that nobody read are dropped, and the next line that
/// is read says how many.
///
/// # Errors
///
/// If standard error is closed, or no thread can be started.
pub(crate) fn start(format: LogFormat) -> io::Result<Log> {
    let ansi = io::IsTerminal::is_terminal(&io::stderr());
    let log = Log::to(standard_error()?)?;
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).from_env_lossy();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_ansi(ansi)
        // It reports what it cannot write on standard error, and panics if it cannot do that either.
        .log_internal_errors(false)
        .with_env_filter(filter);
    match format {
        LogFormat::Text => subscriber.init(),
        LogFormat::Json => subscriber.json().init(),
    }
    Ok(log)
}

/// Not [`io::stderr`], whose lock a write that nobody reads would hold for ever.
fn standard_error() -> io::Result<File> {
    #[cfg(unix)]
    let own = std::os::fd::AsFd::as_fd(&io::stderr()).try_clone_to_owned()?;
    #[cfg(windows)]
    let own = std::os::windows::io::AsHandle::as_handle(&io::stderr()).try_clone_to_owned()?;
    Ok(File::from(own))
}

enum Message {
    Line(Vec<u8>),
    /// Everything before was written.
    Flush(SyncSender<()>),
}

/// Lines on their way to a writer on a thread of its own.
#[derive(Clone)]
pub(crate) struct Log {
    queue: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl Log {
    fn to(writer: impl Write + Send + 'static) -> io::Result<Self> {
        let (queue, lines) = sync_channel(MOST_WAITING);
        let log = Self { queue, dropped: Arc::default() };
        let dropped = Arc::clone(&log.dropped);
        thread::Builder::new().name("log".to_owned()).spawn(move || write(writer, &lines, &dropped))?;
        Ok(log)
    }

    /// Waits for the lines so far, if somebody reads them.
    pub(crate) fn flush(&self) {
        let (done, finished) = sync_channel(1);
        if self.queue.try_send(Message::Flush(done)).is_ok() {
            _ = finished.recv_timeout(PATIENCE);
        }
    }
}

fn write(mut writer: impl Write, lines: &Receiver<Message>, dropped: &AtomicU64) {
    let mut read = false;
    loop {
        // Once a reader has caught up there is room for one more line.
        let lost = || if read { dropped.swap(0, Ordering::Relaxed) } else { 0 };
        let message = lines.try_recv().or_else(|_| {
            match lost() {
                0 => {}
                lost => tracing::warn!("{lost} lines of this log were dropped: nobody read them in time"),
            }
            lines.recv()
        });
        match message {
            Ok(Message::Flush(done)) => _ = done.try_send(()),
            Ok(Message::Line(line)) => {
                read = writer.write_all(&line).is_ok();
                if !read {
                    dropped.fetch_add(1, Ordering::Relaxed);
                }
            }
            Err(_) => return,
        }
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// One call, one line: that is how `tracing-subscriber` writes.
impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.queue.try_send(Message::Line(line.to_vec())).is_err() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
