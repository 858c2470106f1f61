//! Why a mock does not start.

use std::{error::Error, fmt, io, net::SocketAddr};

use crate::directory::ConfigError;

/// Why a mock does not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The address cannot be listened on.
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The certificate cannot be read or made.
    Tls(io::Error),
    /// The directory is invalid.
    Directory(ConfigError),
    /// The user to sign in is not in the directory.
    UnknownUser(String),
    /// The control token cannot travel as a bearer token.
    ControlToken(String),
    /// The system gives no thread.
    Thread(io::Error),
}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listen { address, source } => write!(out, "cannot listen on {address}: {source}"),
            Self::Tls(error) | Self::Thread(error) => error.fmt(out),
            Self::Directory(error) => write!(out, "the directory is invalid: {error}"),
            Self::UnknownUser(user) => write!(out, "the user to sign in, {user:?}, is not in the directory"),
            Self::ControlToken(reason) => out.write_str(reason),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Listen { source: error, .. } | Self::Tls(error) | Self::Thread(error) => Some(error),
            Self::Directory(error) => Some(error),
            Self::UnknownUser(_) | Self::ControlToken(_) => None,
        }
    }
}
