//! The claims of an access token, typed.

mod read;

use std::fmt;

pub(crate) use read::Expected;

/// The version of a token, decided by the API's registration (`requestedAccessTokenVersion`), not by the endpoint that
/// the client asked ([Entra: token formats](https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats)).
///
/// Exhaustive on purpose: Entra has had two versions for a decade, and a third would change the validation.
///
/// ```
/// # use entra_validator::TokenVersion;
/// assert_eq!(TokenVersion::V2.as_str(), "2.0");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenVersion {
    /// `ver` is `1.0`: issuer `https://sts.windows.net/{tid}/`, client in `appid`.
    V1,
    /// `ver` is `2.0`: issuer `https://login.microsoftonline.com/{tid}/v2.0`, client in `azp`.
    V2,
}

impl TokenVersion {
    /// The value of the `ver` claim.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "1.0",
            Self::V2 => "2.0",
        }
    }
}

/// Whose tokens an authority issues: which claims must be there, and where the client is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Microsoft Entra ID, External ID included.
    Entra,
    /// Azure AD B2C: one form of its own, which says `ver` 1.0.
    B2c,
    /// Entra's if there is a `ver`, else any other provider's.
    Any,
}

/// The claims that decisions are made on. Any other is read by
/// [`VerifiedToken::claim`](crate::VerifiedToken::claim).
///
/// Names and meanings are Entra's ([access token claims
/// reference](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)).
///
/// `Debug` shows nothing about the person.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claims {
    /// Who issued the token.
    pub iss: String,
    /// Who it speaks for: pairwise, a different value in each API.
    pub sub: String,
    /// The API it was issued for. Entra sends one; the standard allows several.
    pub aud: Vec<String>,
    /// When it ends, in seconds since 1970.
    pub exp: i64,
    /// From when it is valid, in seconds since 1970. Entra and B2C always say so.
    pub nbf: Option<i64>,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// `2.0` or `1.0`; empty in the token of another provider, which has none.
    pub ver: String,
    /// The tenant, a GUID. Only tokens of B2C and of an [`Authority`](crate::Authority) made from a discovery URL do without.
    pub tid: Option<String>,
    /// The user's or service principal's object id, the same in all APIs of the tenant.
    pub oid: Option<String>,
    /// The client application that the token was issued to: `azp` (v2.0) or `appid` (v1.0); empty if
    /// another provider's token names none.
    pub client: String,
    /// The delegated permissions in `scp`, split at spaces. Empty in app-only tokens.
    pub scopes: Vec<String>,
    /// The app roles in `roles`: the client's in an app-only token, the user's in a delegated one.
    pub roles: Vec<String>,
    /// `scps`, a list that Entra never sends and flask-entra-auth reads.
    pub(crate) scps: Vec<String>,
    /// The policy of B2C that it was issued by.
    pub(crate) policy: Option<String>,
    bearer: Bearer,
    guest: bool,
}

/// Who a token speaks for: `idtyp` where it is sent, else what `scp` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bearer {
    User,
    App,
    /// A device, or whatever `idtyp` may say one day.
    Other,
}

impl Claims {
    pub(crate) fn is_app_only(&self) -> bool {
        self.bearer == Bearer::App
    }

    /// Whether a user has delegated a scope.
    pub(crate) fn is_delegated(&self) -> bool {
        self.bearer == Bearer::User && !self.scopes.is_empty()
    }

    pub(crate) fn is_guest(&self) -> bool {
        self.guest
    }
}

impl fmt::Debug for Claims {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Claims")
            .field("iss", &self.iss)
            .field("aud", &self.aud)
            .field("exp", &self.exp)
            .field("nbf", &self.nbf)
            .field("iat", &self.iat)
            .field("ver", &self.ver)
            .field("tid", &self.tid)
            .field("client", &self.client)
            .field("scopes", &self.scopes)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}
