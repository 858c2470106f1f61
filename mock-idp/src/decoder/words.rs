//! What claims mean, in words for people.

use jiff::Timestamp;
use serde_json::Value;

use crate::directory::{Directory, GRAPH_ID, GRAPH_URI};

/// Where a token is read: which names are known, by which address and at what time.
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
            "nbf" => return Some(self.time("Good from", value)),
            "exp" if value.as_i64().is_some_and(|end| end <= self.now) => {
                return Some(self.time("Expired", value));
            }
            "exp" => return Some(self.time("Ends", value)),
            "auth_time" => return Some(self.time("The user signed in", value)),
            "aud" | "iss" | "tid" | "azp" | "appid" | "oid" => {
                return Some(value.as_str().map_or_else(
                    || "Not a single text, which it must be.".to_owned(),
                    |text| self.named(claim, text),
                ));
            }
            "ver" => return Some(version(value)),
            "azpacr" | "appidacr" => return Some(client_proof(value)),
            "scp" => {
                return Some(format!(
                    "Delegated: the client may act for the user as far as {}.",
                    list(value)
                ));
            }
            "roles" => return Some(format!("App roles that were assigned: {}.", list(value))),
            "groups" => return Some(self.groups(value)),
            "acct" => match value.as_i64() {
                Some(0) => "The user is a member of the tenant.",
                Some(1) => "The user is a guest of the tenant.",
                _ => "0 for a member of the tenant, 1 for a guest.",
            },
            "idtyp" => match value.as_str() {
                Some("app") => "App-only: no user stands behind it.",
                _ => "`app` in an app-only token, `user` in others.",
            },
            _ => return fixed(claim).map(str::to_owned),
        };
        Some(fixed.to_owned())
    }

    /// `Ends 2026-01-01 00:00:00 UTC, in 59 minutes.`
    fn time(&self, what: &str, value: &Value) -> String {
        let Some(seconds) = value.as_i64() else {
            return "Not a whole number of seconds since 1970, which it must be.".to_owned();
        };
        match Timestamp::from_second(seconds) {
            Ok(time) => {
                let relative = relative(seconds.saturating_sub(self.now));
                format!("{what} {}, {relative}.", time.strftime("%Y-%m-%d %H:%M:%S UTC"))
            }
            Err(_) => format!("{what} at a time beyond the calendar."),
        }
    }

    fn named(&self, claim: &str, text: &str) -> String {
        let directory = self.directory;
        match claim {
            "aud" if [GRAPH_ID, GRAPH_URI].contains(&text.trim_end_matches('/')) => {
                "For Microsoft Graph.".to_owned()
            }
            "aud" => match directory.api(text) {
                Some(api) => format!("For {}.", api.name),
                None => "For an API that this directory lacks.".to_owned(),
            },
            "iss" => match text.strip_prefix(self.base_url).and_then(|rest| rest.strip_prefix('/')) {
                Some(rest) => {
                    let tenant = directory.tenant(rest.split('/').next().unwrap_or_default());
                    tenant.map_or_else(
                        || "Issued by this mock, for a tenant that its directory lacks.".to_owned(),
                        |tenant| format!("Issued by this mock for the tenant {}.", tenant.name),
                    )
                }
                None => "Issued by somebody else than this mock.".to_owned(),
            },
            "tid" => match directory.tenant(text) {
                Some(tenant) => format!("The tenant {}.", tenant.name),
                None => "A tenant that this directory lacks.".to_owned(),
            },
            "oid" => {
                let user = directory.user(text).map(|user| format!("The user {}", user.name));
                let app = || {
                    let app = directory.apps.iter().find(|app| app.service_principal_id == text)?;
                    Some(format!("The service principal of {}", app.name))
                };
                match user.or_else(app) {
                    Some(who) => format!("{who}, by the id that is the same in every API."),
                    None => "Nobody whom this directory knows.".to_owned(),
                }
            }
            _ => match directory.app(text) {
                Some(app) => format!("Asked for by {}.", app.name),
                None => "Asked for by a client that this directory lacks.".to_owned(),
            },
        }
    }

    fn groups(&self, value: &Value) -> String {
        let Some(ids) = value.as_array() else { return "Not a list, which it must be.".to_owned() };
        let known = ids.iter().filter_map(|id| self.directory.groups.iter().find(|group| id == &group.id));
        let names: Vec<&str> = known.map(|group| group.name.as_str()).collect();
        match names.as_slice() {
            [] => format!("In {} groups.", ids.len()),
            names => format!("In {} groups, {} among them.", ids.len(), names.join(", ")),
        }
    }
}

fn version(value: &Value) -> String {
    match value.as_str() {
        Some("1.0") => "Version 1.0: the audience is usually an identifier URI, the client stands in appid.",
        Some("2.0") => "Version 2.0: the audience is the API's client id, the client stands in azp.",
        _ => "A version that Entra does not issue: 1.0 or 2.0 is expected.",
    }
    .to_owned()
}

fn client_proof(value: &Value) -> String {
    match value.as_str() {
        Some("0") => "The client proved nothing: it is a public client.",
        Some("1") => "The client proved itself by a secret.",
        Some("2") => "The client proved itself by a certificate or a token of another issuer.",
        _ => "How the client proved itself: 0, 1 or 2 is expected.",
    }
    .to_owned()
}

/// What is the same whatever the value.
fn fixed(claim: &str) -> Option<&'static str> {
    Some(match claim {
        "sub" => "Whom it is about, by an id that differs from API to API for a user.",
        "name" | "given_name" | "family_name" => "For display only: names change, and many share one.",
        "preferred_username" | "upn" | "unique_name" | "email" => {
            "For display only: it changes, and may pass to somebody else."
        }
        "idp" => "Who vouched for the user, where it was not this tenant: a guest.",
        "acr" | "acrs" => "How strongly the user signed in, or the authentication contexts that were met.",
        "amr" => "By what means the user signed in.",
        "ipaddr" => "Where the user signed in from.",
        "sid" => "The session at the identity provider, for signing out.",
        "nonce" => "What the client sent along, so that it knows its own sign-in.",
        "c_hash" | "at_hash" => "Binds this token to the code or the access token that it came with.",
        "login_hint" => "Names the account at the next sign-in.",
        "wids" => "The user's directory roles, by their template ids.",
        "_claim_names" => "Too many groups to list: they stand elsewhere.",
        "_claim_sources" => "Where the groups that did not fit are to be had.",
        "hasgroups" => "Too many groups to list: ask Microsoft Graph for them.",
        "uti" => "Names this token in logs, as a jti does elsewhere.",
        "aio" | "rh" | "xms_ftd" => "For Entra's own use: ignore it.",
        "xms_cc" => "What the client can handle: `cp1` means claims challenges.",
        "tenant_region_scope" => "The region of the tenant.",
        "scps" => "Not a claim of Entra: delegated permissions stand in scp.",
        _ => return None,
    })
}

/// The names in a text of words, or in a list.
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
    fn claims_are_told_in_words() {
        let directory = Directory::builtin();
        let reader = Reader { directory: &directory, base_url: "http://mock", now: 1_767_225_600 };
        let contoso = &directory.home_tenant().tenant_id;
        for (claim, value, words) in [
            ("exp", json!(1_767_229_140), "Ends 2026-01-01 00:59:00 UTC, in 59 minutes."),
            ("exp", json!(1_767_225_600), "Expired 2026-01-01 00:00:00 UTC, now."),
            ("nbf", json!(1_767_225_601), "Good from 2026-01-01 00:00:01 UTC, in 1 second."),
            ("iat", json!(1_767_000_000), "Issued 2025-12-29 09:20:00 UTC, 2 days ago."),
            ("exp", json!(i64::MIN), "Expired at a time beyond the calendar."),
            ("exp", json!("soon"), "Not a whole number of seconds since 1970, which it must be."),
            ("aud", json!("api://orders"), "For orders-api."),
            ("aud", json!("api://else"), "For an API that this directory lacks."),
            ("aud", json!(["api://orders"]), "Not a single text, which it must be."),
            (
                "iss",
                json!(format!("http://mock/{contoso}/v2.0")),
                "Issued by this mock for the tenant contoso.",
            ),
            ("iss", json!("https://evil.example/"), "Issued by somebody else than this mock."),
            ("scp", json!("A B"), "Delegated: the client may act for the user as far as A, B."),
            ("roles", json!([]), "App roles that were assigned: nothing."),
            ("azp", json!(directory.apps[1].client_id), "Asked for by orders-spa."),
        ] {
            assert_eq!(reader.words(claim, &value).as_deref(), Some(words), "{claim} {value}");
        }
        assert_eq!(reader.words("colour", &json!("red")), None);
    }
}
