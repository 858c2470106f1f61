//! The answer to a token request (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

use std::{collections::BTreeMap, sync::Arc};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory},
    error::OAuthError,
    token::{SignedToken, SigningKey, TokenBuilder, TokenVersion},
};

use super::{Grant, Parameters, Resource, ScopeRequest, client::Client};

/// Who issues, with which key, and when.
#[derive(Debug)]
pub(crate) struct Issuer {
    pub(crate) directory: Arc<Directory>,
    pub(crate) key: Arc<SigningKey>,
    pub(crate) base_url: String,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// Tells apart tokens of one second.
    pub(crate) sequence: u64,
}

/// A successful answer of the v2.0 endpoint: exactly the members that Entra sends for the grant.
#[derive(Debug, Serialize)]
pub(crate) struct TokenResponse {
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    expires_in: i64,
    ext_expires_in: i64,
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_info: Option<String>,
}

/// How the endpoint and the request want the answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// Whether the client asked for `client_info`.
    pub(crate) client_info: bool,
    /// Whether the endpoint is the v1.0 one, whose ID tokens are of that version.
    pub(crate) version_one: bool,
    /// What the request's `claims` asks for
    /// ([claims request](https://learn.microsoft.com/entra/identity-platform/claims-challenge)).
    pub(crate) claims: Value,
    /// What the request wants to have otherwise.
    pub(crate) overrides: Overrides,
}

impl Wishes {
    pub(crate) fn of(parameters: &Parameters, version_one: bool) -> Result<Self, OAuthError> {
        let claims = parameters.get("claims").map_or(Ok(Value::Null), |text| {
            serde_json::from_str(text).map_err(|error| {
                Aadsts::InvalidRequest.because(format!("The parameter claims is no JSON: {error}."))
            })
        })?;
        Ok(Self {
            client_info: parameters.get("client_info") == Some("1"),
            version_one,
            claims,
            overrides: Overrides::asked(parameters)?,
        })
    }

    /// The authentication context that the access token is to prove.
    fn auth_context(&self) -> Option<&Value> {
        self.claims.get("access_token")?.get("acrs")?.get("value")
    }

    /// The client's capabilities (`cp1`: it understands claims challenges), which the token passes on if its API asks.
    fn capabilities(&self) -> Option<&Value> {
        self.claims.get("access_token")?.get("xms_cc")?.get("values")
    }
}

/// Claims that replace honest ones, and claims that are left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Overrides {
    pub(crate) claims: BTreeMap<String, Value>,
    pub(crate) without: Vec<String>,
}

impl Overrides {
    /// The parameters `mock_claims` (a JSON object) and `mock_without` (names separated by spaces), which the real Entra ID
    /// would ignore.
    pub(crate) fn asked(parameters: &Parameters) -> Result<Self, OAuthError> {
        let claims = parameters.get("mock_claims").map_or(Ok(BTreeMap::new()), |text| {
            serde_json::from_str(text).map_err(|error| {
                Aadsts::InvalidRequest
                    .because(format!("mock_claims is not a JSON object of claims: {error}."))
            })
        })?;
        let without = parameters.get("mock_without").unwrap_or_default();
        Ok(Self { claims, without: without.split_whitespace().map(str::to_owned).collect() })
    }
}

fn overridden(builder: TokenBuilder, claims: &BTreeMap<String, Value>, without: &[String]) -> TokenBuilder {
    let builder = claims.iter().fold(builder, |builder, (name, value)| builder.claim(name, value.clone()));
    without.iter().fold(builder, TokenBuilder::without)
}

/// What the directory wants otherwise in this grant's tokens, and then what the request does.
fn with_wishes(builder: TokenBuilder, grant: &Grant<'_>, wishes: &Wishes) -> TokenBuilder {
    let mut builder = overridden(builder, &grant.client.mock_claims, &grant.client.mock_without);
    if let Some(user) = grant.user {
        builder = overridden(builder, &user.mock_claims, &user.mock_without);
    }
    overridden(builder, &wishes.overrides.claims, &wishes.overrides.without)
}

impl Issuer {
    /// Makes the tokens that the grant allows.
    pub(crate) fn respond(&self, grant: Grant<'_>, wishes: &Wishes) -> Result<TokenResponse, OAuthError> {
        let access_token = self.access_token(&grant, wishes)?;
        Ok(TokenResponse {
            token_type: "Bearer",
            scope: grant.user.is_some().then(|| scope_member(&grant)).transpose()?,
            expires_in: self.expires_in(&access_token),
            ext_expires_in: self.expires_in(&access_token),
            access_token: access_token.token,
            id_token: self.id_token(&grant, wishes)?,
            client_info: self.client_info(&grant, wishes),
            refresh_token: grant.refresh_token,
        })
    }

    /// As [`respond`](Self::respond), in the form of the v1.0 endpoint: numbers are text, and the resource is named.
    pub(crate) fn respond_v1(&self, grant: Grant<'_>, wishes: &Wishes) -> Result<Value, OAuthError> {
        let access_token = self.access_token(&grant, wishes)?;
        let claim = |name: &str| access_token.claims.get(name).cloned().unwrap_or_default().to_string();
        let resource = grant.scopes.identifier.clone().unwrap_or_else(|| grant.resource.uri());
        let mut body = json!({
            "token_type": "Bearer",
            "expires_in": self.expires_in(&access_token).to_string(),
            "ext_expires_in": self.expires_in(&access_token).to_string(),
            "expires_on": claim("exp"),
            "not_before": claim("nbf"),
            "resource": resource,
            "access_token": access_token.token,
        });
        if grant.user.is_some() {
            body["scope"] = grant.scopes.granted(grant.client, grant.resource)?.join(" ").into();
        }
        for (name, value) in [
            ("id_token", self.id_token(&grant, wishes)?),
            ("client_info", self.client_info(&grant, wishes)),
            ("refresh_token", grant.refresh_token),
        ] {
            if let Some(value) = value {
                body[name] = value.into();
            }
        }
        Ok(body)
    }

    /// Entra's lifetimes end a second early. The claim may be one on demand, and any number.
    pub(crate) fn expires_in(&self, token: &SignedToken) -> i64 {
        let exp = token.claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
        exp.saturating_sub(self.now).saturating_sub(1)
    }

    pub(crate) fn client_info(&self, grant: &Grant<'_>, wishes: &Wishes) -> Option<String> {
        let user = grant.user.filter(|_| wishes.client_info)?;
        let utid = grant.home_tenant_id(&self.directory);
        Some(URL_SAFE_NO_PAD.encode(json!({"uid": user.oid, "utid": utid}).to_string()))
    }

    /// A managed identity's token, which no client asks for.
    pub(crate) fn application_token(
        &self,
        identity: &App,
        resource: &str,
    ) -> Result<SignedToken, OAuthError> {
        let scopes = ScopeRequest::of_resource(resource)?;
        let directory = Arc::clone(&self.directory);
        let tenant = directory.tenant(&identity.tenant).unwrap_or(directory.home_tenant());
        let client = Client { app: identity, by_assertion: true };
        let grant = Grant::new(client, tenant, scopes.resource(&directory, tenant)?, scopes);
        self.access_token(&grant, &Wishes::default())
    }

    fn builder(&self, grant: &Grant<'_>) -> TokenBuilder {
        TokenBuilder::new(Arc::clone(&self.directory), Arc::clone(&self.key), &self.base_url, self.now)
            .client(&grant.client.client_id)
            .tenant(&grant.tenant.tenant_id)
            .by_assertion(grant.by_assertion)
            .sequence(self.sequence)
    }

    pub(crate) fn access_token(&self, grant: &Grant<'_>, wishes: &Wishes) -> Result<SignedToken, OAuthError> {
        // An API of version 1.0 finds itself under the name that the client called it by.
        let audience = match (grant.resource, &grant.scopes.identifier) {
            (Resource::Api(_), Some(identifier)) => identifier.clone(),
            (resource, _) => resource.id(),
        };
        let mut builder = self.builder(grant).audience(audience);
        if let Some(user) = grant.user {
            let mut scopes = grant.scopes.granted(grant.client, grant.resource)?;
            if matches!(grant.resource, Resource::Graph) {
                scopes.extend(grant.scopes.oidc().map(str::to_owned));
            }
            builder = builder.user(&user.oid).scopes(scopes);
            if !grant.scopes.profile {
                builder = builder.without("name").without("preferred_username");
            }
        }
        if let Some(context) = wishes.auth_context() {
            builder = builder.claim("acrs", json!([context]));
        }
        if let Resource::Api(api) = grant.resource {
            let asked = api.optional_claims.access_token.iter().any(|name| name == "xms_cc");
            if let Some(capabilities) = wishes.capabilities().filter(|_| asked) {
                builder = builder.claim("xms_cc", capabilities.clone());
            }
            if api.client_id != grant.client.client_id {
                builder = overridden(builder, &api.mock_claims, &api.mock_without);
            }
        }
        sign(&with_wishes(builder, grant, wishes))
    }

    fn id_token(&self, grant: &Grant<'_>, wishes: &Wishes) -> Result<Option<String>, OAuthError> {
        if !grant.scopes.openid {
            return Ok(None);
        }
        Ok(self.id_token_with(grant, wishes, &[])?.map(|token| token.token))
    }

    /// The ID token of a user, with hashes of what travels beside it.
    pub(crate) fn id_token_with(
        &self,
        grant: &Grant<'_>,
        wishes: &Wishes,
        hashes: &[(&str, &str)],
    ) -> Result<Option<SignedToken>, OAuthError> {
        let Some(user) = grant.user else { return Ok(None) };
        let mut builder = self.builder(grant).user(&user.oid).id_token();
        if wishes.version_one {
            builder = builder.version(TokenVersion::V1);
        }
        if let Some(nonce) = &grant.nonce {
            builder = builder.nonce(nonce);
        }
        if let Some(session) = &grant.session {
            builder = builder.session(session);
        }
        if !grant.scopes.profile {
            builder = builder.without("name").without("preferred_username");
        }
        if grant.scopes.email
            && let Some(email) = &user.email
        {
            builder = builder.claim("email", email.as_str());
        }
        for (name, of) in hashes {
            builder = builder.claim(*name, half_hash(of));
        }
        sign(&with_wishes(builder, grant, wishes)).map(Some)
    }
}

/// `c_hash` and `at_hash`: the left half of the SHA-256, as RS256 has it
/// ([OpenID Connect Core §3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)).
fn half_hash(of: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, of.as_bytes()).as_ref()[..16])
}

fn sign(builder: &TokenBuilder) -> Result<SignedToken, OAuthError> {
    builder.try_sign().map_err(|error| Aadsts::InvalidGrant.because(error.to_string()))
}

/// The granted scopes of the resource with its address before each, as the client spelt it; those of Graph without.
fn scope_member(grant: &Grant<'_>) -> Result<String, OAuthError> {
    let granted = grant.scopes.granted(grant.client, grant.resource)?;
    let mut scopes: Vec<String> = match (&grant.scopes.identifier, grant.resource) {
        (Some(identifier), Resource::Api(_)) => {
            granted.iter().map(|scope| format!("{identifier}/{scope}")).collect()
        }
        _ => granted,
    };
    if grant.scopes.default {
        let identifier = grant.scopes.identifier.clone().unwrap_or_else(|| grant.resource.uri());
        scopes.push(format!("{identifier}/.default"));
    }
    if matches!(grant.resource, Resource::Graph) {
        scopes.extend(grant.scopes.oidc().map(str::to_owned));
    }
    Ok(scopes.join(" "))
}

impl Grant<'_> {
    fn home_tenant_id(&self, directory: &Directory) -> String {
        let home = self.user.and_then(|user| directory.tenant(user.home_tenant.as_deref()?));
        home.unwrap_or(self.tenant).tenant_id.clone()
    }
}
