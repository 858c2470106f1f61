//! Claims about the user.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};

use crate::directory::User;

use super::{
    claims::{Honest, add_list, object},
    kind::{TokenKind, TokenVersion},
    subject::pairwise,
};

/// More groups than this do not fit into a token
/// ([groups overage](https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference#groups-overage-claim)).
const MOST_GROUPS: usize = 200;

/// The name by which people know the account: at home, for a guest.
fn user_name(user: &User) -> &str {
    user.email.as_deref().filter(|_| user.is_guest()).unwrap_or(&user.upn)
}

/// What v1.0 tokens of either kind say besides.
fn add_v1(claims: &mut Map<String, Value>, user: &User) {
    // Who must have a second factor got here with one.
    let methods: &[&str] = if user.sign_in.requires_second_factor() { &["pwd", "mfa"] } else { &["pwd"] };
    claims.extend(object(json!({"amr": methods, "ipaddr": "127.0.0.1", "unique_name": user_name(user)})));
    for (name, text) in [("family_name", &user.family_name), ("given_name", &user.given_name)] {
        claims.insert(name.into(), json!(text));
    }
    if !user.is_guest() {
        claims.insert("upn".into(), json!(user.upn));
    }
}

impl Honest<'_> {
    pub(super) fn add_user(&self, claims: &mut Map<String, Value>, user: &User) {
        claims.extend(object(json!({
            "sub": pairwise(user, self.reader_id()),
            "oid": user.oid,
            "name": user.display_name(),
        })));
        match self.version {
            TokenVersion::V1 => add_v1(claims, user),
            TokenVersion::V2 => drop(claims.insert("preferred_username".into(), json!(user_name(user)))),
        }
        if let Some(home) = user.home_tenant.as_deref().and_then(|home| self.subject.directory.tenant(home)) {
            claims.insert("idp".into(), json!(format!("{}/{}/", self.issuer_base, home.tenant_id)));
            if let Some(email) = &user.email {
                claims.insert("email".into(), json!(email));
            }
        }
        self.add_groups(claims, user);
    }

    /// The groups, if the reader's registration asks for them: by `group_claims` or the optional claim.
    fn add_groups(&self, claims: &mut Map<String, Value>, user: &User) {
        let asks = |name: &String| name == "groups";
        if !self.reader().is_some_and(|app| app.group_claims || self.optional_claims().iter().any(asks)) {
            return;
        }
        if user.group_count() <= MOST_GROUPS {
            add_list(claims, "groups", self.subject.directory.group_ids(user));
            return;
        }
        let endpoint = format!("{}/v1.0/users/{}/getMemberObjects", self.issuer_base, user.oid);
        claims.insert("_claim_names".into(), json!({"groups": "src1"}));
        claims.insert("_claim_sources".into(), json!({"src1": {"endpoint": endpoint}}));
    }

    /// The optional claims that the reader's registration asks for
    /// ([optional claims](https://learn.microsoft.com/entra/identity-platform/optional-claims-reference)).
    fn optional_claims(&self) -> &[String] {
        self.reader().map_or(&[], |app| match self.spec.kind {
            TokenKind::Id => &app.optional_claims.id_token,
            TokenKind::Access => &app.optional_claims.access_token,
        })
    }

    pub(super) fn add_optional(&self, claims: &mut Map<String, Value>) {
        for name in self.optional_claims() {
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
}
