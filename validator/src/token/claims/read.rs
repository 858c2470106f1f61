//! Step 8: the claims set, read from the payload.

use crate::{
    Rejection,
    authority::tenant_in,
    jose::{Object, Value, VerifiedPayload},
};

use super::{Bearer, Claims, Dialect, TokenVersion};

/// The largest number of JSON values in a claims set. Entra's own have about 25, and up to 200 groups.
const MAX_CLAIMS_VALUES: usize = 4_096;

/// What step 8 must know of the policy.
pub(crate) struct Expected<'a> {
    /// The accepted versions, for which the client claim must be there; any other is the next step's to refuse.
    pub(crate) versions: &'a [TokenVersion],
    pub(crate) dialect: Dialect,
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

claims! {
    iss sub aud exp nbf iat ver tid oid azp appid client_id scp scope roles scps acct idp idtyp cnf tfp acr
    at_hash c_hash
}

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
        let claims = Self::of(&found, expected)?;
        check_consistent(&claims, &found)?;
        expected.extra.iter().try_for_each(|(name, value)| check_extra(&members, name, value.as_ref()))?;
        Ok(claims)
    }

    fn of(found: &Found<'_>, expected: &Expected<'_>) -> Result<Self, Rejection> {
        // Entra's ID tokens have `ver`, too: none of them passes as the token of a provider that is asked for less.
        let foreign = expected.dialect == Dialect::Any && found.ver.is_none();
        if foreign && (found.at_hash.is_some() || found.c_hash.is_some()) {
            return Err(invalid("`at_hash` or `c_hash` marks an ID token (OpenID Connect Core §3.1.3.6)"));
        }
        let iss = required("iss", text("iss", found.iss)?)?;
        let ver = if foreign { String::new() } else { required("ver", text("ver", found.ver)?)? };
        let tid = text("tid", found.tid)?;
        let client = if foreign { foreign_client(found)? } else { client(found, &ver, expected)? };
        let nbf = date("nbf", found.nbf, f64::ceil)?;
        let scopes = scopes(found.scp.or(found.scope.filter(|_| foreign)))?;
        Ok(Self {
            sub: required("sub", text("sub", found.sub)?)?,
            aud: audience(required("aud", found.aud)?)?,
            exp: required("exp", date("exp", found.exp, f64::floor)?)?,
            nbf: if foreign { nbf } else { Some(required("nbf", nbf)?) },
            iat: date("iat", found.iat, f64::ceil)?,
            oid: text("oid", found.oid)?,
            client,
            roles: texts("roles", found.roles)?,
            scps: texts("scps", found.scps).unwrap_or_default(),
            policy: policy(found, expected)?,
            bearer: bearer(found, &scopes)?,
            guest: is_guest(found, &iss, tid.as_deref())?,
            scopes,
            tid: if expected.dialect == Dialect::Entra { Some(required("tid", tid)?) } else { tid },
            iss,
            ver,
        })
    }
}

/// No honest issuer contradicts itself; a token that does is read differently by different parties.
fn check_consistent(claims: &Claims, found: &Found<'_>) -> Result<(), Rejection> {
    // Entra writes `/` or nothing into `scp` of an agent's app-only token, and `scopes` leaves both out.
    if claims.is_app_only() && !claims.scopes.is_empty() {
        return Err(invalid("`idtyp` says app-only, but there are scopes (`scp`)"));
    }
    // A key-bound token needs a proof of possession, which no bearer request has (RFC 7800 §3.1).
    if found.cnf.is_some() {
        return Err(invalid("`cnf` binds the token to a key: it is not a bearer token"));
    }
    Ok(())
}

/// `azp` or `appid`, as the version has it. A token of no accepted version is the next step's to refuse.
fn client(found: &Found<'_>, ver: &str, expected: &Expected<'_>) -> Result<String, Rejection> {
    let version = expected.versions.iter().find(|version| version.as_str() == ver);
    match version {
        _ if expected.dialect == Dialect::B2c => required("azp", text("azp", found.azp)?),
        Some(TokenVersion::V1) => required("appid", text("appid", found.appid)?),
        Some(TokenVersion::V2) => required("azp", text("azp", found.azp)?),
        None => Ok(String::new()),
    }
}

/// Wherever another provider names the client, if it does (`client_id`: RFC 9068 §2.2).
fn foreign_client(found: &Found<'_>) -> Result<String, Rejection> {
    let (azp, client_id) = (text("azp", found.azp)?, text("client_id", found.client_id)?);
    Ok(azp.or(client_id).or(text("appid", found.appid)?).unwrap_or_default())
}

/// `tfp`, or `acr` in tokens of old policies.
fn policy(found: &Found<'_>, expected: &Expected<'_>) -> Result<Option<String>, Rejection> {
    if expected.dialect != Dialect::B2c {
        return Ok(None);
    }
    let policy = text("tfp", found.tfp)?.map_or_else(|| text("acr", found.acr), |policy| Ok(Some(policy)))?;
    required("tfp", policy).map(Some)
}

fn bearer(found: &Found<'_>, scopes: &[String]) -> Result<Bearer, Rejection> {
    Ok(match borrowed_text("idtyp", found.idtyp)? {
        Some("app") => Bearer::App,
        Some("user") => Bearer::User,
        Some(_) => Bearer::Other,
        None if scopes.is_empty() => Bearer::App,
        None => Bearer::User,
    })
}

/// `acct` says so. Without it, an `idp` of another tenant than the token's: Entra writes the own tenant's issuer in either
/// version's form.
fn is_guest(found: &Found<'_>, iss: &str, tid: Option<&str>) -> Result<bool, Rejection> {
    let idp = borrowed_text("idp", found.idp)?;
    match found.acct {
        Some(Value::Integer(acct @ 0..=1)) => Ok(*acct == 1),
        Some(_) => Err(invalid("`acct` is neither 0 nor 1")),
        None => Ok(idp.is_some_and(|idp| match tenant_in(idp) {
            Some(home) if tid.is_some() => tid != Some(&home),
            _ => idp != iss,
        })),
    }
}

fn invalid(reason: impl Into<String>) -> Rejection {
    Rejection::ClaimsInvalid { reason: reason.into() }
}

fn required<T>(claim: &str, value: Option<T>) -> Result<T, Rejection> {
    value.ok_or_else(|| Rejection::ClaimMissing { claim: claim.to_owned() })
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
