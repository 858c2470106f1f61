//! Config files: TOML or JSON, with errors that name the line.

use std::{error::Error, fmt, path::Path};

use super::{
    Directory,
    check::{self, Problem},
};

/// The text of the built-in directory, printed by `mock-idp config`.
pub const BUILTIN_TOML: &str = include_str!("builtin.toml");

impl Directory {
    /// The built-in directory: tenants `contoso` and `fabrikam`, an API with three clients, four users.
    ///
    /// # Panics
    ///
    /// Never: the crate's tests read the same text.
    #[must_use]
    pub fn builtin() -> Self {
        Self::from_toml(BUILTIN_TOML).expect("the built-in directory is valid")
    }

    /// Reads a directory from TOML.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the line and the key, and what is expected there.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        let directory: Self = toml::from_str(text).map_err(|error| ConfigError::in_toml(text, &error))?;
        checked(directory, text)
    }

    /// Reads a directory from JSON.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml).
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let directory: Self = serde_json::from_str(text).map_err(|error| ConfigError::in_json(&error))?;
        checked(directory, text)
    }

    /// Reads a directory from a file: JSON if its name ends so, else TOML.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml), and if the file cannot be read.
    pub fn from_file(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError { line: None, message: format!("cannot be read: {error}") })?;
        let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if json { Self::from_json(&text) } else { Self::from_toml(&text) }
    }

    /// Whether a directory that was built in Rust is one that a file could hold: ids are GUIDs and unique, and what is named
    /// exists. A mock starts with no other.
    ///
    /// ```
    /// use entra_mock_idp::Directory;
    ///
    /// let mut directory = Directory::builtin();
    /// directory.check()?;
    /// directory.apps[1].client_id = directory.apps[0].client_id.clone();
    /// assert!(directory.check().unwrap_err().to_string().contains("used twice"));
    /// # Ok::<_, entra_mock_idp::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the value, and what is expected in its place.
    pub fn check(&self) -> Result<(), ConfigError> {
        check::check(self).map_err(|problem| ConfigError { line: None, message: problem.message })
    }

    /// The JSON Schema of a config file
    /// ([draft 2020-12](https://json-schema.org/draft/2020-12)), for editors that complete and check it.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

fn checked(directory: Directory, text: &str) -> Result<Directory, ConfigError> {
    match check::check(&directory) {
        Ok(()) => Ok(directory),
        Err(problem) => Err(ConfigError::in_text(text, problem)),
    }
}

/// A config file that cannot be used: one line that says where, and what is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    line: Option<usize>,
    message: String,
}

impl ConfigError {
    fn in_toml(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| line_of(text, span.start));
        let key =
            error.span().and_then(|span| text.get(span)).map(str::trim).filter(|key| !key.contains('\n'));
        let message = error.message().replace('\n', " ");
        let message = match key.filter(|key| !key.is_empty() && !message.contains(*key)) {
            Some(key) => format!("{message} at `{key}`"),
            None => message,
        };
        Self { line, message }
    }

    /// The parsed values have lost their places: the first line that holds the text is where to look.
    fn in_text(text: &str, Problem { value, message }: Problem) -> Self {
        let line = text.find(&format!("\"{value}\"")).map(|offset| line_of(text, offset));
        Self { line, message }
    }

    /// The message ends with the place, which [`Display`](fmt::Display) puts in front.
    fn in_json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let message =
            message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message).to_owned();
        Self { line: Some(error.line()), message }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "line {line}: {}", self.message),
            None => out.write_str(&self.message),
        }
    }
}

impl Error for ConfigError {}
