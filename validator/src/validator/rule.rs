//! A rule of the API's own.

use std::{fmt, sync::Arc};

use crate::VerifiedToken;

#[derive(Clone)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    pub(super) holds: Arc<dyn Fn(&VerifiedToken) -> bool + Send + Sync>,
}

impl fmt::Debug for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)
    }
}
