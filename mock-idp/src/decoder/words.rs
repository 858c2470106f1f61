//! What claims mean, in words for people.

use jiff::Timestamp;
use serde_json::Value;

use crate::directory::{Directory, is_graph};

/// Where a token is read: which names are known, under which URL and at what time.
pub(crate) struct Reader<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) base_url: &'a str,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

impl Reader<'_> {
    /// A sentence about a claim; none about one that Entra does not document.
    pub(crate) fn words(&self, claim: &str, value: &Value) -> Option<String> {
        let fixed = match claim {
            "iat" => return Some(self.time("Issued", value)),
            "nbf" => return Some(self.time("Valid from", value)),
            "exp" if value.as_i64().is_some_and(|end| end <= self.now) => {
                return Some(self.time("Expired", value));
            }
            "exp" => return Some(self.time("Ends", value)),
            "auth_time" => return Some(self.time("The user signed in", value)),
            "aud" | "iss" | "tid" | "azp" | "appid" | "oid" => {
                return Some(
                    value
                        .as_str()
                        .map_or_else(|| "Invalid: not a string.".to_owned(), |text| self.named(claim, text)),
                );
            }
            "ver" => return Some(version(value)),
            "azpacr" | "appidacr" => return Some(client_proof(value)),
            "scp" => {
                return Some(format!("Delegated: the client may act for the user within {}.", list(value)));
            }
            "roles" => return Some(format!("Assigned app roles: {}.", list(value))),
            "groups" => return Some(self.groups(value)),
            "acct" => match value.as_i64() {
                Some(0) => "The user is a member of the tenant.",
                Some(1) => "The user is a guest of the tenant.",
                _ => "0 for a member of the tenant, 1 for a guest.",
            },
            "idtyp" => match value.as_str() {
                Some("app") => "App-only: there is no user.",
                _ => "`app` in an app-only token, `user` in others.",
            },
            _ => return fixed(claim).map(str::to_owned),
        };
        Some(fixed.to_owned())
    }

    /// `Ends 2026-01-01 00:00:00 UTC, in 59 minutes.`
    fn time(&self, what: &str, value: &Value) -> String {
        let Some(seconds) = value.as_i64() else {
            return "Invalid: not a whole number of seconds since 1970.".to_owned();
        };
        match Timestamp::from_second(seconds) {
            Ok(time) => {
                let relative = relative(seconds.saturating_sub(self.now));
                format!("{what} {}, {relative}.", time.strftime("%Y-%m-%d %H:%M:%S UTC"))
            }
            Err(_) => format!("{what} beyond the calendar."),
        }
    }

    fn named(&self, claim: &str, text: &str) -> String {
        let directory = self.directory;
        match claim {
            "aud" if is_graph(text) => "For Microsoft Graph.".to_owned(),
            "aud" => match directory.api(text) {
                Some(api) => format!("For {}.", api.name),
                None => "For an API that is not in this directory.".to_owned(),
            },
            "iss" => self.issuer(text),
            "tid" => match directory.tenant(text) {
                Some(tenant) => format!("The tenant {}.", tenant.name),
                None => "A tenant that is not in this directory.".to_owned(),
            },
            "oid" => self.object(text),
            _ => match directory.app(text) {
                Some(app) => format!("Requested by {}.", app.name),
                None => "Requested by a client that is not in this directory.".to_owned(),
            },
        }
    }

    fn issuer(&self, url: &str) -> String {
        let Some(path) = url.strip_prefix(self.base_url).and_then(|rest| rest.strip_prefix('/')) else {
            return "Not issued by this mock.".to_owned();
        };
        match self.directory.tenant(path.split('/').next().unwrap_or_default()) {
            Some(tenant) => format!("Issued by this mock for the tenant {}.", tenant.name),
            None => "Issued by this mock for a tenant that is not in its directory.".to_owned(),
        }
    }

    fn object(&self, oid: &str) -> String {
        let user = self.directory.user(oid).map(|user| format!("The user {}", user.name));
        let app = || {
            let app = self.directory.apps.iter().find(|app| app.service_principal_id == oid)?;
            Some(format!("The service principal of {}", app.name))
        };
        match user.or_else(app) {
            Some(who) => format!("{who}, by the id that is the same in every API."),
            None => "A user or app that is not in this directory.".to_owned(),
        }
    }

    fn groups(&self, value: &Value) -> String {
        let Some(ids) = value.as_array() else { return "Invalid: not a list.".to_owned() };
        let known = ids.iter().filter_map(|id| self.directory.groups.iter().find(|group| id == &group.id));
        let names: Vec<&str> = known.map(|group| group.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("In {} groups.", ids.len()),
            names => format!("In {} groups, including {}.", ids.len(), names.join(", ")),
        }
    }
}

fn version(value: &Value) -> String {
    match value.as_str() {
        Some("1.0") => "Version 1.0: the audience is usually an identifier URI, the client is in appid.",
        Some("2.0") => "Version 2.0: the audience is the API's client id, the client is in azp.",
        _ => "A version that Entra does not issue: 1.0 or 2.0 is expected.",
    }
    .to_owned()
}

fn client_proof(value: &Value) -> String {
    match value.as_str() {
        Some("0") => "The client did not authenticate: it is a public client.",
        Some("1") => "The client authenticated by a secret.",
        Some("2") => "The client authenticated by a certificate or a token of another issuer.",
        _ => "How the client authenticated: 0, 1 or 2 is expected.",
    }
    .to_owned()
}

/// Words that do not depend on the value.
fn fixed(claim: &str) -> Option<&'static str> {
    Some(match claim {
        "sub" => "The subject; a user's id differs from API to API.",
        "name" | "given_name" | "family_name" => "For display only: names change and are not unique.",
        "preferred_username" | "upn" | "unique_name" | "email" => {
            "For display only: it changes, and may be reassigned."
        }
        "idp" => "The identity provider of a guest: not this tenant.",
        "acr" | "acrs" => "The authentication contexts that the sign-in met.",
        "amr" => "How the user authenticated.",
        "ipaddr" => "The IP address that the user signed in from.",
        "sid" => "The session at the identity provider, for signing out.",
        "nonce" => "The client's own value, which binds the token to its sign-in request.",
        "c_hash" | "at_hash" => "Binds this token to the code or access token that it was issued with.",
        "login_hint" => "The account to suggest at the next sign-in.",
        "wids" => "The user's directory roles, by their template ids.",
        "_claim_names" => "Too many groups to list: see _claim_sources.",
        "_claim_sources" => "Where to get the groups.",
        "hasgroups" => "Too many groups to list: ask Microsoft Graph for them.",
        "uti" => "The token's id in logs, like jti elsewhere.",
        "aio" | "rh" | "xms_ftd" => "For Entra's own use: ignore it.",
        "xms_cc" => "What the client can handle: `cp1` means claims challenges.",
        "tenant_region_scope" => "The region of the tenant.",
        "scps" => "Not a claim of Entra: delegated permissions are in scp.",
        _ => return None,
    })
}

/// The names in a space-separated string, or in a list.
fn list(value: &Value) -> String {
    let names: Vec<&str> = match value {
        Value::String(text) => text.split(' ').filter(|name| !name.is_empty()).collect(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => return "(not in the form that Entra uses)".to_owned(),
    };
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

/// `in 59 minutes`, `2 days ago`.
fn relative(seconds: i64) -> String {
    let length = seconds.unsigned_abs();
    let (count, unit) = match length {
        0 => return "now".to_owned(),
        1..120 => (length, "second"),
        120..7_200 => (length / 60, "minute"),
        7_200..172_800 => (length / 3_600, "hour"),
        _ => (length / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("{count} {unit}{plural} ago") } else { format!("in {count} {unit}{plural}") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_are_put_into_words() {
        let directory = Directory::builtin();
        let reader = Reader { directory: &directory, base_url: "http://mock", now: 1_767_225_600 };
        let contoso = &directory.home_tenant().tenant_id;
        for (claim, value, words) in [
            ("exp", json!(1_767_229_140), "Ends 2026-01-01 00:59:00 UTC, in 59 minutes."),
            ("exp", json!(1_767_225_600), "Expired 2026-01-01 00:00:00 UTC, now."),
            ("nbf", json!(1_767_225_601), "Valid from 2026-01-01 00:00:01 UTC, in 1 second."),
            ("iat", json!(1_767_000_000), "Issued 2025-12-29 09:20:00 UTC, 2 days ago."),
            ("exp", json!(i64::MIN), "Expired beyond the calendar."),
            ("exp", json!("soon"), "Invalid: not a whole number of seconds since 1970."),
            ("aud", json!("api://orders"), "For orders-api."),
            ("aud", json!("api://else"), "For an API that is not in this directory."),
            ("aud", json!(["api://orders"]), "Invalid: not a string."),
            (
                "iss",
                json!(format!("http://mock/{contoso}/v2.0")),
                "Issued by this mock for the tenant contoso.",
            ),
            ("iss", json!("https://evil.example/"), "Not issued by this mock."),
            ("scp", json!("A B"), "Delegated: the client may act for the user within A, B."),
            ("roles", json!([]), "Assigned app roles: nothing."),
            ("azp", json!(directory.apps[1].client_id), "Requested by orders-spa."),
        ] {
            assert_eq!(reader.words(claim, &value).as_deref(), Some(words), "{claim} {value}");
        }
        assert_eq!(reader.words("colour", &json!("red")), None);
    }
}
