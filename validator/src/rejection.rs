//! Why a token was refused: one variant a step.

use std::{error::Error, fmt};

/// Why [`Validator::validate`](crate::Validator::validate) refused a token. The variants stand in the order of the
/// steps; each has one [`code`](Rejection::code).
///
/// `Display` is for the operator's log: it tells expected and actual values, but never the token, its signature or
/// what it says of a person. What the client may see is made by [`Refusal`](crate::Refusal).
///
/// ```
/// use entra_validator::Rejection;
///
/// let rejection = Rejection::Expired { exp: 1_700_000_000, now: 1_700_000_100 };
/// assert_eq!(rejection.code(), "auth_token_expired");
/// assert_eq!(rejection.step(), 13);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// Step 1: not a compact JWS of three canonical base64url parts and at most 16 KiB
    /// ([RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)).
    TokenInvalid {
        /// What is wrong.
        reason: &'static str,
    },
    /// Step 2: the header is not a strict JSON object, or has a member that must be understood and is not
    /// ([RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11)).
    HeaderInvalid {
        /// What is wrong.
        reason: String,
    },
    /// Step 3: not signed with RS256, the only algorithm Entra signs with; the token has no say in it
    /// ([RFC 8725 §3.1](https://www.rfc-editor.org/rfc/rfc8725#section-3.1)).
    AlgorithmNotAllowed {
        /// The header's `alg`.
        alg: String,
    },
    /// Step 4: a token of another kind ([RFC 8725 §3.11](https://www.rfc-editor.org/rfc/rfc8725#section-3.11)).
    TypeNotAllowed {
        /// The header's `typ`, or `cty` for a nested token.
        typ: String,
    },
    /// Step 5: the header names no key.
    KidMissing,
    /// Step 5: the header names a key that the identity provider does not publish.
    KeyUnknown {
        /// The header's `kid`.
        kid: String,
    },
    /// Step 6: the key cannot verify an Entra token: another type or use, a weak size or exponent
    /// ([RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)).
    KeyUnsuitable {
        /// The key's `kid`.
        kid: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Step 7: the signature was not made by that key over these bytes
    /// ([RFC 7515 §5.2](https://www.rfc-editor.org/rfc/rfc7515#section-5.2)).
    SignatureUntrusted {
        /// The key's `kid`.
        kid: String,
    },
    /// Step 8: the claims set is not a strict JSON object, a claim has the wrong type, or claims contradict each other
    /// ([RFC 7519 §7.2](https://www.rfc-editor.org/rfc/rfc7519#section-7.2)).
    ClaimsInvalid {
        /// What is wrong.
        reason: String,
    },
    /// Step 8: a claim that every Entra access token carries is not there. An ID token lacks `azp`.
    ClaimMissing {
        /// The claim's name.
        claim: String,
    },
    /// Step 9: `ver` is not a version that is accepted here.
    VersionNotSupported {
        /// The token's `ver`.
        ver: String,
    },
    /// Step 10: `tid` is not a tenant that is served here.
    TenantNotTrusted {
        /// The token's `tid`.
        tid: String,
    },
    /// Step 11: `iss` is not that tenant's issuer for that version.
    IssuerUntrusted {
        /// The only issuer that would have been right; `None` if the metadata names none.
        expected: Option<String>,
        /// The token's `iss`.
        actual: String,
    },
    /// Step 11: the key may not sign for this issuer: the key set limits it to another issuer or another cloud.
    KeyIssuerUntrusted {
        /// The key's `kid`.
        kid: String,
        /// What the key is limited to.
        limited_to: String,
    },
    /// Step 12: the token was issued for another API ([RFC 8725 §3.9](https://www.rfc-editor.org/rfc/rfc8725#section-3.9)).
    AudienceInvalid {
        /// What would have been right, for a token of that version.
        expected: Vec<String>,
        /// The token's `aud`.
        actual: Vec<String>,
    },
    /// Step 13: too late, by more than the leeway.
    Expired {
        /// The token's `exp`, in seconds since 1970.
        exp: i64,
        /// The time of validation, in seconds since 1970.
        now: i64,
    },
    /// Step 14: too early, by more than the leeway.
    Immature {
        /// The token's `nbf`, in seconds since 1970.
        nbf: i64,
        /// The time of validation, in seconds since 1970.
        now: i64,
    },
    /// Step 15: issued in the future, by more than the leeway.
    IssuedInFuture {
        /// The token's `iat`, in seconds since 1970.
        iat: i64,
        /// The time of validation, in seconds since 1970.
        now: i64,
    },
    /// Step 16: neither `scp` nor `roles`, or not the kind of them that is asked for. Entra issues a token without any to
    /// every client of the tenant, for every API.
    PermissionsMissing {
        /// What is asked for.
        wanted: &'static str,
    },
    /// Step 17: the client application is not on the allow-list.
    ClientNotTrusted {
        /// The token's `azp` (v2.0) or `appid` (v1.0).
        client: String,
    },
    /// Step 18: neither `sub` nor `oid` is on the allow-list.
    SubjectNotTrusted,
}

impl Rejection {
    /// The stable code: the `type` of the problem that the client sees, and what tests assert on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenInvalid { .. } => "auth_token_invalid",
            Self::HeaderInvalid { .. } => "auth_token_header_invalid",
            Self::AlgorithmNotAllowed { .. } => "auth_token_algorithm_not_allowed",
            Self::TypeNotAllowed { .. } => "auth_token_type_not_allowed",
            Self::KidMissing => "auth_token_kid_missing",
            Self::KeyUnknown { .. } => "auth_token_key_unknown",
            Self::KeyUnsuitable { .. } => "auth_token_key_unsuitable",
            Self::SignatureUntrusted { .. } => "auth_token_signature_untrusted",
            Self::ClaimsInvalid { .. } => "auth_token_claims_invalid",
            Self::ClaimMissing { .. } => "auth_token_claim_missing",
            Self::VersionNotSupported { .. } => "auth_token_ver_not_supported",
            Self::TenantNotTrusted { .. } => "auth_token_tenant_not_trusted",
            Self::IssuerUntrusted { .. } | Self::KeyIssuerUntrusted { .. } => "auth_token_issuer_untrusted",
            Self::AudienceInvalid { .. } => "auth_token_audience_invalid",
            Self::Expired { .. } => "auth_token_expired",
            Self::Immature { .. } => "auth_token_immature",
            Self::IssuedInFuture { .. } => "auth_token_issued_in_future",
            Self::PermissionsMissing { .. } => "auth_token_permissions_missing",
            Self::ClientNotTrusted { .. } => "auth_token_azp_not_trusted",
            Self::SubjectNotTrusted => "auth_token_subject_not_trusted",
        }
    }

    /// The number of the step that refused, 1 to 18.
    #[must_use]
    pub fn step(&self) -> u8 {
        match self {
            Self::TokenInvalid { .. } => 1,
            Self::HeaderInvalid { .. } => 2,
            Self::AlgorithmNotAllowed { .. } => 3,
            Self::TypeNotAllowed { .. } => 4,
            Self::KidMissing | Self::KeyUnknown { .. } => 5,
            Self::KeyUnsuitable { .. } => 6,
            Self::SignatureUntrusted { .. } => 7,
            Self::ClaimsInvalid { .. } | Self::ClaimMissing { .. } => 8,
            Self::VersionNotSupported { .. } => 9,
            Self::TenantNotTrusted { .. } => 10,
            Self::IssuerUntrusted { .. } | Self::KeyIssuerUntrusted { .. } => 11,
            Self::AudienceInvalid { .. } => 12,
            Self::Expired { .. } => 13,
            Self::Immature { .. } => 14,
            Self::IssuedInFuture { .. } => 15,
            Self::PermissionsMissing { .. } => 16,
            Self::ClientNotTrusted { .. } => 17,
            Self::SubjectNotTrusted => 18,
        }
    }

    /// The HTTP status: 401 for a token that is not good here (steps 1 to 15), 403 for a good one whose bearer may not
    /// come in (steps 16 to 18).
    #[must_use]
    pub fn status(&self) -> u16 {
        if self.step() < 16 { 401 } else { 403 }
    }

    /// The same as fields for a log.
    #[cfg(all(feature = "tracing", feature = "http", feature = "remote-keys"))]
    pub(crate) fn details(&self) -> crate::refusal::Details {
        let (kid, expected, actual) = match self {
            Self::AlgorithmNotAllowed { alg } => (None, Some("RS256"), Some(alg.as_str())),
            Self::TypeNotAllowed { typ } => (None, Some("JWT"), Some(typ.as_str())),
            Self::KeyUnknown { kid } | Self::SignatureUntrusted { kid } => (Some(kid.as_str()), None, None),
            Self::KeyUnsuitable { kid, reason } => (Some(kid.as_str()), None, Some(*reason)),
            Self::ClaimMissing { claim } => (None, Some(claim.as_str()), None),
            Self::VersionNotSupported { ver } => (None, None, Some(ver.as_str())),
            Self::TenantNotTrusted { tid } => (None, None, Some(tid.as_str())),
            Self::IssuerUntrusted { expected, actual } => (None, expected.as_deref(), Some(actual.as_str())),
            Self::KeyIssuerUntrusted { kid, limited_to } => {
                (Some(kid.as_str()), Some(limited_to.as_str()), None)
            }
            Self::AudienceInvalid { expected, actual } => {
                (None, expected.first().map(String::as_str), actual.first().map(String::as_str))
            }
            Self::PermissionsMissing { wanted } => (None, Some(*wanted), None),
            Self::ClientNotTrusted { client } => (None, None, Some(client.as_str())),
            _ => (None, None, None),
        };
        let text = |value: Option<&str>| value.map(|value| Quoted(value).to_string());
        let seconds = |before: &str, now: &i64| Some(format!("{before} {now}"));
        let (expected, actual) = match self {
            Self::Expired { exp, now } => (seconds("after", now), Some(exp.to_string())),
            Self::Immature { nbf: from, now } | Self::IssuedInFuture { iat: from, now } => {
                (seconds("not after", now), Some(from.to_string()))
            }
            _ => (text(expected), text(actual)),
        };
        crate::refusal::Details { step: Some(self.step()), kid: text(kid), expected, actual }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TokenInvalid { reason } => write!(out, "not a signed token in compact form: {reason}"),
            Self::HeaderInvalid { reason } => write!(out, "unusable header: {reason}"),
            Self::AlgorithmNotAllowed { alg } => write!(out, "algorithm {} is not RS256", Quoted(alg)),
            Self::TypeNotAllowed { typ } => write!(out, "{} is not an access token's type", Quoted(typ)),
            Self::KidMissing => out.write_str("the header names no key (kid)"),
            Self::KeyUnknown { kid } => write!(out, "key {} is not in the key set", Quoted(kid)),
            Self::KeyUnsuitable { kid, reason } => write!(out, "key {} is unsuitable: {reason}", Quoted(kid)),
            Self::SignatureUntrusted { kid } => write!(out, "the signature is not by key {}", Quoted(kid)),
            Self::ClaimsInvalid { reason } => write!(out, "unusable claims: {reason}"),
            Self::ClaimMissing { claim } => write!(out, "claim `{claim}` is missing"),
            Self::VersionNotSupported { ver } => write!(out, "version {} is not accepted", Quoted(ver)),
            Self::TenantNotTrusted { tid } => write!(out, "tenant {} is not served", Quoted(tid)),
            Self::IssuerUntrusted { expected: Some(expected), actual } => {
                write!(out, "issuer {} is not {}", Quoted(actual), Quoted(expected))
            }
            Self::IssuerUntrusted { expected: None, actual } => {
                write!(out, "issuer {} cannot be checked: the metadata names none", Quoted(actual))
            }
            Self::KeyIssuerUntrusted { kid, limited_to } => {
                write!(out, "key {} signs for {} only", Quoted(kid), Quoted(limited_to))
            }
            Self::AudienceInvalid { actual, .. } => {
                out.write_str("issued for another audience:")?;
                actual.iter().take(3).try_for_each(|audience| write!(out, " {}", Quoted(audience)))
            }
            Self::Expired { exp, now } => write!(out, "expired at {exp}, it is {now}"),
            Self::Immature { nbf, now } => write!(out, "not valid before {nbf}, it is {now}"),
            Self::IssuedInFuture { iat, now } => write!(out, "issued at {iat}, it is {now}"),
            Self::PermissionsMissing { wanted } => write!(out, "does not carry {wanted}"),
            Self::ClientNotTrusted { client } => {
                write!(out, "client {} is not on the allow-list", Quoted(client))
            }
            Self::SubjectNotTrusted => out.write_str("the subject is not on the allow-list"),
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
    use super::*;

    #[test]
    fn a_strangers_text_is_escaped_and_cut() {
        let shown = Rejection::KeyUnknown { kid: "a\r\n\u{1b}[31m\u{202e}".into() }.to_string();
        assert!(!shown.contains(['\r', '\n', '\u{1b}', '\u{202e}']), "{shown:?}");
        let shown = Rejection::KeyUnknown { kid: "é".repeat(4000) }.to_string();
        assert!(shown.chars().count() < 250, "{shown}");
    }
}
