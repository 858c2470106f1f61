//! The catalogue as a page for people.

use std::fmt::Write as _;

use entra_mock_idp::{Endpoint, Fault, FaultRule};

use crate::{Attacker, Behaviour, Case, Expect, Scene, Severity, Start, Step, behaviours, catalogue, groups};

/// The catalogue for people, in Markdown.
///
/// ```
/// assert!(entra_test_harness::catalogue_page().starts_with("# The catalogue of hostile tokens"));
/// ```
#[must_use]
pub fn catalogue_page() -> String {
    let mut page = String::from(
        "# The catalogue of hostile tokens\n\nWritten by `cargo run -p entra-test-harness --example suite`; do not edit.\n\n\
         Controls must be let in; everything else must be refused, with the code where the target tells codes. Who can mount\n\
         a case: *anyone*; anyone *once published* such a key; the holder of a genuine *token*; only the holder of the signing\n\
         *key* (a test of robustness); whoever controls the *provider* or the network to it. How bad it is: *critical*, anyone\n\
         gets in; *high*, somebody does, or the service goes down, under some condition; *medium*, harm needs one more mistake\n\
         elsewhere; *low*, a rule is broken without harm by itself; *info*, nothing is lost.\n",
    );
    _ = write!(page, "\n{} cases and {} scenes.\n", catalogue().count(), behaviours().len());
    for group in groups() {
        _ = write!(
            page,
            "\n## {}\n\n{}\n\n**If it goes wrong:** {}\n\n",
            group.name, group.about, group.harm
        );
        if group.name == "behaviour" {
            for behaviour in behaviours() {
                add_behaviour(&mut page, behaviour);
            }
        } else {
            page.push_str("| case | what is wrong | must be | mounted by | how bad | see |\n|---|---|---|---|---|---|\n");
            catalogue().filter(|case| case.group() == group.name).for_each(|case| add_case(&mut page, case));
        }
    }
    page
}

fn add_case(page: &mut String, case: &Case) {
    let expect = match case.expect {
        Expect::Either { why, .. } => format!("{}: {why}", verdict(case.expect)),
        expect => verdict(expect),
    };
    _ = writeln!(
        page,
        "| `{}` | {} | {expect} | {} | {} | {} |",
        case.id,
        case.summary.replace('|', "\\|"),
        attacker(case.mounted_by),
        severity(case.severity),
        case.references.join("; ")
    );
}

fn add_behaviour(page: &mut String, behaviour: &Behaviour) {
    _ = write!(
        page,
        "### `{}`\n\n{} ({}, by {}; {})\n\n",
        behaviour.id,
        behaviour.summary,
        severity(behaviour.severity),
        attacker(behaviour.mounted_by),
        behaviour.references.join("; ")
    );
    let start = match behaviour.start {
        Start::Cold => "The API was started just now and has no keys.",
        Start::Warm => "The API has the keys.",
    };
    _ = writeln!(page, "1. {start}");
    for (number, step) in (2..).zip(behaviour.steps) {
        _ = writeln!(page, "{number}. {}", words(step));
    }
    page.push('\n');
}

fn words(step: &Step) -> String {
    match *step {
        Step::Send(_, expect) => format!("A request: {}.", verdict(expect)),
        Step::Until(_, expect, seconds) => {
            format!(
                "A request, again and again for {seconds} seconds at most, until it is {}.",
                verdict(expect)
            )
        }
        Step::Flood(times, _, expect) => format!("{times} requests: each {}.", verdict(expect)),
        Step::Herd(times, _, expect) => format!("{times} requests at once: each {}.", verdict(expect)),
        Step::Inject(rule) => fault(&rule(&Scene::fixed(0, "https://mock-idp.example"))),
        Step::Heal => "The provider is well again.".to_owned(),
        Step::Rotate { keep_old: true } => "The keys rotate; the old ones stay published.".to_owned(),
        Step::Rotate { keep_old: false } => "The keys rotate; the old ones are withdrawn.".to_owned(),
        Step::Pass(seconds) => format!("{} hours pass.", seconds / 3600),
        Step::AskedAtMost(Endpoint::Discovery, times) => {
            format!("The metadata was fetched {times} times at most.")
        }
        Step::AskedAtMost(_, times) => format!("The key set was fetched {times} times at most."),
    }
}

fn fault(rule: &FaultRule) -> String {
    let what = if rule.endpoint == Endpoint::Jwks { "The key set" } else { "The metadata" };
    let often = rule.times.map_or(String::new(), |times| format!(", {times} time(s)"));
    let how = match &rule.fault {
        Fault::Status(status) => format!("answers {status}"),
        Fault::DelayMs(milliseconds) => format!("takes {} seconds", milliseconds / 1000),
        Fault::Body(_) => "becomes another document".to_owned(),
        Fault::Truncate(bytes) => format!("ends after {bytes} bytes"),
        Fault::Endless => "never ends".to_owned(),
        Fault::Redirect(_) => "redirects to itself".to_owned(),
        _ => "ends its connection".to_owned(),
    };
    format!("{what} {how}{often}.")
}

fn verdict(expect: Expect) -> String {
    match expect {
        Expect::Accept => "let in".to_owned(),
        Expect::Refuse(code) => format!("refused: `{code}`"),
        Expect::Either { code, .. } => format!("either, refused with `{code}`"),
    }
}

fn attacker(attacker: Attacker) -> &'static str {
    match attacker {
        Attacker::Anyone => "anyone",
        Attacker::AnyoneOncePublished => "once published",
        Attacker::TokenHolder => "token",
        Attacker::KeyHolder => "key",
        Attacker::Provider => "provider",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Low => "low",
        Severity::Medium => "medium",
        Severity::High => "high",
        Severity::Critical => "critical",
    }
}
