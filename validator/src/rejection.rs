//! Why a token was refused.

use std::{error::Error, fmt};

use crate::step::{Code, Step};

/// Why [`Validator::validate`](crate::Validator::validate) refused a token. The variants are in the order of the
/// [steps](Step); each belongs to one step and has one code.
///
/// `Display` is for the operator's log: it shows expected and actual values, but never the token, its signature or
/// anything about a person. What the client may see is made by [`AuthError`](crate::AuthError).
///
/// ```
/// use entra_validator::{Code, Rejection, Step};
///
/// let rejection = Rejection::Expired { exp: 1_700_000_000, now: 1_700_000_100 };
/// assert_eq!((rejection.step(), rejection.code()), (Step::Expiry, Code::Expired));
/// assert_eq!(rejection.to_string(), "expired at 1700000000, it is 1700000100");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// Not a compact JWS of three canonical base64url parts and at most 16 KiB, unless the API allows more.
    TokenInvalid {
        /// What is wrong.
        reason: &'static str,
    },
    /// The header is not a strict JSON object, or has a member that must be understood and is not.
    HeaderInvalid {
        /// What is wrong.
        reason: String,
    },
    /// Not signed with RS256, the only algorithm that Entra signs with. The token has no say in it.
    AlgorithmNotAllowed {
        /// The header's `alg`.
        alg: String,
    },
    /// A token of another kind.
    TypeNotAllowed {
        /// The header's `typ`, or `cty` for a nested token.
        typ: String,
    },
    /// The header names no key.
    KidMissing,
    /// The header names a key that the identity provider does not publish.
    KeyUnknown {
        /// The header's `kid`.
        kid: String,
    },
    /// The key cannot verify an Entra token: another type or use, a weak size or exponent.
    KeyUnsuitable {
        /// The key's `kid`.
        kid: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The signature was not made with that key over these bytes.
    SignatureUntrusted {
        /// The key's `kid`.
        kid: String,
    },
    /// The claims set is not a strict JSON object, a claim has the wrong type, or claims contradict each other.
    ClaimsInvalid {
        /// What is wrong.
        reason: String,
    },
    /// A claim is missing that every Entra access token carries. An ID token lacks `azp`.
    ClaimMissing {
        /// The claim's name.
        claim: String,
    },
    /// `ver` is not a version that the API accepts.
    VersionNotSupported {
        /// The token's `ver`.
        ver: String,
    },
    /// `tid` is not a tenant that the API serves.
    TenantNotTrusted {
        /// The token's `tid`.
        tid: String,
    },
    /// `iss` is not that tenant's issuer for that version.
    IssuerUntrusted {
        /// The issuer that would have been right, the usual one if there are several; `None` if the metadata names none.
        expected: Option<String>,
        /// The token's `iss`.
        actual: String,
    },
    /// The token was issued by another policy of Azure AD B2C than the authority's.
    PolicyNotTrusted {
        /// The token's `tfp` or `acr`.
        policy: String,
    },
    /// The key may not sign for this issuer: the key set limits it to another issuer or another cloud.
    KeyIssuerUntrusted {
        /// The key's `kid`.
        kid: String,
        /// What the key is limited to.
        limited_to: String,
    },
    /// The token was issued for another API.
    AudienceInvalid {
        /// What would have been right, for a token of that version.
        expected: Vec<String>,
        /// The token's `aud`.
        actual: Vec<String>,
    },
    /// Too late, by more than the leeway.
    Expired {
        /// The token's `exp`, in seconds since 1970.
        exp: i64,
        /// The time of validation, in seconds since 1970.
        now: i64,
    },
    /// Too early, by more than the leeway.
    Immature {
        /// The token's `nbf`, in seconds since 1970.
        nbf: i64,
        /// The time of validation, in seconds since 1970.
        now: i64,
    },
    /// Issued in the future, by more than the leeway.
    IssuedInFuture {
        /// The token's `iat`, in seconds since 1970.
        iat: i64,
        /// The time of validation, in seconds since 1970.
        now: i64,
    },
    /// Neither `scp` nor `roles`, or not the required one of them. Entra issues a token with neither to every client of
    /// the tenant, for every API.
    PermissionsMissing {
        /// What is required.
        required: &'static str,
    },
    /// The client application is not on the allow-list.
    ClientNotTrusted {
        /// The token's `azp` (v2.0) or `appid` (v1.0).
        client: String,
    },
    /// Neither `sub` nor `oid` is on the allow-list.
    SubjectNotTrusted,
    /// The user is a guest, and the API [refuses guests](crate::Validator::refuse_guests).
    GuestNotAllowed,
    /// A [rule of the API's own](crate::Validator::check) does not hold.
    CheckFailed {
        /// The rule's name.
        name: &'static str,
    },
}

impl Rejection {
    /// The step that refused.
    #[must_use]
    pub fn step(&self) -> Step {
        match self {
            Self::TokenInvalid { .. } => Step::CompactForm,
            Self::HeaderInvalid { .. } => Step::Header,
            Self::AlgorithmNotAllowed { .. } => Step::Algorithm,
            Self::TypeNotAllowed { .. } => Step::Type,
            Self::KidMissing | Self::KeyUnknown { .. } => Step::KeyId,
            Self::KeyUnsuitable { .. } => Step::Key,
            Self::SignatureUntrusted { .. } => Step::Signature,
            Self::ClaimsInvalid { .. } | Self::ClaimMissing { .. } => Step::ClaimsSet,
            Self::VersionNotSupported { .. } => Step::Version,
            Self::TenantNotTrusted { .. } => Step::Tenant,
            Self::IssuerUntrusted { .. }
            | Self::PolicyNotTrusted { .. }
            | Self::KeyIssuerUntrusted { .. } => Step::Issuer,
            Self::AudienceInvalid { .. } => Step::Audience,
            Self::Expired { .. } => Step::Expiry,
            Self::Immature { .. } => Step::NotBefore,
            Self::IssuedInFuture { .. } => Step::IssuedAt,
            Self::PermissionsMissing { .. } => Step::Permissions,
            Self::ClientNotTrusted { .. } => Step::Client,
            Self::SubjectNotTrusted | Self::GuestNotAllowed | Self::CheckFailed { .. } => Step::Subject,
        }
    }

    /// The stable code: the `type` of the problem that the client sees, and what tests assert on.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::TokenInvalid { .. } => Code::TokenInvalid,
            Self::HeaderInvalid { .. } => Code::TokenHeaderInvalid,
            Self::AlgorithmNotAllowed { .. } => Code::AlgorithmNotAllowed,
            Self::TypeNotAllowed { .. } => Code::TypeNotAllowed,
            Self::KidMissing => Code::KidMissing,
            Self::KeyUnknown { .. } => Code::KeyUnknown,
            Self::KeyUnsuitable { .. } => Code::KeyUnsuitable,
            Self::SignatureUntrusted { .. } => Code::SignatureUntrusted,
            Self::ClaimsInvalid { .. } => Code::ClaimsInvalid,
            Self::ClaimMissing { .. } => Code::ClaimMissing,
            Self::VersionNotSupported { .. } => Code::VersionNotSupported,
            Self::TenantNotTrusted { .. } => Code::TenantNotTrusted,
            Self::IssuerUntrusted { .. }
            | Self::PolicyNotTrusted { .. }
            | Self::KeyIssuerUntrusted { .. } => Code::IssuerUntrusted,
            Self::AudienceInvalid { .. } => Code::AudienceInvalid,
            Self::Expired { .. } => Code::Expired,
            Self::Immature { .. } => Code::Immature,
            Self::IssuedInFuture { .. } => Code::IssuedInFuture,
            Self::PermissionsMissing { .. } => Code::PermissionsMissing,
            Self::ClientNotTrusted { .. } => Code::ClientNotTrusted,
            Self::SubjectNotTrusted | Self::GuestNotAllowed => Code::SubjectNotTrusted,
            Self::CheckFailed { .. } => Code::CheckFailed,
        }
    }

    /// The HTTP status: 401 for a token that is not good here, 403 for a good one whose bearer may not enter.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.code().status()
    }

    /// The parts of the refusal, for a log.
    #[cfg(all(feature = "tracing", feature = "http"))]
    pub(crate) fn evidence(&self) -> Evidence {
        let text = |value: &str| Some(Quoted(value).to_string());
        let first = |values: &[String]| values.first().and_then(|value| text(value));
        let (kid, expected, actual) = match self {
            Self::AlgorithmNotAllowed { alg } => (None, text("RS256"), text(alg)),
            Self::TypeNotAllowed { typ } => (None, text("JWT"), text(typ)),
            Self::KeyUnknown { kid } | Self::SignatureUntrusted { kid } => (text(kid), None, None),
            Self::KeyUnsuitable { kid, reason } => (text(kid), None, text(reason)),
            Self::ClaimMissing { claim } => (None, text(claim), None),
            Self::VersionNotSupported { ver: actual }
            | Self::TenantNotTrusted { tid: actual }
            | Self::PolicyNotTrusted { policy: actual }
            | Self::ClientNotTrusted { client: actual } => (None, None, text(actual)),
            Self::IssuerUntrusted { expected, actual } => {
                (None, expected.as_deref().and_then(text), text(actual))
            }
            Self::KeyIssuerUntrusted { kid, limited_to } => (text(kid), text(limited_to), None),
            Self::AudienceInvalid { expected, actual } => (None, first(expected), first(actual)),
            Self::Expired { exp, now } => (None, Some(format!("after {now}")), Some(exp.to_string())),
            Self::Immature { nbf: from, now } | Self::IssuedInFuture { iat: from, now } => {
                (None, Some(format!("not after {now}")), Some(from.to_string()))
            }
            Self::PermissionsMissing { required } | Self::CheckFailed { name: required } => {
                (None, text(required), None)
            }
            Self::TokenInvalid { .. }
            | Self::HeaderInvalid { .. }
            | Self::KidMissing
            | Self::ClaimsInvalid { .. }
            | Self::SubjectNotTrusted
            | Self::GuestNotAllowed => (None, None, None),
        };
        Evidence { kid, expected, actual }
    }
}

/// What a log says about a refusal. Text that a stranger chose is escaped and cut.
#[cfg(all(feature = "tracing", feature = "http"))]
#[derive(Default)]
pub(crate) struct Evidence {
    pub(crate) kid: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) actual: Option<String>,
}

impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenInvalid { reason } => write!(out, "not a signed token in compact form: {reason}"),
            Self::HeaderInvalid { reason } => write!(out, "invalid header: {reason}"),
            Self::AlgorithmNotAllowed { alg } => write!(out, "algorithm {} is not RS256", Quoted(alg)),
            Self::TypeNotAllowed { typ } => write!(out, "{} is not an access token's type", Quoted(typ)),
            Self::KidMissing => out.write_str("the header names no key (kid)"),
            Self::KeyUnknown { kid } => write!(out, "key {} is not in the key set", Quoted(kid)),
            Self::KeyUnsuitable { kid, reason } => write!(out, "key {} is unsuitable: {reason}", Quoted(kid)),
            Self::SignatureUntrusted { kid } => write!(out, "the signature is not by key {}", Quoted(kid)),
            Self::ClaimsInvalid { reason } => write!(out, "invalid claims: {reason}"),
            Self::ClaimMissing { claim } => write!(out, "claim `{claim}` is missing"),
            Self::VersionNotSupported { ver } => write!(out, "version {} is not accepted", Quoted(ver)),
            Self::TenantNotTrusted { tid } => write!(out, "tenant {} is not served", Quoted(tid)),
            Self::IssuerUntrusted { expected: Some(expected), actual } => {
                write!(out, "issuer {} is not {}", Quoted(actual), Quoted(expected))
            }
            Self::IssuerUntrusted { expected: None, actual } => {
                write!(out, "issuer {} cannot be checked: the metadata names none", Quoted(actual))
            }
            Self::PolicyNotTrusted { policy } => {
                write!(out, "policy {} is not the authority's", Quoted(policy))
            }
            Self::KeyIssuerUntrusted { kid, limited_to } => {
                write!(out, "key {} may sign for {} only", Quoted(kid), Quoted(limited_to))
            }
            Self::AudienceInvalid { actual, .. } => {
                out.write_str("issued for another audience:")?;
                actual.iter().take(3).try_for_each(|audience| write!(out, " {}", Quoted(audience)))
            }
            Self::Expired { exp, now } => write!(out, "expired at {exp}, it is {now}"),
            Self::Immature { nbf, now } => write!(out, "not valid before {nbf}, it is {now}"),
            Self::IssuedInFuture { iat, now } => write!(out, "issued at {iat}, it is {now}"),
            Self::PermissionsMissing { required } => write!(out, "does not carry {required}"),
            Self::ClientNotTrusted { client } => {
                write!(out, "client {} is not on the allow-list", Quoted(client))
            }
            Self::SubjectNotTrusted => out.write_str("the subject is not on the allow-list"),
            Self::GuestNotAllowed => out.write_str("the user is a guest, and guests are refused"),
            Self::CheckFailed { name } => write!(out, "the API's own check {} failed", Quoted(name)),
        }
    }
}

impl Error for Rejection {}

/// A stranger's text on its way to a log: escaped, and cut where it is longer than any honest value.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST: usize = 200;
        match self.0.char_indices().nth(LONGEST) {
            None => write!(out, "{:?}", self.0),
            Some((end, _)) => write!(out, "{:?}…", &self.0[..end]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::AuthError;

    use super::*;

    /// One of each, with words that the log must hold.
    fn rejections() -> Vec<(Rejection, &'static str)> {
        let text = |text: &str| text.to_owned();
        vec![
            (Rejection::TokenInvalid { reason: "not three parts" }, "not three parts"),
            (Rejection::HeaderInvalid { reason: text("no alg") }, "no alg"),
            (Rejection::AlgorithmNotAllowed { alg: text("none") }, "\"none\" is not RS256"),
            (Rejection::TypeNotAllowed { typ: text("at+jwt") }, "at+jwt"),
            (Rejection::KidMissing, "kid"),
            (Rejection::KeyUnknown { kid: text("k-1") }, "k-1"),
            (Rejection::KeyUnsuitable { kid: text("k-1"), reason: "too small" }, "too small"),
            (Rejection::SignatureUntrusted { kid: text("k-1") }, "k-1"),
            (Rejection::ClaimsInvalid { reason: text("`exp` is not a number") }, "exp"),
            (Rejection::ClaimMissing { claim: text("azp") }, "azp"),
            (Rejection::VersionNotSupported { ver: text("3.0") }, "3.0"),
            (Rejection::TenantNotTrusted { tid: text("t-1") }, "t-1"),
            (
                Rejection::IssuerUntrusted { expected: Some(text("ours")), actual: text("theirs") },
                "\"theirs\" is not \"ours\"",
            ),
            (Rejection::IssuerUntrusted { expected: None, actual: text("theirs") }, "names none"),
            (Rejection::PolicyNotTrusted { policy: text("B2C_1_edit") }, "B2C_1_edit"),
            (Rejection::KeyIssuerUntrusted { kid: text("k-1"), limited_to: text("other") }, "other"),
            (Rejection::AudienceInvalid { expected: vec![text("us")], actual: vec![text("them")] }, "them"),
            (Rejection::Expired { exp: 10, now: 20 }, "expired at 10, it is 20"),
            (Rejection::Immature { nbf: 30, now: 20 }, "not valid before 30, it is 20"),
            (Rejection::IssuedInFuture { iat: 40, now: 20 }, "issued at 40, it is 20"),
            (Rejection::PermissionsMissing { required: "scopes" }, "scopes"),
            (Rejection::ClientNotTrusted { client: text("c-1") }, "c-1"),
            (Rejection::SubjectNotTrusted, "allow-list"),
            (Rejection::GuestNotAllowed, "guest"),
            (Rejection::CheckFailed { name: "two-factors" }, "two-factors"),
        ]
    }

    #[test]
    fn every_rejection_has_words_for_the_log_and_an_error_passes_them_on() {
        for (rejection, words) in rejections() {
            let shown = rejection.to_string();
            assert!(shown.contains(words), "{shown}");
            let error = AuthError::from(rejection);
            assert_eq!(error.to_string(), shown);
            let problem = error.problem(None);
            assert_eq!((problem.code, problem.status), (error.code(), error.status()));
        }
    }

    #[test]
    fn every_code_of_a_step_is_some_rejections_and_every_rejections_code_is_of_its_step() {
        let mut seen = BTreeSet::new();
        for (rejection, _) in rejections() {
            assert_eq!(rejection.code().step(), Some(rejection.step()), "{rejection}");
            assert_eq!(rejection.status(), rejection.step().status(), "{rejection}");
            seen.insert(rejection.code());
        }
        let of_steps: BTreeSet<Code> = Step::ALL.iter().flat_map(|step| step.codes()).copied().collect();
        assert_eq!(seen, of_steps, "add a sample of the new variant to `rejections`");
    }

    #[test]
    fn a_strangers_text_is_escaped_and_cut() {
        let shown = Rejection::KeyUnknown { kid: "a\r\n\u{1b}[31m\u{202e}".into() }.to_string();
        assert!(!shown.contains(['\r', '\n', '\u{1b}', '\u{202e}']), "{shown:?}");
        let shown = Rejection::KeyUnknown { kid: "é".repeat(4000) }.to_string();
        assert!(shown.chars().count() < 250, "{shown}");
    }
}
