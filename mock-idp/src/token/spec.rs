//! What a token is to say.

use super::kind::{TokenKind, TokenVersion};

/// What a token is to say; what is left out has a default that fits the rest. Opaque claims are derived from its
/// `Debug` form: another name or order of the fields changes them in every exported token.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spec {
    pub(crate) kind: TokenKind,
    pub(crate) tenant: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) version: Option<TokenVersion>,
    pub(crate) expires_in: Option<i64>,
    pub(crate) issued_at: Option<i64>,
    pub(crate) nonce: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) by_assertion: bool,
    /// Differs between tokens that are requested alike in the same second.
    #[expect(dead_code, reason = "a part of the Debug form, which opaque claims are derived from")]
    pub(crate) sequence: u64,
}
