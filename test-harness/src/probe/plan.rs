//! What is played, and in which order.

use super::{Options, Outcome, Row, Stage, Target, TargetError, options::Selection};
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

    pub(super) async fn play(
        &self,
        stage: &mut Stage<'_, impl Target>,
        options: &Options,
    ) -> Result<Outcome, TargetError> {
        match self {
            Self::Case(case) => match options.does_not_apply(case) {
                Some(reason) => Ok(Outcome::Skipped { reason: reason.to_owned() }),
                None => stage.play_case(case).await,
            },
            Self::Scenario(scenario) => stage.play_scenario(scenario).await,
        }
    }

    pub(super) fn row(&self, outcome: Outcome) -> Row {
        match self {
            Self::Case(case) => Row::of_case(case, outcome),
            Self::Scenario(scenario) => Row::of_scenario(scenario, outcome),
        }
    }
}

pub(super) fn plan(options: &Options) -> Result<Vec<Item>, TargetError> {
    let selection = Selection::new(options)?;
    let cases = catalogue().filter(|case| selection.includes(case.id));
    // Cases that need a restart come last, so that all others share one start.
    let (restarting, others): (Vec<&Case>, Vec<&Case>) = cases.partition(|case| case.brings_documents());
    let cases = others.into_iter().chain(restarting).map(Item::Case);
    let scenarios = scenarios().iter().filter(|scenario| selection.includes(scenario.id));
    let plan: Vec<_> = cases.chain(scenarios.map(Item::Scenario)).collect();
    if plan.is_empty() {
        let message = "no case is left to play: check --only and --skip against entra-probe list";
        return Err(TargetError::new(message));
    }
    Ok(plan)
}
