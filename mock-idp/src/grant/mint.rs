//! Makes the tokens that a grant allows.

use std::sync::Arc;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    directory::{App, Directory, GRAPH_ID},
    error::OAuthError,
    token::{Draft, Members, SignedToken, SigningKey, Spec, Subject, TokenKind, TokenVersion},
};

use super::{
    client::Client, granted::Grant, overrides::overridden, protocol_version::ProtocolVersion,
    resource::Resource, response_options::ResponseOptions, scope::ScopeRequest,
};

/// What tokens are made with, and when.
#[derive(Debug)]
pub(crate) struct Mint<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) key: Arc<SigningKey>,
    pub(crate) base_url: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// Differs between tokens of the same second.
    pub(crate) sequence: u64,
}

impl Mint<'_> {
    pub(crate) fn access_token(&self, grant: &Grant<'_>, options: &ResponseOptions) -> SignedToken {
        let (api, audience) = match (grant.scopes.resource, &grant.scopes.request.identifier) {
            (Resource::Graph, None) => (None, GRAPH_ID),
            (Resource::Graph, Some(identifier)) => (None, identifier.as_str()),
            (Resource::Api(api), None) => (Some(api), api.client_id.as_str()),
            (Resource::Api(api), Some(identifier)) => (Some(api), identifier.as_str()),
        };
        let subject = Subject { api, audience: Some(audience), ..self.subject(grant) };
        let scopes = grant.user.is_some().then(|| grant.scopes.in_token());
        let spec = Spec { kind: TokenKind::Access, scopes, ..self.spec(grant) };
        let mut draft = Draft::honest(&subject, &spec, self.base_url, self.now);
        let claims = &mut draft.claims;
        if grant.user.is_some() {
            hide_profile(claims, grant);
        }
        if let Some(context) = options.auth_context() {
            claims.insert("acrs".into(), json!([context]));
        }
        if let Some(api) = api {
            let asked = api.optional_claims.access_token.iter().any(|name| name == "xms_cc");
            if let Some(capabilities) = options.capabilities().filter(|_| asked) {
                claims.insert("xms_cc".into(), capabilities.clone());
            }
            if api.client_id != grant.client.app.client_id {
                overridden(claims, &api.mock_claims, &api.mock_without);
            }
        }
        override_all(claims, grant, options);
        draft.sign(&self.key)
    }

    /// The ID token of the grant's user, with hashes of what travels beside it.
    pub(super) fn id_token(
        &self,
        grant: &Grant<'_>,
        options: &ResponseOptions,
        hashes: &[(&str, &str)],
    ) -> Option<String> {
        let user = grant.user?;
        let version = match options.version {
            ProtocolVersion::V1 => TokenVersion::V1,
            ProtocolVersion::V2 => TokenVersion::V2,
        };
        let spec = Spec {
            kind: TokenKind::Id,
            version: Some(version),
            nonce: grant.nonce.clone(),
            session: grant.session.clone(),
            ..self.spec(grant)
        };
        let mut draft = Draft::honest(&self.subject(grant), &spec, self.base_url, self.now);
        let claims = &mut draft.claims;
        hide_profile(claims, grant);
        if options.in_fragment {
            shorten_groups(claims);
        }
        if let Some(email) = user.email.as_ref().filter(|_| grant.scopes.request.email) {
            claims.insert("email".into(), email.as_str().into());
        }
        claims.extend(hashes.iter().map(|(name, of)| ((*name).to_owned(), half_hash(of).into())));
        override_all(claims, grant, options);
        Some(draft.sign(&self.key).token)
    }

    /// A managed identity's token, which no client asks for.
    pub(crate) fn managed_identity_token(
        &self,
        identity: &App,
        resource: &str,
    ) -> Result<SignedToken, OAuthError> {
        let tenant = self.directory.tenant(&identity.tenant).unwrap_or(self.directory.home_tenant());
        let scopes = ScopeRequest::of_resource(resource).granted(self.directory, identity, tenant)?;
        let client = Client { app: identity, by_assertion: true };
        Ok(self.access_token(&Grant::for_app(client, tenant, scopes), &ResponseOptions::default()))
    }

    /// Entra's lifetimes end a second early. An overridden `exp` may be any number.
    pub(super) fn expires_in(&self, token: &SignedToken) -> i64 {
        let exp = token.claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
        exp.saturating_sub(self.now).saturating_sub(1)
    }

    pub(super) fn client_info(&self, grant: &Grant<'_>, options: &ResponseOptions) -> Option<String> {
        let user = grant.user.filter(|_| options.client_info)?;
        let utid = &grant.home_tenant(self.directory).tenant_id;
        let id = self.directory.home_id(user);
        Some(URL_SAFE_NO_PAD.encode(json!({"uid": id, "utid": utid}).to_string()))
    }

    fn subject<'b>(&'b self, grant: &Grant<'b>) -> Subject<'b> {
        let Grant { client, tenant, user, .. } = *grant;
        Subject { directory: self.directory, tenant, client: client.app, user, api: None, audience: None }
    }

    fn spec(&self, grant: &Grant<'_>) -> Spec {
        Spec { by_assertion: grant.client.by_assertion, sequence: self.sequence, ..Spec::default() }
    }
}

fn hide_profile(claims: &mut Members, grant: &Grant<'_>) {
    if !grant.scopes.request.profile {
        claims.remove("name");
        claims.remove("preferred_username");
    }
}

/// Six groups are too many for a URL
/// ([`hasgroups`](https://learn.microsoft.com/entra/identity-platform/id-token-claims-reference)).
fn shorten_groups(claims: &mut Members) {
    let many = claims.get("groups").and_then(Value::as_array).is_some_and(|groups| groups.len() >= 6);
    if many || claims.remove("_claim_names").is_some() {
        claims.remove("groups");
        claims.remove("_claim_sources");
        claims.insert("hasgroups".to_owned(), true.into());
    }
}

/// What the directory overrides in this grant's tokens, and then what the request does.
fn override_all(claims: &mut Members, grant: &Grant<'_>, options: &ResponseOptions) {
    overridden(claims, &grant.client.app.mock_claims, &grant.client.app.mock_without);
    if let Some(user) = grant.user {
        overridden(claims, &user.mock_claims, &user.mock_without);
    }
    options.overrides.apply(claims);
}

/// `c_hash` and `at_hash`: the left half of the SHA-256, as RS256 has it
/// ([OpenID Connect Core §3.3.2.11](https://openid.net/specs/openid-connect-core-1_0.html#HybridIDToken)).
fn half_hash(of: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest::digest(&digest::SHA256, of.as_bytes()).as_ref()[..16])
}
