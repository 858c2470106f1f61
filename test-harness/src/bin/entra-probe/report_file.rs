//! A file for a report: opened before the run, so that a path that cannot be written costs no run.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Dropped without a report it is removed again: an empty one would be a broken report.
pub(crate) struct ReportFile {
    path: PathBuf,
    file: File,
    is_new: bool,
}

impl ReportFile {
    /// What an earlier run wrote there stays until there is something to replace it with.
    pub(crate) fn open(path: &Path) -> Result<Self, String> {
        let is_new = !path.exists();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| cannot_write(path, &error))?;
        Ok(Self { path: path.to_owned(), file, is_new })
    }

    pub(crate) fn write(mut self, text: &str) -> Result<(), String> {
        self.replace(text).map_err(|error| cannot_write(&self.path, &error))?;
        self.is_new = false;
        Ok(())
    }

    fn replace(&mut self, text: &str) -> io::Result<()> {
        // Pipes and terminals have no length.
        if self.file.metadata()?.is_file() {
            self.file.set_len(0)?;
        }
        self.file.write_all(text.as_bytes())
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("cannot write the report {}: {error}", path.display())
}

impl Drop for ReportFile {
    fn drop(&mut self) {
        if self.is_new {
            // There is nothing left to do if that fails.
            _ = fs::remove_file(&self.path);
        }
    }
}
