//! What is played, and in which order.

use super::{Outcome, Row};
use crate::{Case, Scenario, catalogue, scenarios};

pub(super) enum Item {
    Case(&'static Case),
    Scenario(&'static Scenario),
}

impl Item {
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::Case(case) => case.id,
            Self::Scenario(scenario) => scenario.id,
        }
    }

    pub(super) fn row(&self, outcome: Outcome) -> Row {
        match self {
            Self::Case(case) => Row::of_case(case, outcome),
            Self::Scenario(scenario) => Row::of_scenario(scenario, outcome),
        }
    }
}

pub(super) fn plan(selected: impl Fn(&str) -> bool) -> Vec<Item> {
    let cases = catalogue().filter(|case| selected(case.id));
    // Cases that need a restart come last, so that all others share one start.
    let (restarting, others): (Vec<&Case>, Vec<&Case>) = cases.partition(|case| case.brings_documents());
    let cases = others.into_iter().chain(restarting).map(Item::Case);
    let scenarios = scenarios().iter().filter(|scenario| selected(scenario.id));
    cases.chain(scenarios.map(Item::Scenario)).collect()
}
