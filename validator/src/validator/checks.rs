//! The steps that judge claims: was the token issued for us, now, and may this caller enter?

use std::borrow::Cow;

use crate::{
    Claims, KeySet, Rejection, TokenVersion, VerifiedToken,
    token::{Dialect, Expected, Signed},
};

use super::{Permissions, Validator};

impl Validator {
    pub(super) fn expected(&self) -> Expected<'_> {
        Expected { versions: &self.versions, dialect: self.authority.dialect(), extra: &self.required_claims }
    }

    /// Which of Entra's versions the token has, if it is Entra's.
    pub(super) fn check_version(&self, claims: &Claims) -> Result<Option<TokenVersion>, Rejection> {
        let ours = |version: &TokenVersion| self.versions.contains(version);
        match (self.authority.dialect(), claims.ver.as_str()) {
            (Dialect::B2c, "1.0") => Ok(None),
            // Another provider's, which has no versions.
            (Dialect::Any, "") if ours(&TokenVersion::V2) => Ok(None),
            (Dialect::Entra | Dialect::Any, "2.0") if ours(&TokenVersion::V2) => Ok(Some(TokenVersion::V2)),
            (Dialect::Entra | Dialect::Any, "1.0") if ours(&TokenVersion::V1) => Ok(Some(TokenVersion::V1)),
            (_, ver) => Err(Rejection::VersionNotSupported { ver: ver.to_owned() }),
        }
    }

    pub(super) fn check_tenant(&self, claims: &Claims, keys: &KeySet) -> Result<(), Rejection> {
        if self.authority.serves_tenant(claims.tid.as_deref(), keys) {
            return Ok(());
        }
        Err(Rejection::TenantNotTrusted { tid: claims.tid.clone().unwrap_or_default() })
    }

    /// Byte for byte: nothing is normalised, and a prefix is not enough.
    pub(super) fn check_issuer(
        &self,
        signed: &Signed,
        version: Option<TokenVersion>,
        keys: &KeySet,
    ) -> Result<(), Rejection> {
        let Signed { kid, key, claims, .. } = signed;
        let tid = claims.tid.as_deref();
        let mut expected = self.authority.issuers(tid, version, keys);
        if !expected.any(|issuer| issuer == claims.iss) {
            let usual = self.authority.issuers(tid, version, keys).next().map(Cow::into_owned);
            return Err(Rejection::IssuerUntrusted { expected: usual, actual: claims.iss.clone() });
        }
        if let (Some(ours), Some(policy)) = (self.authority.policy(), &claims.policy)
            && !policy.eq_ignore_ascii_case(ours)
        {
            return Err(Rejection::PolicyNotTrusted { policy: policy.clone() });
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

    pub(super) fn check_audience(
        &self,
        claims: &Claims,
        version: Option<TokenVersion>,
    ) -> Result<(), Rejection> {
        let v1 = version == Some(TokenVersion::V1);
        let ours = if v1 { &self.v1_audiences } else { &self.v2_audiences };
        let is_ours = |audience: &String| {
            let audience = if v1 { without_slash(audience) } else { audience };
            !audience.is_empty() && ours.contains(audience)
        };
        if claims.aud.iter().any(is_ours) {
            return Ok(());
        }
        Err(Rejection::AudienceInvalid {
            expected: ours.iter().cloned().collect(),
            actual: claims.aud.clone(),
        })
    }

    /// "On or after" `exp` is too late (RFC 7519 §4.1.4).
    pub(super) fn check_expiry(&self, claims: &Claims, now: i64) -> Result<(), Rejection> {
        if now < claims.exp + self.leeway_for(claims) {
            return Ok(());
        }
        Err(Rejection::Expired { exp: claims.exp, now })
    }

    pub(super) fn check_not_before(&self, claims: &Claims, now: i64) -> Result<(), Rejection> {
        match claims.nbf {
            Some(nbf) if nbf > now + self.leeway_for(claims) => Err(Rejection::Immature { nbf, now }),
            _ => Ok(()),
        }
    }

    /// A token whose `nbf` is after its `exp` is good at no time, and no leeway makes one between them.
    fn leeway_for(&self, claims: &Claims) -> i64 {
        if claims.nbf.is_some_and(|nbf| nbf > claims.exp) { 0 } else { self.leeway.seconds() }
    }

    /// A token from the future was made with a wrong clock, or prepared by someone.
    pub(super) fn check_issued_at(&self, claims: &Claims, now: i64) -> Result<(), Rejection> {
        match claims.iat {
            Some(iat) if iat > now + self.leeway.seconds() => Err(Rejection::IssuedInFuture { iat, now }),
            _ => Ok(()),
        }
    }

    pub(super) fn check_permissions(&self, claims: &Claims) -> Result<(), Rejection> {
        let scopes = !claims.scopes.is_empty();
        let roles = !claims.roles.is_empty() || (self.flask_permissions && !claims.scps.is_empty());
        let (carried, required) = match self.permissions {
            Permissions::NoneNeeded => (true, ""),
            Permissions::ScopesOrRoles => {
                (scopes || roles || self.allowed_clients.is_some(), "scopes (scp) or app roles (roles)")
            }
            Permissions::Scopes => (claims.is_delegated(), "scopes (scp) that a user has delegated"),
            Permissions::AppOnlyRoles => {
                (roles && claims.is_app_only(), "app roles (roles) of an app-only token")
            }
        };
        if carried { Ok(()) } else { Err(Rejection::PermissionsMissing { required }) }
    }

    pub(super) fn check_client(&self, claims: &Claims) -> Result<(), Rejection> {
        match &self.allowed_clients {
            Some(allowed) if claims.client.is_empty() || !allowed.contains(&claims.client) => {
                Err(Rejection::ClientNotTrusted { client: claims.client.clone() })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn check_subject(&self, claims: &Claims) -> Result<(), Rejection> {
        if claims.is_guest() && !self.guests_allowed {
            return Err(Rejection::GuestNotAllowed);
        }
        let Some(allowed) = &self.allowed_subjects else { return Ok(()) };
        if allowed.contains(&claims.sub) || claims.oid.as_ref().is_some_and(|oid| allowed.contains(oid)) {
            return Ok(());
        }
        Err(Rejection::SubjectNotTrusted)
    }

    /// The API's own rules, in the order in which they were added.
    pub(super) fn check_rules(&self, token: &VerifiedToken) -> Result<(), Rejection> {
        match self.rules.iter().find(|rule| !(rule.holds)(token)) {
            Some(rule) => Err(Rejection::CheckFailed { name: rule.name }),
            None => Ok(()),
        }
    }
}

/// Clients name a v1.0 resource with or without a slash at its end, and `aud` repeats it; Microsoft's own library ignores
/// the slash as well (`IgnoreTrailingSlashWhenValidatingAudience`).
pub(super) fn without_slash(audience: &str) -> &str {
    audience.strip_suffix('/').unwrap_or(audience)
}
