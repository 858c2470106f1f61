//! The tokens, and the API's response to each.

use comfy_table::{ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};
use entra_mock_idp::{MockIdp, Signature};
use serde_json::{Value, json};

/// One request and its response.
pub(crate) struct Row {
    token: &'static str,
    expected: Expected,
    status: u16,
    /// The problem's `type`, or the body.
    answer: String,
}

#[derive(Clone, Copy)]
enum Expected {
    Good,
    Refused(u16, &'static str),
}

impl Row {
    pub(crate) fn is_right(&self) -> bool {
        match self.expected {
            Expected::Good => self.status == 200,
            Expected::Refused(status, code) => self.status == status && self.answer == code,
        }
    }
}

/// Sends one good token and hostile ones to `/restricted`.
pub(crate) async fn tell(idp: &MockIdp, api: &str) -> Result<Vec<Row>, reqwest::Error> {
    // Plain HTTP does not need a trust store, which is slow to load.
    let client = reqwest::Client::builder().tls_certs_only([]).build()?;
    let mut rows = Vec::new();
    for (token, expected, text) in tokens(idp) {
        let mut request = client.get(format!("{api}/restricted"));
        if let Some(text) = text {
            request = request.bearer_auth(text);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let body = response.text().await?;
        let problem: Option<Value> = serde_json::from_str(&body).ok();
        let code = problem.as_ref().and_then(|problem| problem["type"].as_str());
        let answer = code.unwrap_or(body.trim()).to_owned();
        rows.push(Row { token, expected, status, answer });
    }
    Ok(rows)
}

fn tokens(idp: &MockIdp) -> Vec<(&'static str, Expected, Option<String>)> {
    use Expected::{Good, Refused};
    let alice = || idp.token().user("alice");
    let other_tenant = "bbbbbbbb-0000-4000-8000-000000000002";
    let foreign_issuer = idp.issuer().replace(&idp.tenant_id(), other_tenant);
    vec![
        ("alice's, by way of orders-spa", Good, Some(alice().sign())),
        ("a daemon's, with an app role", Good, Some(idp.token().sign())),
        ("none at all", Refused(401, "auth_header_missing"), None),
        ("not a token", Refused(401, "auth_token_invalid"), Some("not-a-token".into())),
        (
            "unsigned: alg is none",
            Refused(401, "auth_token_algorithm_not_allowed"),
            Some(alice().signature(Signature::None).sign()),
        ),
        (
            "signed by a stranger's key",
            Refused(401, "auth_token_key_unknown"),
            Some(alice().signature(Signature::UnknownKey).sign()),
        ),
        (
            "one bit of the signature flipped",
            Refused(401, "auth_token_signature_untrusted"),
            Some(alice().signature(Signature::Tampered).sign()),
        ),
        (
            "an ID token",
            Refused(401, "auth_token_claim_missing"),
            Some(idp.token().client("orders-api").id_token().sign()),
        ),
        (
            "of version 1.0",
            Refused(401, "auth_token_ver_not_supported"),
            Some(alice().claim("ver", "1.0").sign()),
        ),
        (
            "another tenant's",
            Refused(401, "auth_token_tenant_not_trusted"),
            Some(alice().tenant("fabrikam").sign()),
        ),
        (
            "another issuer's",
            Refused(401, "auth_token_issuer_untrusted"),
            Some(alice().claim("iss", foreign_issuer).sign()),
        ),
        (
            "for another API",
            Refused(401, "auth_token_audience_invalid"),
            Some(alice().audience("api://someone-else").sign()),
        ),
        (
            "expired an hour ago",
            Refused(401, "auth_token_expired"),
            Some(alice().issued_at(idp.now() - 7200).expires_in(-3600).sign()),
        ),
        (
            "valid from tomorrow",
            Refused(401, "auth_token_immature"),
            Some(alice().claim("nbf", idp.now() + 86_400).expires_in(90_000).sign()),
        ),
        (
            "app roles in a string",
            Refused(401, "auth_token_claims_invalid"),
            Some(idp.token().claim("roles", json!("Orders.Read.All")).sign()),
        ),
        (
            "without scope or role",
            Refused(403, "auth_token_permissions_missing"),
            Some(idp.token().without("roles").sign()),
        ),
    ]
}

/// The rows for people.
pub(crate) fn table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["token", "status", "the API's answer", ""]);
    for row in rows {
        let verdict = if row.is_right() { "as expected" } else { "NOT EXPECTED" };
        table.add_row([row.token, &row.status.to_string(), &row.answer, verdict]);
    }
    table
}

/// What to try next.
pub(crate) fn next_steps(idp: &MockIdp, api: &str) -> String {
    let base = idp.base_url();
    format!(
        "Both stay up until Ctrl-C. Try, in another terminal:

  TOKEN=$(curl -s {base}/_mock/tokens -d '{{\"user\":\"alice\"}}' | python3 -c 'import json,sys; print(json.load(sys.stdin)[\"token\"])')
  curl -i {api}/restricted -H \"Authorization: Bearer $TOKEN\"
  curl -s {base}/_mock/tokens -d '{{\"user\":\"alice\",\"claims\":{{\"exp\":1}}}}'
  curl -s {base}/_mock/directory
"
    )
}
