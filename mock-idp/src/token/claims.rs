//! Honest claims: what Entra would put into a token. A pure function of subject, request and time.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::directory::{App, AppKind, GRAPH_URI, RequestedVersion, User, is_graph};

use super::{
    kind::{TokenKind, TokenVersion},
    seed::Seed,
    signed::Draft,
    spec::Spec,
    subject::{Subject, pairwise},
};

/// Entra dates its tokens back, in seconds.
const BACKDATED: i64 = 300;

/// The lifetime of an ID token, in seconds.
const ID_TOKEN_LIFETIME: i64 = 3600;
/// The lifetime of a managed identity's token, in seconds
/// ([24 hours](https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations#limitation-of-using-managed-identities-for-authorization)).
const MANAGED_IDENTITY_LIFETIME: i64 = 24 * 3600;

pub(super) struct Honest<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) spec: &'a Spec,
    pub(super) issuer_base: &'a str,
    now: i64,
    pub(super) version: TokenVersion,
    audience: String,
    issuer: String,
    pub(super) seed: Seed,
}

impl Draft {
    /// An honest token for this subject. The names in `spec` are looked up already: they are not looked at.
    pub(crate) fn honest(subject: &Subject<'_>, spec: &Spec, issuer_base: &str, now: i64) -> Self {
        let honest = Honest::new(subject, spec, issuer_base, now);
        let mut claims = honest.common();
        match (spec.kind, subject.user) {
            (TokenKind::Id, user) => honest.add_id(&mut claims, user),
            (TokenKind::Access, Some(user)) => honest.add_delegated(&mut claims, user),
            (TokenKind::Access, None) => honest.add_app_only(&mut claims),
        }
        honest.add_optional(&mut claims);
        let nonce = honest.is_for_graph().then(|| honest.seed.opaque("nonce", 32));
        Self { version: honest.version, kind: spec.kind, claims, nonce }
    }
}

/// Microsoft Graph accepts v1.0 tokens
/// ([on-behalf-of flow](https://learn.microsoft.com/entra/identity-platform/v2-oauth2-on-behalf-of-flow), the response's note).
fn version(subject: &Subject<'_>, spec: &Spec) -> TokenVersion {
    spec.version.unwrap_or_else(|| match (subject.api, spec.kind) {
        (Some(api), TokenKind::Access) if api.token_version == RequestedVersion::V1 => TokenVersion::V1,
        (None, TokenKind::Access) if subject.audience.is_some_and(is_graph) => TokenVersion::V1,
        _ => TokenVersion::V2,
    })
}

/// An API of v1.0 finds itself under the name that the client called it by.
fn audience(subject: &Subject<'_>, kind: TokenKind, version: TokenVersion) -> String {
    match (kind, subject.api, version) {
        (TokenKind::Id, ..) => subject.client.client_id.clone(),
        (_, Some(api), TokenVersion::V2) => api.client_id.clone(),
        (_, Some(api), TokenVersion::V1) => {
            subject.audience.or(api.identifier_uri.as_deref()).unwrap_or(&api.client_id).to_owned()
        }
        (_, None, _) => subject.audience.unwrap_or_default().to_owned(),
    }
}

impl<'a> Honest<'a> {
    fn new(subject: &'a Subject<'a>, spec: &'a Spec, issuer_base: &'a str, now: i64) -> Self {
        let version = version(subject, spec);
        let audience = audience(subject, spec.kind, version);
        let tenant_id = &subject.tenant.tenant_id;
        let issuer = match version {
            TokenVersion::V1 => format!("{issuer_base}/{tenant_id}/"),
            TokenVersion::V2 => format!("{issuer_base}/{tenant_id}/v2.0"),
        };
        let seed = Seed::new(spec, now, &audience);
        Self { subject, spec, issuer_base, now, version, audience, issuer, seed }
    }

    fn common(&self) -> Map<String, Value> {
        let issued_at = self.issued_at();
        object(json!({
            "aud": self.audience,
            "iss": self.issuer,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": self.end(),
            "aio": self.seed.opaque("aio", 36),
            "rh": format!("1.{}.", self.seed.opaque("rh", 30)),
            "tid": self.subject.tenant.tenant_id,
            "uti": self.seed.opaque("uti", 16),
            "ver": match self.version { TokenVersion::V1 => "1.0", TokenVersion::V2 => "2.0" },
        }))
    }

    fn is_for_graph(&self) -> bool {
        self.spec.kind == TokenKind::Access && self.subject.api.is_none() && is_graph(&self.audience)
    }

    fn add_app_only(&self, claims: &mut Map<String, Value>) {
        let client = self.subject.client;
        self.add_client(claims);
        claims.insert("oid".into(), json!(client.service_principal_id));
        claims.insert("sub".into(), json!(client.service_principal_id));
        let assigned = || self.of_reader(&client.assigned_roles);
        add_list(claims, "roles", self.spec.roles.clone().unwrap_or_else(assigned));
        match self.version {
            TokenVersion::V1 => claims.insert("idp".into(), json!(self.issuer)),
            // Undocumented, and in every such token: an API must ignore it.
            TokenVersion::V2 => claims.insert("xms_ftd".into(), json!(self.seed.opaque("xms_ftd", 48))),
        };
        if let Some(resource) = client.resource_id.as_ref().filter(|_| client.managed_identity) {
            claims.insert("xms_mirid".into(), json!(resource));
        }
        if self.is_for_graph() {
            claims.extend(object(json!({"app_displayname": client.name, "idtyp": "app"})));
        }
    }

    fn add_delegated(&self, claims: &mut Map<String, Value>, user: &User) {
        let client = self.subject.client;
        self.add_client(claims);
        self.add_user(claims, user);
        let consented = || self.of_reader(&client.delegated);
        claims.insert("scp".into(), json!(self.spec.scopes.clone().unwrap_or_else(consented).join(" ")));
        self.add_roles(claims, user);
        add_list(claims, "wids", user.directory_roles.clone());
        if self.version == TokenVersion::V1 {
            claims.insert("acr".into(), json!("1"));
        }
        if self.is_for_graph() {
            claims.extend(object(json!({
                "app_displayname": client.name,
                "idtyp": "user",
                // The same person's in the client's ID token: what userinfo responds with.
                "xms_st": {"sub": pairwise(user, &client.client_id)},
            })));
        }
    }

    fn add_id(&self, claims: &mut Map<String, Value>, user: Option<&User>) {
        let Some(user) = user else { return };
        self.add_user(claims, user);
        self.add_roles(claims, user);
        if self.subject.client.group_claims {
            add_list(claims, "wids", user.directory_roles.clone());
        }
        claims
            .insert("sid".into(), json!(self.spec.session.clone().unwrap_or_else(|| self.seed.guid("sid"))));
        if let Some(nonce) = &self.spec.nonce {
            claims.insert("nonce".into(), json!(nonce));
        }
    }

    /// The user's app roles of the reader, which for an ID token is the client.
    fn add_roles(&self, claims: &mut Map<String, Value>, user: &User) {
        let assigned = || self.of_reader(&user.assigned_roles);
        add_list(claims, "roles", self.spec.roles.clone().unwrap_or_else(assigned));
    }

    fn add_client(&self, claims: &mut Map<String, Value>) {
        // 0: a public client, 1: a secret, 2: an assertion.
        let authenticated = match (self.subject.client.kind, self.spec.by_assertion) {
            (AppKind::Public, _) => "0",
            (_, false) => "1",
            (_, true) => "2",
        };
        let (id, method) = match self.version {
            TokenVersion::V1 => ("appid", "appidacr"),
            TokenVersion::V2 => ("azp", "azpacr"),
        };
        claims.insert(id.into(), json!(self.subject.client.client_id));
        claims.insert(method.into(), json!(authenticated));
    }

    /// The app whose token it is to read: for an ID token the client, `None` for one that the directory does not have.
    pub(super) fn reader(&self) -> Option<&'a App> {
        match self.spec.kind {
            TokenKind::Id => Some(self.subject.client),
            TokenKind::Access => self.subject.api,
        }
    }

    /// How the reader is told from other readers.
    pub(super) fn reader_id(&self) -> &str {
        self.reader().map_or(&self.audience, |app| &app.client_id)
    }

    /// The permissions that the reader defines.
    fn of_reader(&self, granted: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let permissions = match self.reader() {
            Some(app) => self.subject.directory.permissions_of(app, granted),
            None => granted.get(GRAPH_URI).filter(|_| is_graph(&self.audience)),
        };
        permissions.cloned().unwrap_or_default()
    }

    fn end(&self) -> i64 {
        self.now.saturating_add(self.spec.expires_in.unwrap_or_else(|| self.lifetime()))
    }

    /// A token that has expired was issued a whole lifetime before.
    pub(super) fn issued_at(&self) -> i64 {
        let (usual, end) = (self.now.saturating_sub(BACKDATED), self.end());
        let honest = if usual < end { usual } else { end.saturating_sub(self.lifetime()) };
        self.spec.issued_at.unwrap_or(honest)
    }

    fn lifetime(&self) -> i64 {
        match self.spec.kind {
            TokenKind::Id => ID_TOKEN_LIFETIME,
            TokenKind::Access => {
                let Subject { api, client, user, .. } = self.subject;
                let usual = if client.managed_identity && user.is_none() {
                    MANAGED_IDENTITY_LIFETIME
                } else {
                    self.seed.lifetime()
                };
                api.and_then(|api| api.token_lifetime).unwrap_or(usual)
            }
        }
    }
}

/// Entra leaves out a list that would be empty.
pub(super) fn add_list(claims: &mut Map<String, Value>, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        claims.insert(name.to_owned(), items.into());
    }
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
