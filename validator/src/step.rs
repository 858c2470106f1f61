//! The table of the validation: its steps, and the codes of everything that can be refused.
//!
//! Whatever lists steps or codes is generated from this table or held against it by a test: the READMEs, the manual,
//! problem documents, the decoder of `mock-idp`, the catalogue's groups, the steps that CI deletes one by one.

use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! table {
    (
        steps {$($step:ident = $number:literal $name:literal {
            rule: $rule:literal,
            reference: $reference:literal $url:literal,
            advice: $advice:literal,
            $status:literal: [$($code:ident $text:literal: $title:literal, $detail:expr;)+]
        })+}
        not_a_step {
            $($other_status:literal: [$($other:ident $other_text:literal: $other_title:literal, $other_detail:expr;)+])+
        }
    ) => {
        /// One step of the validation, in the order in which [`Validator::validate`](crate::Validator::validate) takes
        /// them. The first step that refuses a token decides.
        ///
        /// ```
        /// use entra_validator::{Rejection, Step};
        ///
        /// let step = Rejection::Expired { exp: 1_700_000_000, now: 1_700_000_100 }.step();
        /// assert_eq!(step, Step::Expiry);
        /// assert_eq!((step.number(), step.rule()), (13, "`exp` is in the future"));
        /// assert!(step > Step::Signature, "steps are ordered");
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Step {
            $(#[doc = concat!($rule, " ([", $reference, "](", $url, ")).")] $step = $number,)+
        }

        /// The stable code of a refusal: the `type` of the problem that the client sees, and what tests assert on.
        ///
        /// A code equals its text, so both `code == Code::Expired` and `code == "auth_token_expired"` compile.
        ///
        /// ```
        /// use entra_validator::{Code, Step};
        ///
        /// assert_eq!(Code::Expired, "auth_token_expired");
        /// assert_eq!(Code::Expired.status(), 401);
        /// assert_eq!(Code::Expired.step(), Some(Step::Expiry));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = concat!("`", $text, "`: ", $title, ".")] $code,)+)+
            $($(#[doc = concat!("`", $other_text, "`: ", $other_title, ".")] $other,)+)+
        }

        impl Step {
            /// Every step, in order.
            pub const ALL: &[Self] = &[$(Self::$step),+];

            const fn row(self) -> &'static StepRow {
                match self {
                    $(Self::$step => &StepRow {
                        name: $name,
                        rule: $rule,
                        reference: $reference,
                        reference_url: $url,
                        advice: $advice,
                        status: $status,
                        codes: &[$(Code::$code),+],
                    },)+
                }
            }
        }

        impl Code {
            /// Every code: those of the steps in order, then the others.
            pub const ALL: &[Self] = &[$($(Self::$code,)+)+ $($(Self::$other,)+)+];

            const fn row(self) -> &'static CodeRow {
                match self {
                    $($(Self::$code => &CodeRow {
                        text: $text,
                        step: Some(Step::$step),
                        status: $status,
                        title: $title,
                        detail: $detail,
                    },)+)+
                    $($(Self::$other => &CodeRow {
                        text: $other_text,
                        step: None,
                        status: $other_status,
                        title: $other_title,
                        detail: $other_detail,
                    },)+)+
                }
            }
        }
    };
}

struct StepRow {
    name: &'static str,
    rule: &'static str,
    reference: &'static str,
    reference_url: &'static str,
    advice: &'static str,
    status: u16,
    codes: &'static [Code],
}

struct CodeRow {
    text: &'static str,
    step: Option<Step>,
    status: u16,
    title: &'static str,
    detail: &'static str,
}

const NEW_TOKEN: &str = "Get a new token from Entra ID for this API and try again.";
const DECODE: &str = "Look at it with a decoder such as https://jwt.ms, then get a new token for this API.";
const ASK: &str = "Ask the people who run this API for access.";
const TRY_LATER: &str = "The token was not judged. Try again later.";
const CLOCK: &str = "Try again later, or correct the clock of the machine that issued the token.";

// One row per step: number and name (the name is the catalogue's group too); the rule; where it is written; what an
// operator can do about a token that fails it; the HTTP status, and per code what the client is told: title, detail.
table! {
    steps {
        CompactForm = 1 "compact" {
            rule: "three canonical base64url parts, at most 16 KiB unless the API allows more",
            reference: "RFC 7515 §7.1" "https://www.rfc-editor.org/rfc/rfc7515#section-7.1",
            advice: "Send the token as it was issued: nothing added, nothing cut off.",
            401: [TokenInvalid "auth_token_invalid": "The token is not a signed JSON Web Token", DECODE;]
        }
        Header = 2 "header" {
            rule: "the header is strict JSON and asks for no extension",
            reference: "RFC 7515 §4" "https://www.rfc-editor.org/rfc/rfc7515#section-4",
            advice: "Take the token from the identity provider: Entra never writes such a header.",
            401: [TokenHeaderInvalid "auth_token_header_invalid": "The token's header is invalid", DECODE;]
        }
        Algorithm = 3 "algorithm" {
            rule: "`alg` is RS256",
            reference: "RFC 8725 §3.1" "https://www.rfc-editor.org/rfc/rfc8725#section-3.1",
            advice: "Entra signs access tokens with RS256 only; a token with another algorithm was made by someone else.",
            401: [AlgorithmNotAllowed "auth_token_algorithm_not_allowed": "The token's algorithm is not allowed", NEW_TOKEN;]
        }
        Type = 4 "typ" {
            rule: "`typ` is JWT or absent",
            reference: "RFC 8725 §3.11" "https://www.rfc-editor.org/rfc/rfc8725#section-3.11",
            advice: "Send the access token, not another kind of token.",
            401: [
                TypeNotAllowed "auth_token_type_not_allowed":
                    "The token is of another type", "Send an access token, not another kind of token.";
            ]
        }
        KeyId = 5 "kid" {
            rule: "`kid` names a published key",
            reference: "RFC 8725 §3.10" "https://www.rfc-editor.org/rfc/rfc8725#section-3.10",
            advice: "Fetch the key set again: the key may be newer than the cached set, or withdrawn by a rotation.",
            401: [
                KidMissing "auth_token_kid_missing": "The token names no key", NEW_TOKEN;
                KeyUnknown "auth_token_key_unknown": "The token's key is unknown", NEW_TOKEN;
            ]
        }
        Key = 6 "key" {
            rule: "the key is an RSA verification key of 2048 to 8192 bits",
            reference: "RFC 7518 §3.3" "https://www.rfc-editor.org/rfc/rfc7518#section-3.3",
            advice: "Look at the key set: the key has another type, use or size.",
            401: [KeyUnsuitable "auth_token_key_unsuitable": "The token's key is unsuitable", NEW_TOKEN;]
        }
        Signature = 7 "signature" {
            rule: "the signature is by that key over these bytes",
            reference: "RFC 7515 §5.2" "https://www.rfc-editor.org/rfc/rfc7515#section-5.2",
            advice: "Get a new token: this one was changed on its way, or made by someone else.",
            401: [SignatureUntrusted "auth_token_signature_untrusted": "The token's signature is not trusted", NEW_TOKEN;]
        }
        ClaimsSet = 8 "claims" {
            rule: "the claims are strict JSON, complete, of the right types and consistent",
            reference: "RFC 7519 §7.2" "https://www.rfc-editor.org/rfc/rfc7519#section-7.2",
            advice: "Send an access token as it was issued: an ID token lacks claims.",
            401: [
                ClaimsInvalid "auth_token_claims_invalid": "The token's claims are invalid", DECODE;
                ClaimMissing "auth_token_claim_missing":
                    "The token lacks a required claim", "Send an access token, not an ID token.";
            ]
        }
        Version = 9 "version" {
            rule: "`ver` is a version that the API accepts",
            reference: "Entra: token formats" "https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats",
            advice: "Set `requestedAccessTokenVersion` in the API's registration.",
            401: [
                VersionNotSupported "auth_token_ver_not_supported": "The token's version is not supported",
                    "The API's registration decides the version (`requestedAccessTokenVersion`); tell the people who run it.";
            ]
        }
        Tenant = 10 "tenant" {
            rule: "`tid` is a tenant that the API serves",
            reference: "Entra: validate the tenant"
                "https://learn.microsoft.com/entra/identity-platform/claims-validation#validate-the-tenant",
            advice: "Sign in to a tenant that the API serves, or let the API serve this one.",
            401: [
                TenantNotTrusted "auth_token_tenant_not_trusted":
                    "The token's tenant is not served here", "Sign in with an account of another tenant.";
            ]
        }
        Issuer = 11 "issuer" {
            rule: "`iss` is that tenant's issuer, and the key may sign for it",
            reference: "Entra: validate the issuer"
                "https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer",
            advice: "Configure the API with the authority that its clients sign in to.",
            401: [IssuerUntrusted "auth_token_issuer_untrusted": "The token's issuer is not trusted", DECODE;]
        }
        Audience = 12 "audience" {
            rule: "`aud` is this API",
            reference: "RFC 8725 §3.9" "https://www.rfc-editor.org/rfc/rfc8725#section-3.9",
            advice: "Ask for a scope of this API (`api://.../.default`), not of another.",
            401: [
                AudienceInvalid "auth_token_audience_invalid":
                    "The token was issued for another API", "Ask Entra ID for a token for this API and try again.";
            ]
        }
        Expiry = 13 "expiry" {
            rule: "`exp` is in the future",
            reference: "RFC 7519 §4.1.4" "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4",
            advice: "Get a new token; if this one is new, compare the clocks.",
            401: [Expired "auth_token_expired": "The token has expired", NEW_TOKEN;]
        }
        NotBefore = 14 "not_before" {
            rule: "`nbf` is not in the future",
            reference: "RFC 7519 §4.1.5" "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5",
            advice: "Compare the clocks: by this one the token is not valid yet.",
            401: [Immature "auth_token_immature": "The token is not valid yet", CLOCK;]
        }
        IssuedAt = 15 "issued_at" {
            rule: "`iat` is not in the future",
            reference: "RFC 7519 §4.1.6" "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.6",
            advice: "Compare the clocks: by this one the token was issued in the future.",
            401: [IssuedInFuture "auth_token_issued_in_future": "The token was issued in the future", CLOCK;]
        }
        Permissions = 16 "permission" {
            rule: "the token carries a scope (`scp`) or an app role (`roles`)",
            reference: "Entra: validate the actor"
                "https://learn.microsoft.com/entra/identity-platform/claims-validation#validate-the-actor",
            advice: "Ask for a scope, or assign an app role to the client.",
            403: [PermissionsMissing "auth_token_permissions_missing": "The token carries no permission", ASK;]
        }
        Client = 17 "client" {
            rule: "the client (`azp` or `appid`) is on the allow-list, if there is one",
            reference: "Entra: validate the actor"
                "https://learn.microsoft.com/entra/identity-platform/claims-validation#validate-the-actor",
            advice: "Add the client to the API's allow-list, or drop the list.",
            403: [ClientNotTrusted "auth_token_azp_not_trusted": "The client application is not allowed here", ASK;]
        }
        Subject = 18 "subject" {
            rule: "the subject (`sub` or `oid`) is on the allow-list, if there is one, guests are allowed, and the API's own checks hold",
            reference: "Entra: validate the subject"
                "https://learn.microsoft.com/entra/identity-platform/claims-validation#validate-the-subject",
            advice: "Add the user or app to the API's allow-list, or drop the list; a guest needs an API that accepts guests.",
            403: [
                SubjectNotTrusted "auth_token_subject_not_trusted": "The account is not allowed here", ASK;
                CheckFailed "auth_token_check_failed": "The token does not meet a rule of this API", ASK;
            ]
        }
    }
    not_a_step {
        401: [
            HeaderMissing "auth_header_missing":
                "No credentials were sent", "Send the header 'Authorization: Bearer TOKEN' with a token for this API.";
            HeaderMalformed "auth_header_malformed": "The Authorization header is malformed",
                "Send the header once, as 'Authorization: Bearer TOKEN' with one space and one token.";
            HeaderSchemeUnsupported "auth_header_scheme_unsupported": "The authorization scheme is not supported",
                "This API takes bearer tokens: 'Authorization: Bearer TOKEN'.";
            HeaderCredentialMissing "auth_header_credential_missing": "The Authorization header holds no token",
                "Put the token after the scheme: 'Authorization: Bearer TOKEN'.";
        ]
        503: [
            OidcError "auth_oidc_error": "The identity provider's metadata is unavailable", TRY_LATER;
            JwksError "auth_jwks_error": "The identity provider's keys are unavailable", TRY_LATER;
        ]
        403: [InsufficientScopes "auth_token_insufficient_scopes": "The token does not allow this", ASK;]
        401: [
            InsufficientClaims "auth_token_insufficient_claims": "The token does not prove enough",
                "Ask Entra ID for a token with the claims in the challenge; Microsoft's client libraries do so.";
        ]
    }
}

impl Step {
    /// The step's number, counted from 1.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// A short name: that of the catalogue's group of tokens that this step refuses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// What a token must satisfy.
    #[must_use]
    pub const fn rule(self) -> &'static str {
        self.row().rule
    }

    /// Where the rule is written, in a few words.
    #[must_use]
    pub const fn reference(self) -> &'static str {
        self.row().reference
    }

    /// The URL of [`reference`](Self::reference).
    #[must_use]
    pub const fn reference_url(self) -> &'static str {
        self.row().reference_url
    }

    /// What the people who run the API, or its client, can do about a genuine token that fails here.
    #[must_use]
    pub const fn advice(self) -> &'static str {
        self.row().advice
    }

    /// The HTTP status of a refusal: 401 if another token would help, 403 if its bearer may not enter.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().status
    }

    /// The codes with which this step refuses.
    #[must_use]
    pub const fn codes(self) -> &'static [Code] {
        self.row().codes
    }
}

impl Code {
    /// The code's text, `auth_token_expired` for example.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.row().text
    }

    /// The step that refuses with this code; `None` for what is refused before or after the validation of a token.
    #[must_use]
    pub const fn step(self) -> Option<Step> {
        self.row().step
    }

    /// The HTTP status: 401, 403 or 503.
    #[must_use]
    pub const fn status(self) -> u16 {
        self.row().status
    }

    /// What the client is told, the same for every occurrence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// What the client can do.
    #[must_use]
    pub const fn detail(self) -> &'static str {
        self.row().detail
    }
}

/// `step 12 (audience)`
impl fmt::Display for Step {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "step {} ({})", self.number(), self.name())
    }
}

impl fmt::Display for Code {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(self.as_str())
    }
}

impl PartialEq<str> for Code {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Code {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
