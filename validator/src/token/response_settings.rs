//! What the responses to a caller carry, beside what is wrong.

use std::sync::Arc;

/// The settings of the server that accepted a token. They travel with the token, so that a handler which refuses it with
/// `?` responds as the server would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ResponseSettings {
    /// Where people can ask for help.
    pub(crate) contact: Option<Arc<str>>,
    /// The URL of the resource's metadata.
    pub(crate) resource_metadata: Option<Arc<str>>,
}
