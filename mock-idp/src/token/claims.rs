//! Honest claims: what Entra would put into a token. A pure function of directory, request and time.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::directory::{App, AppKind, Directory, GRAPH_ID, GRAPH_URI, RequestedVersion, Tenant, User};

use super::builder::ForgeError;

/// More groups than this do not fit into a token
/// ([groups overage](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim)).
const MOST_GROUPS: usize = 200;
/// Entra dates its tokens back, in seconds.
const BACKDATED: i64 = 300;

/// The version of a token. The API's registration decides it, not the endpoint
/// ([token formats](https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
pub enum TokenVersion {
    /// `ver` is `1.0`.
    #[serde(rename = "1.0")]
    V1,
    /// `ver` is `2.0`.
    #[serde(rename = "2.0")]
    V2,
}

/// The members of a header or a claims set.
pub(crate) type Members = Map<String, Value>;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TokenKind {
    /// An access token.
    #[default]
    Access,
    /// An ID token.
    Id,
}

/// What a token is asked for; what is left out has a default that fits the rest.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Spec {
    pub(crate) kind: TokenKind,
    pub(crate) tenant: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) scopes: Option<Vec<String>>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) version: Option<TokenVersion>,
    pub(crate) expires_in: Option<i64>,
    pub(crate) issued_at: Option<i64>,
    pub(crate) nonce: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) by_assertion: bool,
    /// Tells apart tokens that are asked for alike in one second.
    pub(crate) sequence: u64,
}

/// A [`Spec`] with every name looked up.
struct Resolved<'a> {
    tenant: &'a Tenant,
    client: &'a App,
    user: Option<&'a User>,
    api: Option<&'a App>,
    version: TokenVersion,
    audience: String,
    issuer: String,
    directory: &'a Directory,
    issuer_base: &'a str,
    spec: &'a Spec,
    seed: digest::Digest,
    now: i64,
}

pub(crate) fn header(kid: &str, version: TokenVersion, token_kind: TokenKind) -> Map<String, Value> {
    let mut header = Map::from_iter([
        ("typ".to_owned(), json!("JWT")),
        ("alg".to_owned(), json!("RS256")),
        ("kid".to_owned(), json!(kid)),
    ]);
    if version == TokenVersion::V1 && token_kind == TokenKind::Access {
        header.insert("x5t".to_owned(), json!(kid));
    }
    header
}

/// The claims, and the version that was decided.
pub(crate) fn honest(
    directory: &Directory,
    spec: &Spec,
    issuer_base: &str,
    now: i64,
) -> Result<(TokenVersion, Members), ForgeError> {
    let resolved = Resolved::new(directory, spec, issuer_base, now)?;
    let mut claims = resolved.common();
    match (spec.kind, resolved.user) {
        (TokenKind::Id, user) => resolved.add_id(&mut claims, user),
        (TokenKind::Access, Some(user)) => resolved.add_delegated(&mut claims, user),
        (TokenKind::Access, None) => resolved.add_app_only(&mut claims),
    }
    resolved.add_optional(&mut claims);
    Ok((resolved.version, claims))
}

impl<'a> Resolved<'a> {
    fn new(
        directory: &'a Directory,
        spec: &'a Spec,
        issuer_base: &'a str,
        now: i64,
    ) -> Result<Self, ForgeError> {
        let user_key = spec.user.as_deref().or((spec.kind == TokenKind::Id).then_some("alice"));
        let user = match user_key {
            Some(key) => Some(directory.user(key).ok_or_else(|| ForgeError::unknown("user", key))?),
            None => None,
        };
        let client = match &spec.client {
            Some(key) => directory.app(key).ok_or_else(|| ForgeError::unknown("client", key))?,
            None => directory
                .apps
                .iter()
                .find(|app| app.kind == if user.is_some() { AppKind::Public } else { AppKind::Daemon })
                .ok_or_else(|| {
                    ForgeError::unknown("client", "none is given, and the directory has none that fits")
                })?,
        };
        let tenant_key =
            spec.tenant.as_deref().or(user.map(|user| user.tenant.as_str())).unwrap_or(&client.tenant);
        let tenant = directory.tenant(tenant_key).ok_or_else(|| ForgeError::unknown("tenant", tenant_key))?;
        let (api, literal) = match (&spec.audience, spec.kind) {
            (_, TokenKind::Id) => (None, None),
            (None, TokenKind::Access) => (directory.apps.iter().find(|app| app.kind == AppKind::Api), None),
            (Some(audience), TokenKind::Access) => (directory.api(audience), Some(audience)),
        };
        let version = spec.version.unwrap_or_else(|| match (api, spec.kind) {
            (Some(api), TokenKind::Access) if api.token_version == RequestedVersion::V1 => TokenVersion::V1,
            _ => TokenVersion::V2,
        });
        let audience = match (spec.kind, api, version) {
            (TokenKind::Id, ..) => client.client_id.clone(),
            (_, Some(api), TokenVersion::V2) => api.client_id.clone(),
            (_, Some(api), TokenVersion::V1) => {
                literal.or(api.identifier_uri.as_ref()).unwrap_or(&api.client_id).clone()
            }
            (_, None, _) => literal.cloned().unwrap_or_default(),
        };
        let issuer = match version {
            TokenVersion::V1 => format!("{issuer_base}/{}/", tenant.tenant_id),
            TokenVersion::V2 => format!("{issuer_base}/{}/v2.0", tenant.tenant_id),
        };
        let seed = digest::digest(&digest::SHA256, format!("{spec:?} {now} {audience}").as_bytes());
        Ok(Self {
            tenant,
            client,
            user,
            api,
            version,
            audience,
            issuer,
            directory,
            issuer_base,
            spec,
            seed,
            now,
        })
    }

    fn common(&self) -> Map<String, Value> {
        let issued_at = self.issued_at();
        object(json!({
            "aud": self.audience,
            "iss": self.issuer,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": self.end(),
            "aio": self.opaque("aio", 36),
            "rh": format!("1.{}.", self.opaque("rh", 30)),
            "tid": self.tenant.tenant_id,
            "uti": self.opaque("uti", 16),
            "ver": match self.version { TokenVersion::V1 => "1.0", TokenVersion::V2 => "2.0" },
        }))
    }

    fn add_app_only(&self, claims: &mut Map<String, Value>) {
        let principal = &self.client.service_principal_id;
        self.add_client(claims);
        claims.insert("oid".into(), json!(principal));
        claims.insert("sub".into(), json!(principal));
        let assigned = || self.of_api(&self.client.assigned_roles);
        add_list(claims, "roles", self.spec.roles.clone().unwrap_or_else(assigned));
        match self.version {
            TokenVersion::V1 => claims.insert("idp".into(), json!(self.issuer)),
            // Undocumented, and in every such token: an API must not mind.
            TokenVersion::V2 => claims.insert("xms_ftd".into(), json!(self.opaque("xms_ftd", 48))),
        };
    }

    fn add_delegated(&self, claims: &mut Map<String, Value>, user: &User) {
        self.add_client(claims);
        self.add_user(claims, user, &self.audience);
        let consented = || self.of_api(&self.client.delegated);
        let scopes = self.spec.scopes.clone().unwrap_or_else(consented);
        claims.insert("scp".into(), json!(scopes.join(" ")));
        add_list(
            claims,
            "roles",
            self.spec.roles.clone().unwrap_or_else(|| self.of_api(&user.assigned_roles)),
        );
        add_list(claims, "wids", user.directory_roles.clone());
        if self.api.is_some_and(|api| api.group_claims) {
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
        self.add_user(claims, user, &self.client.client_id);
        claims.insert("sid".into(), json!(self.spec.session.clone().unwrap_or_else(|| self.guid("sid"))));
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
        let authenticated = match (self.client.kind, self.spec.by_assertion) {
            (AppKind::Public, _) => "0",
            (_, false) => "1",
            (_, true) => "2",
        };
        let (id, method) = match self.version {
            TokenVersion::V1 => ("appid", "appidacr"),
            TokenVersion::V2 => ("azp", "azpacr"),
        };
        claims.insert(id.into(), json!(self.client.client_id));
        claims.insert(method.into(), json!(authenticated));
    }

    /// `sub` is pairwise: another value for each application that reads it.
    fn add_user(&self, claims: &mut Map<String, Value>, user: &User, reader: &str) {
        let reader = self.api.map_or(reader, |api| &api.client_id);
        let pair = digest::digest(&digest::SHA256, format!("{} {reader}", user.oid).as_bytes());
        claims.insert("sub".into(), json!(URL_SAFE_NO_PAD.encode(pair)));
        claims.insert("oid".into(), json!(user.oid));
        claims.insert("name".into(), json!(user.display_name()));
        if self.version == TokenVersion::V2 {
            claims.insert("preferred_username".into(), json!(user.email.as_ref().unwrap_or(&user.upn)));
        }
        if let Some(home) = user.home_tenant.as_deref().and_then(|home| self.directory.tenant(home)) {
            claims.insert("idp".into(), json!(format!("{}/{}/", self.issuer_base, home.tenant_id)));
            if let Some(email) = &user.email {
                claims.insert("email".into(), json!(email));
            }
        }
    }

    fn add_groups(&self, claims: &mut Map<String, Value>, user: &User) {
        if user.group_count() <= MOST_GROUPS {
            add_list(claims, "groups", self.directory.group_ids(user));
            return;
        }
        let endpoint = format!("{}/v1.0/users/{}/getMemberObjects", self.issuer_base, user.oid);
        claims.insert("_claim_names".into(), json!({"groups": "src1"}));
        claims.insert("_claim_sources".into(), json!({"src1": {"endpoint": endpoint}}));
    }

    /// What is granted of this token's API.
    fn of_api(&self, granted: &std::collections::BTreeMap<String, Vec<String>>) -> Vec<String> {
        let uri = match self.api {
            Some(api) => api.identifier_uri.as_deref(),
            None => [GRAPH_ID, GRAPH_URI].contains(&self.audience.as_str()).then_some(GRAPH_URI),
        };
        uri.and_then(|uri| granted.get(uri)).cloned().unwrap_or_default()
    }

    /// What the reader's registration asks for besides
    /// ([optional claims](https://learn.microsoft.com/entra/identity-platform/optional-claims-reference)).
    fn add_optional(&self, claims: &mut Map<String, Value>) {
        let asked = match (self.spec.kind, self.api) {
            (TokenKind::Id, _) => &self.client.optional_claims.id_token,
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
        // Of an application Entra tells only that it is one.
        let Some(user) = self.user else { return (name == "idtyp").then(|| json!("app")) };
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
            "sid" => Some(json!(self.spec.session.clone().unwrap_or_else(|| self.guid("sid")))),
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

    /// Entra draws 60 to 90 minutes; so does this, but the same for the same token.
    fn lifetime(&self) -> i64 {
        if let (TokenKind::Access, Some(seconds)) =
            (self.spec.kind, self.api.and_then(|api| api.token_lifetime))
        {
            return seconds;
        }
        let bytes = self.seed.as_ref();
        3600 + i64::from(u16::from_be_bytes([bytes[0], bytes[1]])) % 1800
    }

    fn opaque(&self, claim: &str, length: usize) -> String {
        let hash = digest::digest(&digest::SHA512, &[self.seed.as_ref(), claim.as_bytes()].concat());
        URL_SAFE_NO_PAD.encode(&hash.as_ref()[..length])
    }

    fn guid(&self, claim: &str) -> String {
        let hash = digest::digest(&digest::SHA256, &[self.seed.as_ref(), claim.as_bytes()].concat());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.as_ref()[..16]);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
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
