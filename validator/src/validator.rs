//! The validation.

mod leeway;
mod policy;

use std::{
    borrow::Cow,
    collections::BTreeSet,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use crate::{
    Authority, Claims, KeySet, Rejection, TokenVersion, VerifiedToken,
    jose::{Compact, Header},
    token::{Expected, Signed},
};

pub use leeway::Leeway;

/// Judges access tokens: a policy, and [`validate`](Self::validate), which is a pure function of token, keys and time.
///
/// It cannot be made without an authority and an audience, and no check can be turned off.
///
/// ```
/// use std::time::SystemTime;
/// use entra_validator::{Authority, KeySet, Validator};
///
/// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
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
/// Validator::new(authority);
/// ```
///
/// nor the tenant can be forgotten:
///
/// ```compile_fail,E0061
/// # use entra_validator::Validator;
/// Validator::new("6e74172b-be56-4843-9ff4-e66a39bb12e3");
/// ```
#[derive(Debug, Clone)]
pub struct Validator {
    authority: Authority,
    versions: Vec<TokenVersion>,
    v1_audiences: BTreeSet<String>,
    v2_audiences: BTreeSet<String>,
    leeway: Leeway,
    permissions: Permissions,
    required_claims: Vec<(String, Option<serde_json::Value>)>,
    allowed_clients: Option<BTreeSet<String>>,
    allowed_subjects: Option<BTreeSet<String>>,
    guests_allowed: bool,
    flask_permissions: bool,
    authorization_url: Option<Arc<str>>,
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
    /// Accepts v2.0 tokens of this authority for this API. The `aud` of a v2.0 token is the API's client id, a GUID.
    #[must_use]
    pub fn new(authority: Authority, audience: impl Into<String>) -> Self {
        Self {
            authorization_url: authority.authorization_url().map(Into::into),
            authority,
            versions: vec![TokenVersion::V2],
            v1_audiences: BTreeSet::new(),
            v2_audiences: BTreeSet::from([audience.into()]),
            leeway: Leeway::default(),
            permissions: Permissions::ScopesOrRoles,
            required_claims: Vec::new(),
            allowed_clients: None,
            allowed_subjects: None,
            guests_allowed: true,
            flask_permissions: false,
        }
    }

    /// Accepts only v1.0 tokens: for an API whose registration asks for them (`requestedAccessTokenVersion` is null or 1).
    /// The `aud` of a v1.0 token is the resource that the client named, usually the identifier URI, `api://{client-id}`.
    ///
    /// ```
    /// # use entra_validator::{Authority, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// let validator = Validator::v1(authority, "api://6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// ```
    #[must_use]
    pub fn v1(authority: Authority, audience: impl Into<String>) -> Self {
        let mut validator = Self::new(authority, "").v1_audience(audience);
        validator.v2_audiences.clear();
        validator.versions = vec![TokenVersion::V1];
        validator
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
        let compact = Compact::parse(token)?;                    //  1 compact    RFC 7515 §7.1
        let header = compact.header()?;                          //  2 header     RFC 7515 §4
        check_algorithm(&header)?;                               //  3 algorithm  RFC 8725 §3.1
        check_type(&header)?;                                    //  4 typ        RFC 8725 §3.11

        // Signature: who wrote it?
        let key = keys.find(header.kid.as_deref())?;             //  5 kid        RFC 8725 §3.10
        key.check_suits()?;                                      //  6 key        RFC 7518 §3.3
        let payload = compact.verify(key)?;                      //  7 signature  RFC 7515 §5.2

        let claims = Claims::parse(&payload, &self.expected())?; //  8 claims     RFC 7519 §7.2
        Ok(Signed { kid: Arc::clone(key.kid()), key: key.origin().clone(), claims, payload })
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
        Ok(VerifiedToken::new(signed, version, self.authorization_url.clone()))
    }

    fn expected(&self) -> Expected<'_> {
        Expected {
            versions: &self.versions,
            tid_required: self.authority.requires_tid(),
            extra: &self.required_claims,
        }
    }

    fn check_version(&self, claims: &Claims) -> Result<TokenVersion, Rejection> {
        let accepted = self.versions.iter().find(|version| version.as_str() == claims.ver);
        accepted.copied().ok_or_else(|| Rejection::VersionNotSupported { ver: claims.ver.clone() })
    }

    fn check_tenant(&self, claims: &Claims, keys: &KeySet) -> Result<(), Rejection> {
        if self.authority.serves_tenant(claims.tid.as_deref(), keys) {
            return Ok(());
        }
        Err(Rejection::TenantNotTrusted { tid: claims.tid.clone().unwrap_or_default() })
    }

    /// Byte for byte: nothing is normalised, and a prefix is not enough.
    fn check_issuer(&self, signed: &Signed, version: TokenVersion, keys: &KeySet) -> Result<(), Rejection> {
        let Signed { kid, key, claims, .. } = signed;
        let tid = claims.tid.as_deref();
        let expected = self.authority.issuer(tid, version, keys);
        if expected.as_deref() != Some(&claims.iss) {
            let expected = expected.map(Cow::into_owned);
            return Err(Rejection::IssuerUntrusted { expected, actual: claims.iss.clone() });
        }
        let limited =
            |to: &str| Err(Rejection::KeyIssuerUntrusted { kid: kid.as_ref().into(), limited_to: to.into() });
        if !self.authority.key_may_sign(key.issuer.as_deref(), tid, &claims.iss, keys) {
            return limited(key.issuer.as_deref().unwrap_or("no issuer that it names"));
        }
        match (key.cloud_instance_name.as_deref(), keys.cloud_instance_name()) {
            (Some(of_key), Some(ours)) if of_key != ours => limited(of_key),
            _ => Ok(()),
        }
    }

    fn check_audience(&self, claims: &Claims, version: TokenVersion) -> Result<(), Rejection> {
        let ours = match version {
            TokenVersion::V1 => &self.v1_audiences,
            TokenVersion::V2 => &self.v2_audiences,
        };
        if claims.aud.iter().any(|audience| !audience.is_empty() && ours.contains(audience)) {
            return Ok(());
        }
        Err(Rejection::AudienceInvalid {
            expected: ours.iter().cloned().collect(),
            actual: claims.aud.clone(),
        })
    }

    /// "On or after" `exp` is too late (RFC 7519 §4.1.4).
    fn check_expiry(&self, claims: &Claims, now: i64) -> Result<(), Rejection> {
        if now < claims.exp + self.leeway.seconds() {
            return Ok(());
        }
        Err(Rejection::Expired { exp: claims.exp, now })
    }

    fn check_not_before(&self, claims: &Claims, now: i64) -> Result<(), Rejection> {
        if claims.nbf <= now + self.leeway.seconds() {
            return Ok(());
        }
        Err(Rejection::Immature { nbf: claims.nbf, now })
    }

    /// A token from the future was made with a wrong clock, or prepared by someone.
    fn check_issued_at(&self, claims: &Claims, now: i64) -> Result<(), Rejection> {
        match claims.iat {
            Some(iat) if iat > now + self.leeway.seconds() => Err(Rejection::IssuedInFuture { iat, now }),
            _ => Ok(()),
        }
    }

    fn check_permissions(&self, claims: &Claims) -> Result<(), Rejection> {
        let scopes = !claims.scopes.is_empty();
        let roles = !claims.roles.is_empty() || (self.flask_permissions && !claims.scps.is_empty());
        let (carried, required) = match self.permissions {
            Permissions::NoneNeeded => (true, ""),
            Permissions::ScopesOrRoles => {
                (scopes || roles || self.allowed_clients.is_some(), "scopes (scp) or app roles (roles)")
            }
            Permissions::Scopes => (scopes, "scopes (scp) that a user has delegated"),
            Permissions::AppOnlyRoles => {
                (roles && claims.is_app_only(), "app roles (roles) of an app-only token")
            }
        };
        if carried { Ok(()) } else { Err(Rejection::PermissionsMissing { required }) }
    }

    fn check_client(&self, claims: &Claims) -> Result<(), Rejection> {
        match &self.allowed_clients {
            Some(allowed) if !allowed.contains(&claims.client) => {
                Err(Rejection::ClientNotTrusted { client: claims.client.clone() })
            }
            _ => Ok(()),
        }
    }

    fn check_subject(&self, claims: &Claims) -> Result<(), Rejection> {
        if claims.is_guest() && !self.guests_allowed {
            return Err(Rejection::GuestNotAllowed);
        }
        let Some(allowed) = &self.allowed_subjects else { return Ok(()) };
        if allowed.contains(&claims.sub) || claims.oid.as_ref().is_some_and(|oid| allowed.contains(oid)) {
            return Ok(());
        }
        Err(Rejection::SubjectNotTrusted)
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
