//! The catalogue as a page for people.

use std::fmt::Write as _;

use entra_mock_idp::{Endpoint, Fault, FaultRule, Rotation};

use crate::{Act, Case, Expect, Scenario, Start, World, catalogue, groups, scenarios};

/// The catalogue for people, in Markdown.
pub(crate) fn catalogue_page() -> String {
    let mut page = include_str!("../../templates/catalogue.md").to_owned();
    _ = write!(page, "\n{} cases and {} scenarios.\n", catalogue().count(), scenarios().len());
    for group in groups() {
        _ = write!(
            page,
            "\n## {}{}\n\n{}\n\n**If it goes wrong:** {}\n\n",
            group.name,
            group.step.map_or(String::new(), |step| format!(" (step {step})")),
            group.about,
            group.harm
        );
        if group.name == "scenario" {
            for scenario in scenarios() {
                add_scenario(&mut page, scenario);
            }
        } else {
            page.push_str(
                "| case | defect | expected | exploitable by | severity | see |\n|---|---|---|---|---|---|\n",
            );
            catalogue().filter(|case| case.group() == group.name).for_each(|case| add_case(&mut page, case));
        }
    }
    page
}

fn add_case(page: &mut String, case: &Case) {
    let why = match case.expect {
        Expect::Either { why, .. } => format!(": {why}"),
        _ => String::new(),
    };
    _ = writeln!(
        page,
        "| `{}` | {} | {}{why} | {} | {} | {} |",
        case.id,
        case.summary.replace('|', "\\|"),
        case.expect,
        case.mounted_by,
        case.severity,
        case.references.join("; ")
    );
}

fn add_scenario(page: &mut String, scenario: &Scenario) {
    _ = write!(
        page,
        "### `{}`\n\n{}. Severity: {}. Exploitable by: {}. See {}.\n\n",
        scenario.id,
        scenario.summary,
        scenario.severity,
        scenario.mounted_by,
        scenario.references.join("; ")
    );
    let start = match scenario.start {
        Start::Cold => "The API has just started and has no keys.",
        Start::Warm => "The API has the keys.",
    };
    _ = writeln!(page, "1. {start}");
    for (number, act) in (2..).zip(scenario.acts) {
        _ = writeln!(page, "{number}. {}", words(act));
    }
    page.push('\n');
}

fn words(act: &Act) -> String {
    match *act {
        Act::Send(_, expect) => format!("One request: {expect}."),
        Act::Until(_, expect, seconds) => {
            format!("A request every second for at most {seconds} seconds, until: {expect}.")
        }
        Act::Flood(times, _, expect) => format!("{times} requests, one after the other: {expect}."),
        Act::Herd(times, _, expect) => format!("{times} requests at once: {expect}."),
        Act::Inject(rule) => fault(&rule(&World::fixed(0, "https://mock-idp.example"))),
        Act::Heal => "The identity provider recovers.".to_owned(),
        Act::Rotate(Rotation::Planned) => "The keys rotate; the old ones stay published.".to_owned(),
        Act::Rotate(Rotation::Emergency) => "The keys rotate; the old ones are withdrawn.".to_owned(),
        Act::Pass(seconds) => format!("{} hours pass.", seconds / 3600),
        Act::AskedAtMost(Endpoint::Discovery, times) => {
            format!("The API has fetched the metadata at most {times} times.")
        }
        Act::AskedAtMost(_, times) => format!("The API has fetched the key set at most {times} times."),
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
