//! The answer to a token request (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Serialize;
use serde_json::json;

use crate::{
    directory::Directory,
    error::OAuthError,
    token::{SignedToken, SigningKey, TokenBuilder},
};

use super::{Grant, Resource};

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

/// A successful answer: exactly the members that Entra sends for the grant.
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

impl Issuer {
    /// Makes the tokens that the grant allows. `client_info` if the client asked for it.
    pub(crate) fn respond(&self, grant: Grant<'_>, client_info: bool) -> Result<TokenResponse, OAuthError> {
        let access_token = self.access_token(&grant)?;
        // Entra's lifetimes end a second early.
        let expires_in = access_token.claims["exp"].as_i64().unwrap_or_default() - self.now - 1;
        Ok(TokenResponse {
            token_type: "Bearer",
            scope: grant.user.is_some().then(|| scope_member(&grant)).transpose()?,
            expires_in,
            ext_expires_in: expires_in,
            access_token: access_token.token,
            id_token: self.id_token(&grant)?,
            client_info: grant.user.filter(|_| client_info).map(|user| {
                let utid = grant.home_tenant_id(&self.directory);
                URL_SAFE_NO_PAD.encode(json!({"uid": user.oid, "utid": utid}).to_string())
            }),
            refresh_token: grant.refresh_token,
        })
    }

    fn builder(&self, grant: &Grant<'_>) -> TokenBuilder {
        TokenBuilder::new(Arc::clone(&self.directory), Arc::clone(&self.key), &self.base_url, self.now)
            .client(&grant.client.client_id)
            .tenant(&grant.tenant.tenant_id)
            .sequence(self.sequence)
    }

    fn access_token(&self, grant: &Grant<'_>) -> Result<SignedToken, OAuthError> {
        let mut builder = self.builder(grant).audience(grant.resource.id());
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
        sign(&builder)
    }

    fn id_token(&self, grant: &Grant<'_>) -> Result<Option<String>, OAuthError> {
        let Some(user) = grant.user.filter(|_| grant.scopes.openid) else { return Ok(None) };
        let mut builder = self.builder(grant).user(&user.oid).id_token();
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
        Ok(Some(sign(&builder)?.token))
    }
}

fn sign(builder: &TokenBuilder) -> Result<SignedToken, OAuthError> {
    builder.try_sign().map_err(|error| OAuthError::new(70000, error.to_string()))
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
