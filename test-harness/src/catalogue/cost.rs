//! What a stranger's token costs: unsigned tokens that are small, well formed, and expensive to read.

use entra_mock_idp::TokenBuilder;

use super::{
    Group,
    row::{Row, refuse},
};
use crate::{
    Attacker::Anyone,
    Severity::{High, Medium},
    World,
};

pub(super) const GROUP: Group = Group {
    step: None,
    name: "cost",
    codes: &[],
    reference: "CWE-405",
    about: "Unsigned tokens of a few kilobytes that cost many times what a good token costs.",
    harm: "A stranger who sends a few megabytes a second keeps the API busy; nothing in the log but refused tokens says so.",
    rows: &[ROWS],
};

const ROWS: &[Row] = &[
    expensive(High, "objects", "The header has an array of 1,300 empty objects", |w| {
        header(w, &repeated("{}", 1300))
    }),
    expensive(High, "objects-of-one-member", "The header has an array of 480 objects with one member", |w| {
        header(w, &repeated("{\"a\":0}", 480))
    }),
    expensive(High, "nested-arrays", "The header has 64 towers of 29 nested arrays", |w| {
        header(w, &repeated(&("[".repeat(29) + &"]".repeat(29)), 64))
    }),
    expensive(High, "arrays", "The header has an array of 1,300 empty arrays", |w| {
        header(w, &repeated("[]", 1300))
    }),
    expensive(Medium, "numbers", "The header has an array of 1,900 numbers", |w| {
        header(w, &repeated("0", 1900))
    }),
    expensive(Medium, "long-numbers", "The header has an array of 50 numbers with 70 digits", |w| {
        header(w, &repeated(&format!("0.{}", "7".repeat(70)), 50))
    }),
    expensive(Medium, "members", "The header has 500 unknown members", |w| {
        let members: Vec<String> = (0..500).map(|n| format!("\"{n}\":0")).collect();
        unsigned(w).raw_header(w.forge().header_json_with(&members.join(",")))
    }),
    expensive(Medium, "strings", "The header has an array of 1,300 empty strings", |w| {
        header(w, &repeated("\"\"", 1300))
    }),
    expensive(Medium, "escapes", "The header has an array of 150 strings that consist of escapes", |w| {
        header(w, &repeated("\"\\u0041\\u0042\\u0043\"", 150))
    }),
    refuse(Medium, "long-kid-of-escapes", "The `kid` header consists of 500 escaped characters", |w| {
        unsigned(w).raw_header(format!(
            "{{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"{}\"}}",
            "\\u00e9".repeat(500)
        ))
    })
    .caught_as("auth_token_key_unknown")
    .by(Anyone),
    refuse(High, "objects-in-the-payload", "The payload has an array of 3,000 empty objects", |w| {
        unsigned(w).raw_payload(format!("{{\"x\":{}}}", repeated("{}", 3000)))
    })
    .caught_as("auth_token_signature_untrusted")
    .by(Anyone),
];

const fn expensive(
    severity: crate::Severity,
    defect: &'static str,
    summary: &'static str,
    token: fn(&World) -> TokenBuilder,
) -> Row {
    refuse(severity, defect, summary, token).caught_as("auth_token_header_invalid").by(Anyone)
}

/// A token whose header has this value besides the honest members.
fn header(world: &World, value: &str) -> TokenBuilder {
    unsigned(world).raw_header(world.forge().header_json_with(&format!("\"x\":{value}")))
}

fn unsigned(world: &World) -> TokenBuilder {
    world.token().raw_signature([0; 256])
}

/// An array of this value.
fn repeated(value: &str, times: usize) -> String {
    format!("[{}]", vec![value; times].join(","))
}
