//! The validation.

mod checks;
mod leeway;
mod policy;
mod rule;

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    Authority, AuthorityError, Claims, KeySet, Rejection, TokenVersion, VerifiedToken,
    authority::fold_guid,
    jose::{Compact, Header, MAX_TOKEN_BYTES},
    token::Signed,
};

pub use leeway::Leeway;
use rule::Rule;

/// Judges access tokens: a policy, and [`validate`](Self::validate), which is a pure function of token, keys and time.
///
/// It cannot be made without an authority and an audience, and no check can be turned off.
///
/// ```
/// use std::time::SystemTime;
/// use entra_validator::{Authority, KeySet, Validator};
///
/// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// let validator = Validator::for_app(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
/// let rejection = validator.validate("not a token", &KeySet::empty(), SystemTime::now()).unwrap_err();
/// assert_eq!(rejection.code(), "auth_token_invalid");
/// # Ok::<_, entra_validator::AuthorityError>(())
/// ```
///
/// Neither the audience
///
/// ```compile_fail,E0061
/// # use entra_validator::{Authority, Validator};
/// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
/// Validator::for_app(authority);
/// ```
///
/// nor the tenant can be forgotten:
///
/// ```compile_fail,E0061
/// # use entra_validator::Validator;
/// Validator::for_app("6e74172b-be56-4843-9ff4-e66a39bb12e3");
/// ```
#[derive(Debug, Clone)]
pub struct Validator {
    authority: Arc<Authority>,
    versions: Vec<TokenVersion>,
    v1_audiences: BTreeSet<String>,
    v2_audiences: BTreeSet<String>,
    max_token_bytes: usize,
    leeway: Leeway,
    permissions: Permissions,
    required_claims: Vec<(String, Option<serde_json::Value>)>,
    allowed_clients: Option<BTreeSet<String>>,
    allowed_subjects: Option<BTreeSet<String>>,
    guests_allowed: bool,
    flask_permissions: bool,
    rules: Vec<Rule>,
}

/// Which permissions every token must carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Permissions {
    ScopesOrRoles,
    /// Delegated by a user.
    Scopes,
    /// Given to an application that speaks for itself.
    AppOnlyRoles,
    NoneNeeded,
}

impl Validator {
    /// Accepts tokens of this authority for the API with this application (client) ID, of either version: what most APIs
    /// want, and what Microsoft.Identity.Web does. The API's registration decides the version
    /// (`requestedAccessTokenVersion`); unless it says otherwise, tokens are v1.0.
    ///
    /// | version | `aud` is |
    /// |---|---|
    /// | 2.0 | the client ID |
    /// | 1.0 | `api://{client-id}` or the client ID; for another identifier URI, add [`v1_audience`](Self::v1_audience) |
    ///
    /// External ID has v2.0 only; B2C and other providers have one form of their own, whose `aud` is the client ID.
    #[must_use]
    pub fn for_app(authority: Authority, client_id: impl Into<String>) -> Self {
        let client_id = client_id.into();
        let validator = Self::new(authority, client_id.as_str());
        if !validator.authority.issues_v1() {
            return validator;
        }
        validator.accept_v1(&format!("api://{client_id}")).accept_v1(&client_id)
    }

    /// Accepts v2.0 tokens only, for this audience. The `aud` of a v2.0 token is the API's client id, a GUID.
    #[must_use]
    pub fn new(authority: Authority, audience: impl Into<String>) -> Self {
        Self {
            authority: Arc::new(authority),
            versions: vec![TokenVersion::V2],
            v1_audiences: BTreeSet::new(),
            v2_audiences: BTreeSet::from([fold_guid(audience.into())]),
            max_token_bytes: MAX_TOKEN_BYTES,
            leeway: Leeway::default(),
            permissions: Permissions::ScopesOrRoles,
            required_claims: Vec::new(),
            allowed_clients: None,
            allowed_subjects: None,
            guests_allowed: true,
            flask_permissions: false,
            rules: Vec::new(),
        }
    }

    /// Accepts v1.0 tokens only, for this audience. The `aud` of a v1.0 token is the resource that the client named, usually
    /// the identifier URI, `api://{client-id}`. One slash at its end makes no difference, as in Microsoft's own library.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// let validator = Validator::v1(authority, "api://6e74172b-be56-4843-9ff4-e66a39bb12e3")?;
    /// # Ok::<_, entra_validator::AuthorityError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if the authority has no v1.0 tokens: External ID and B2C.
    pub fn v1(authority: Authority, audience: impl Into<String>) -> Result<Self, AuthorityError> {
        let mut validator = Self::new(authority, "").v1_audience(audience)?;
        validator.v2_audiences.clear();
        validator.versions = vec![TokenVersion::V1];
        Ok(validator)
    }

    /// The authority that this validator trusts.
    #[must_use]
    pub fn authority(&self) -> &Authority {
        &self.authority
    }

    /// Judges one token at one moment. Synchronous and pure: no clock, no network, nothing kept.
    ///
    /// # Errors
    ///
    /// The [`Rejection`] of the first step that refuses. Nothing that depends on a claim is decided before the
    /// signature is verified.
    pub fn validate(&self, token: &str, keys: &KeySet, now: SystemTime) -> Result<VerifiedToken, Rejection> {
        let signed = self.read(token, keys)?;
        self.admit(Arc::new(signed), keys, now)
    }

    /// The first half: what follows from the token's bytes and the keys alone.
    #[rustfmt::skip]
    pub(crate) fn read(&self, token: &str, keys: &KeySet) -> Result<Signed, Rejection> {
        // Shape: what the token claims to be. Nothing in it is trusted yet.
        let compact = Compact::parse(token, self.max_token_bytes)?;  //  1 compact    RFC 7515 §7.1
        let header = compact.header()?;                          //  2 header     RFC 7515 §4
        check_algorithm(&header)?;                               //  3 algorithm  RFC 8725 §3.1
        check_type(&header)?;                                    //  4 typ        RFC 8725 §3.11

        // Signature: who wrote it?
        let key = keys.find(header.kid.as_deref())?;             //  5 kid        RFC 8725 §3.10
        key.check_suits()?;                                      //  6 key        RFC 7518 §3.3
        let payload = compact.verify(key)?;                      //  7 signature  RFC 7515 §5.2

        let claims = Claims::parse(&payload, &self.expected())?; //  8 claims     RFC 7519 §7.2
        Ok(Signed {
            kid: Arc::clone(key.kid()),
            key: key.origin().clone(),
            claims,
            payload,
            authority: Arc::clone(&self.authority),
            all_claims: OnceLock::new(),
        })
    }

    /// The second half, done each time that the token is seen: was it issued for us, now, and may this caller enter?
    #[rustfmt::skip]
    pub(crate) fn admit(&self, signed: Arc<Signed>, keys: &KeySet, now: SystemTime) -> Result<VerifiedToken, Rejection> {
        let (claims, now) = (&signed.claims, unix_seconds(now));
        let version = self.check_version(claims)?;               //  9 version    Entra: token formats
        self.check_tenant(claims, keys)?;                        // 10 tenant     Entra: validate the tenant
        self.check_issuer(&signed, version, keys)?;              // 11 issuer     Entra: validate the issuer
        self.check_audience(claims, version)?;                   // 12 audience   RFC 8725 §3.9
        self.check_expiry(claims, now)?;                         // 13 expiry     RFC 7519 §4.1.4
        self.check_not_before(claims, now)?;                     // 14 not_before RFC 7519 §4.1.5
        self.check_issued_at(claims, now)?;                      // 15 issued_at  RFC 7519 §4.1.6
        self.check_permissions(claims)?;                         // 16 permission Entra: validate the actor
        self.check_client(claims)?;                              // 17 client     Entra: validate the actor
        self.check_subject(claims)?;                             // 18 subject    Entra: validate the subject
        let token = VerifiedToken::new(signed, version);
        self.check_rules(&token)?;
        Ok(token)
    }
}

fn check_algorithm(header: &Header<'_>) -> Result<(), Rejection> {
    if header.alg == "RS256" {
        Ok(())
    } else {
        Err(Rejection::AlgorithmNotAllowed { alg: header.alg.clone().into_owned() })
    }
}

/// Entra's access tokens say `JWT`; RFC 7519 §5.1 lets it be left out and compares it without regard to case.
fn check_type(header: &Header<'_>) -> Result<(), Rejection> {
    let refused = |typ: &str| Err(Rejection::TypeNotAllowed { typ: typ.to_owned() });
    match header.typ.as_deref() {
        _ if header.has_cty => refused("cty"),
        Some(typ) if !typ.eq_ignore_ascii_case("JWT") => refused(typ),
        _ => Ok(()),
    }
}

/// Seconds since 1970; times before that are negative.
fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = |duration: std::time::Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX / 2);
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => seconds(after),
        Err(before) => -seconds(before.duration()),
    }
}
