//! Honest claims: what Entra would put into a token. A pure function of subject, request and time.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::directory::{App, AppKind, GRAPH_ID, GRAPH_URI, RequestedVersion, User};

use super::{
    kind::{TokenKind, TokenVersion},
    seed::Seed,
    signed::Draft,
    spec::Spec,
    subject::Subject,
};

/// More groups than this do not fit into a token
/// ([groups overage](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim)).
const MOST_GROUPS: usize = 200;
/// Entra dates its tokens back, in seconds.
const BACKDATED: i64 = 300;

struct Honest<'a> {
    subject: &'a Subject<'a>,
    spec: &'a Spec,
    issuer_base: &'a str,
    now: i64,
    version: TokenVersion,
    audience: String,
    issuer: String,
    seed: Seed,
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
        Self { version: honest.version, kind: spec.kind, claims }
    }
}

fn version(api: Option<&App>, spec: &Spec) -> TokenVersion {
    spec.version.unwrap_or_else(|| match (api, spec.kind) {
        (Some(api), TokenKind::Access) if api.token_version == RequestedVersion::V1 => TokenVersion::V1,
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
        let version = version(subject.api, spec);
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

    fn add_app_only(&self, claims: &mut Map<String, Value>) {
        let principal = &self.subject.client.service_principal_id;
        self.add_client(claims);
        claims.insert("oid".into(), json!(principal));
        claims.insert("sub".into(), json!(principal));
        let assigned = || self.of_api(&self.subject.client.assigned_roles);
        add_list(claims, "roles", self.spec.roles.clone().unwrap_or_else(assigned));
        match self.version {
            TokenVersion::V1 => claims.insert("idp".into(), json!(self.issuer)),
            // Undocumented, and in every such token: an API must ignore it.
            TokenVersion::V2 => claims.insert("xms_ftd".into(), json!(self.seed.opaque("xms_ftd", 48))),
        };
    }

    fn add_delegated(&self, claims: &mut Map<String, Value>, user: &User) {
        self.add_client(claims);
        self.add_user(claims, user, &self.audience);
        let consented = || self.of_api(&self.subject.client.delegated);
        let scopes = self.spec.scopes.clone().unwrap_or_else(consented);
        claims.insert("scp".into(), json!(scopes.join(" ")));
        add_list(
            claims,
            "roles",
            self.spec.roles.clone().unwrap_or_else(|| self.of_api(&user.assigned_roles)),
        );
        add_list(claims, "wids", user.directory_roles.clone());
        if self.subject.api.is_some_and(|api| api.group_claims) {
            self.add_groups(claims, user);
        }
        if self.version == TokenVersion::V1 {
            claims.extend(object(json!({
                "acr": "1",
                "amr": ["pwd"],
                "family_name": user.family_name,
                "given_name": user.given_name,
                "ipaddr": "127.0.0.1",
                "unique_name": user.upn,
                "upn": user.upn,
            })));
        }
    }

    fn add_id(&self, claims: &mut Map<String, Value>, user: Option<&User>) {
        let Some(user) = user else { return };
        self.add_user(claims, user, &self.subject.client.client_id);
        claims
            .insert("sid".into(), json!(self.spec.session.clone().unwrap_or_else(|| self.seed.guid("sid"))));
        if let Some(nonce) = &self.spec.nonce {
            claims.insert("nonce".into(), json!(nonce));
        }
        if self.version == TokenVersion::V1 {
            claims.extend(object(json!({"amr": ["pwd"], "unique_name": user.upn, "upn": user.upn})));
        }
        if let Some(roles) = &self.spec.roles {
            add_list(claims, "roles", roles.clone());
        }
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

    /// `sub` is pairwise: it differs between the applications that read it.
    fn add_user(&self, claims: &mut Map<String, Value>, user: &User, reader: &str) {
        let reader = self.subject.api.map_or(reader, |api| &api.client_id);
        let pair = digest::digest(&digest::SHA256, format!("{} {reader}", user.oid).as_bytes());
        claims.insert("sub".into(), json!(URL_SAFE_NO_PAD.encode(pair)));
        claims.insert("oid".into(), json!(user.oid));
        claims.insert("name".into(), json!(user.display_name()));
        if self.version == TokenVersion::V2 {
            claims.insert("preferred_username".into(), json!(user.email.as_ref().unwrap_or(&user.upn)));
        }
        if let Some(home) = user.home_tenant.as_deref().and_then(|home| self.subject.directory.tenant(home)) {
            claims.insert("idp".into(), json!(format!("{}/{}/", self.issuer_base, home.tenant_id)));
            if let Some(email) = &user.email {
                claims.insert("email".into(), json!(email));
            }
        }
    }

    fn add_groups(&self, claims: &mut Map<String, Value>, user: &User) {
        if user.group_count() <= MOST_GROUPS {
            add_list(claims, "groups", self.subject.directory.group_ids(user));
            return;
        }
        let endpoint = format!("{}/v1.0/users/{}/getMemberObjects", self.issuer_base, user.oid);
        claims.insert("_claim_names".into(), json!({"groups": "src1"}));
        claims.insert("_claim_sources".into(), json!({"src1": {"endpoint": endpoint}}));
    }

    /// The permissions of this token's API.
    fn of_api(&self, granted: &std::collections::BTreeMap<String, Vec<String>>) -> Vec<String> {
        let uri = match self.subject.api {
            Some(api) => api.identifier_uri.as_deref(),
            None => [GRAPH_ID, GRAPH_URI].contains(&self.audience.as_str()).then_some(GRAPH_URI),
        };
        uri.and_then(|uri| granted.get(uri)).cloned().unwrap_or_default()
    }

    /// The optional claims of the reader's registration
    /// ([optional claims](https://learn.microsoft.com/entra/identity-platform/optional-claims-reference)).
    fn add_optional(&self, claims: &mut Map<String, Value>) {
        let asked = match (self.spec.kind, self.subject.api) {
            (TokenKind::Id, _) => &self.subject.client.optional_claims.id_token,
            (TokenKind::Access, Some(api)) => &api.optional_claims.access_token,
            (TokenKind::Access, None) => return,
        };
        for name in asked {
            if let Some(value) = self.optional(name) {
                claims.entry(name.clone()).or_insert(value);
            }
        }
    }

    fn optional(&self, name: &str) -> Option<Value> {
        // About an application, Entra says only that it is one.
        let Some(user) = self.subject.user else { return (name == "idtyp").then(|| json!("app")) };
        let text = |text: &str| (!text.is_empty()).then(|| json!(text));
        match name {
            "acct" => Some(json!(u8::from(user.is_guest()))),
            "auth_time" => Some(json!(self.issued_at())),
            "email" => text(user.email.as_deref().unwrap_or_default()),
            "family_name" => text(&user.family_name),
            "given_name" => text(&user.given_name),
            "idtyp" => Some(json!("user")),
            "ipaddr" => Some(json!("127.0.0.1")),
            "login_hint" => Some(json!(format!("O.{}", URL_SAFE_NO_PAD.encode(&user.upn)))),
            "preferred_username" | "upn" => text(&user.upn),
            "sid" => Some(json!(self.spec.session.clone().unwrap_or_else(|| self.seed.guid("sid")))),
            "tenant_region_scope" => Some(json!("WW")),
            _ => None,
        }
    }

    fn end(&self) -> i64 {
        self.now.saturating_add(self.spec.expires_in.unwrap_or_else(|| self.lifetime()))
    }

    /// A token that has expired was issued a whole lifetime before.
    fn issued_at(&self) -> i64 {
        let (usual, end) = (self.now.saturating_sub(BACKDATED), self.end());
        let honest = if usual < end { usual } else { end.saturating_sub(self.lifetime()) };
        self.spec.issued_at.unwrap_or(honest)
    }

    fn lifetime(&self) -> i64 {
        let of_api = self.subject.api.filter(|_| self.spec.kind == TokenKind::Access);
        of_api.and_then(|api| api.token_lifetime).unwrap_or_else(|| self.seed.lifetime())
    }
}

/// Entra leaves out a list that would be empty.
fn add_list(claims: &mut Map<String, Value>, name: &str, items: Vec<String>) {
    if !items.is_empty() {
        claims.insert(name.to_owned(), items.into());
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
