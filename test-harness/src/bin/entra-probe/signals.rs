//! The signals that end a run before its end.

use std::io;

use tokio::signal;

/// Waits for the first of them, and names it. They are caught from this call on, not only while somebody waits.
#[cfg(unix)]
pub(crate) fn first() -> io::Result<impl Future<Output = &'static str>> {
    use signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hangup = (!is_hangup_ignored()).then(|| signal(SignalKind::hangup())).transpose()?;
    Ok(async move {
        let hung_up = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => "SIGINT",
            _ = terminate.recv() => "SIGTERM",
            _ = hung_up => "SIGHUP",
        }
    })
}

/// Whether the program was started by `nohup`, which means that it goes on. Only Linux says so.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // proc_pid_status(5): a mask whose lowest bit is signal 1, SIGHUP.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Waits for the first of them, and names it. They are caught from this call on, not only while somebody waits.
#[cfg(windows)]
pub(crate) fn first() -> io::Result<impl Future<Output = &'static str>> {
    use signal::windows::{ctrl_break, ctrl_c, ctrl_close};
    let (mut interrupt, mut end, mut close) = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => "Ctrl-C",
            _ = end.recv() => "Ctrl-Break",
            _ = close.recv() => "the end of its console",
        }
    })
}
