//! What the API printed last, for the message when it is gone.

use std::{
    collections::VecDeque,
    io::{self, BufRead, BufReader, Read},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Duration,
};

use super::printable::printable;

/// How many lines are shown.
const LINES_KEPT: usize = 12;
/// How many bytes of a line are read. The rest of a longer one is dropped, so that no output fills the memory.
const LONGEST_LINE: u64 = 8 * 1024;
/// How many characters of a line are shown.
const LONGEST_SHOWN: usize = 1_000;
/// How long the last lines of a process that ended may be on their way.
const ON_ITS_WAY: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub(super) struct Printed {
    lines: Arc<Mutex<VecDeque<String>>>,
    /// Disconnected once every stream is read to its end.
    end: Mutex<Receiver<()>>,
}

impl Printed {
    /// Reads all streams to their ends, so that a full pipe never stops the API.
    pub(super) fn keep(streams: impl IntoIterator<Item = Box<dyn Read + Send>>) -> Self {
        let lines = Arc::<Mutex<VecDeque<String>>>::default();
        let (reading, end) = mpsc::channel();
        for stream in streams {
            let (lines, reading) = (Arc::clone(&lines), Sender::clone(&reading));
            thread::spawn(move || {
                // A stream that cannot be read any more has ended.
                _ = each_line(BufReader::new(stream), |line| push(&lines, line));
                drop(reading);
            });
        }
        Self { lines, end: Mutex::new(end) }
    }

    /// The last lines, as a sentence.
    pub(super) fn last_words(&self) -> String {
        _ = self.end.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(ON_ITS_WAY);
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            return "it printed nothing".to_owned();
        }
        lines.iter().fold("it printed last:".to_owned(), |text, line| text + "\n  " + line)
    }
}

fn push(lines: &Mutex<VecDeque<String>>, line: &[u8]) {
    let line = printable(String::from_utf8_lossy(line).trim_end(), LONGEST_SHOWN);
    let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
    lines.push_back(line);
    if lines.len() > LINES_KEPT {
        lines.pop_front();
    }
}

fn each_line(mut stream: impl BufRead, mut keep: impl FnMut(&[u8])) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        stream.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        keep(&line);
        if !line.ends_with(b"\n") {
            stream.skip_until(b'\n')?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: impl Read) -> Vec<Vec<u8>> {
        let mut lines = Vec::new();
        each_line(BufReader::new(text), |line| lines.push(line.to_vec())).unwrap();
        lines
    }

    #[test]
    fn of_a_line_without_an_end_the_first_8_kib_are_kept() {
        let endless = io::repeat(0).take(64 << 20).chain(&b"\nnext\nlast"[..]);
        let lines = lines(endless);
        assert_eq!(lines.iter().map(Vec::len).collect::<Vec<_>>(), [8 * 1024, 5, 4]);
    }

    #[test]
    fn the_last_12_lines_of_all_streams_are_shown_escaped() {
        let text: String =
            (0..20).fold(String::new(), |text, number| text + &format!("\u{1b}[31mline {number}\r\n"));
        let printed = Printed::keep([Box::new(io::Cursor::new(text)) as Box<dyn Read + Send>]);
        let words = printed.last_words();
        assert_eq!(words.lines().count(), 13, "{words}");
        assert!(words.starts_with("it printed last:\n  \\u{1b}[31mline 8\n"), "{words}");
        assert_eq!(Printed::keep([]).last_words(), "it printed nothing");
    }
}
