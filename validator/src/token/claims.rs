//! The claims of an access token, typed.

use crate::{
    Rejection,
    jose::{Object, Value, VerifiedPayload},
};

/// The largest number of JSON values in a claims set. Entra's own have about 25, and up to 200 groups.
const MAX_CLAIMS_VALUES: usize = 4_096;

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

/// The claims that decisions are made on. Any other is read by
/// [`VerifiedToken::claim`](crate::VerifiedToken::claim).
///
/// Names and meanings are Entra's ([access token claims
/// reference](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference)).
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// From when it is valid, in seconds since 1970.
    pub nbf: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// `2.0` or `1.0`.
    pub ver: String,
    /// The tenant, a GUID. Only an [`Authority`](crate::Authority) made from a discovery URL does without it.
    pub tid: Option<String>,
    /// The user's or service principal's object id, the same in all APIs of the tenant.
    pub oid: Option<String>,
    /// The client application that the token was issued to: `azp` (v2.0) or `appid` (v1.0).
    pub client: String,
    /// The delegated permissions in `scp`, split at spaces. Empty in app-only tokens.
    pub scopes: Vec<String>,
    /// The app roles in `roles`: the client's in an app-only token, the user's in a delegated one.
    pub roles: Vec<String>,
    /// `scps`, a list that Entra never sends and flask-entra-auth reads.
    pub(crate) scps: Vec<String>,
    guest: bool,
}

impl Claims {
    pub(crate) fn is_app_only(&self) -> bool {
        self.scopes.is_empty()
    }

    pub(crate) fn is_guest(&self) -> bool {
        self.guest
    }
}

/// What step 8 must know of the policy.
pub(crate) struct Expected<'a> {
    /// The accepted versions, for which the client claim must be there; any other is the next step's to refuse.
    pub(crate) versions: &'a [TokenVersion],
    pub(crate) tid_required: bool,
    /// Claims that the API also requires, some with one accepted value.
    pub(crate) extra: &'a [(String, Option<serde_json::Value>)],
}

/// The claims that are read, each in its own place: found in one pass over the members.
macro_rules! claims {
    ($($name:ident)*) => {
        #[derive(Default)]
        struct Found<'a> {
            $($name: Option<&'a Value<'a>>,)*
        }

        impl<'a> Found<'a> {
            fn place(&mut self, name: &str) -> Option<&mut Option<&'a Value<'a>>> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

claims! { iss sub aud exp nbf iat ver tid oid azp appid scp roles scps acct idp idtyp cnf }

impl<'a> Found<'a> {
    fn in_members(members: &'a Object<'a>) -> Result<Self, Rejection> {
        let mut found = Self::default();
        for (name, value) in members.iter() {
            if let Some(place) = found.place(name) {
                *place = Some(value);
            } else if name.eq_ignore_ascii_case("tid") {
                // Case-insensitive readers would take it for the tenant; Microsoft's library also refuses this.
                return Err(invalid("`tid` in another spelling"));
            }
        }
        Ok(found)
    }
}

impl Claims {
    pub(crate) fn parse(payload: &VerifiedPayload, expected: &Expected<'_>) -> Result<Self, Rejection> {
        let members = Object::parse(payload.bytes(), MAX_CLAIMS_VALUES)
            .map_err(|reason| Rejection::ClaimsInvalid { reason: format!("the payload is {reason}") })?;
        let found = Found::in_members(&members)?;
        let iss = required("iss", text("iss", found.iss)?)?;
        let ver = required("ver", text("ver", found.ver)?)?;
        let tid = text("tid", found.tid)?;
        let client = match expected.versions.iter().find(|version| version.as_str() == ver) {
            Some(TokenVersion::V1) => required("appid", text("appid", found.appid)?)?,
            Some(TokenVersion::V2) => required("azp", text("azp", found.azp)?)?,
            None => String::new(),
        };
        let claims = Self {
            sub: required("sub", text("sub", found.sub)?)?,
            aud: audience(required("aud", found.aud)?)?,
            exp: required("exp", date("exp", found.exp, f64::floor)?)?,
            nbf: required("nbf", date("nbf", found.nbf, f64::ceil)?)?,
            iat: date("iat", found.iat, f64::ceil)?,
            tid: if expected.tid_required { Some(required("tid", tid)?) } else { tid },
            oid: text("oid", found.oid)?,
            client,
            scopes: scopes(found.scp)?,
            roles: texts("roles", found.roles)?,
            scps: texts("scps", found.scps).unwrap_or_default(),
            guest: is_guest(&found, &iss),
            iss,
            ver,
        };
        claims.check_consistent(&found)?;
        expected.extra.iter().try_for_each(|(name, value)| check_extra(&members, name, value.as_ref()))?;
        Ok(claims)
    }

    /// No honest issuer contradicts itself; a token that does is read differently by different parties.
    fn check_consistent(&self, found: &Found<'_>) -> Result<(), Rejection> {
        if self.nbf > self.exp {
            return Err(invalid("`nbf` is after `exp`"));
        }
        // Entra writes `/` or nothing into `scp` of an agent's app-only token, and `scopes` leaves both out.
        if borrowed_text("idtyp", found.idtyp)? == Some("app") && !self.scopes.is_empty() {
            return Err(invalid("`idtyp` says app-only, but there are scopes (`scp`)"));
        }
        // A key-bound token needs a proof of possession, which no bearer request has (RFC 7800 §3.1).
        if found.cnf.is_some() {
            return Err(invalid("`cnf` binds the token to a key: it is not a bearer token"));
        }
        Ok(())
    }
}

fn invalid(reason: impl Into<String>) -> Rejection {
    Rejection::ClaimsInvalid { reason: reason.into() }
}

fn required<T>(claim: &str, value: Option<T>) -> Result<T, Rejection> {
    value.ok_or_else(|| Rejection::ClaimMissing { claim: claim.to_owned() })
}

fn is_guest(found: &Found<'_>, iss: &str) -> bool {
    match found.acct {
        Some(acct) => *acct == Value::Integer(1),
        None => found.idp.and_then(Value::as_str).is_some_and(|idp| idp != iss),
    }
}

fn check_extra(members: &Object<'_>, name: &str, value: Option<&serde_json::Value>) -> Result<(), Rejection> {
    let actual = required(name, members.get(name))?;
    match value {
        Some(value) if actual != value => Err(invalid(format!("`{name}` does not have the required value"))),
        _ => Ok(()),
    }
}

fn borrowed_text<'a>(name: &str, value: Option<&'a Value<'_>>) -> Result<Option<&'a str>, Rejection> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) if !text.trim_start().is_empty() => Ok(Some(text)),
        Some(Value::String(_)) => Err(invalid(format!("`{name}` is empty"))),
        Some(_) => Err(invalid(format!("`{name}` is not a string"))),
    }
}

fn text(name: &str, value: Option<&Value<'_>>) -> Result<Option<String>, Rejection> {
    Ok(borrowed_text(name, value)?.map(str::to_owned))
}

fn texts(name: &str, value: Option<&Value<'_>>) -> Result<Vec<String>, Rejection> {
    let Some(value) = value else { return Ok(Vec::new()) };
    value.as_strings().ok_or_else(|| invalid(format!("`{name}` is not an array of strings")))
}

fn audience(value: &Value<'_>) -> Result<Vec<String>, Rejection> {
    match value {
        Value::String(audience) => Ok(vec![audience.clone().into_owned()]),
        value => {
            value.as_strings().ok_or_else(|| invalid("`aud` is neither a string nor an array of strings"))
        }
    }
}

/// `scp` is one string in Entra's tokens; an array of them is somebody else's token.
fn scopes(value: Option<&Value<'_>>) -> Result<Vec<String>, Rejection> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(text
            .split(' ')
            .filter(|scope| !scope.is_empty() && *scope != "/")
            .map(str::to_owned)
            .collect()),
        Some(_) => Err(invalid("`scp` is not a string")),
    }
}

/// A `NumericDate` (RFC 7519 §2): seconds since 1970, perhaps with a fraction. Beyond the year 9999 it is not
/// a date but a mistake, milliseconds for instance.
fn date(name: &str, value: Option<&Value<'_>>, round: fn(f64) -> f64) -> Result<Option<i64>, Rejection> {
    const YEAR_10000: i64 = 253_402_300_800;
    let seconds = match value {
        None => return Ok(None),
        Some(&Value::Integer(seconds)) => seconds,
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the cast saturates, and the range is checked below"
        )]
        Some(&Value::Float(seconds)) => round(seconds) as i64,
        Some(_) => return Err(invalid(format!("`{name}` is not a number"))),
    };
    if !(-YEAR_10000..YEAR_10000).contains(&seconds) {
        return Err(invalid(format!("`{name}` is not a date in seconds")));
    }
    Ok(Some(seconds))
}
