//! The run itself: the controls, every case, every scenario.

use super::{Divergences, Outcome, Report, Row, Stage, Target, TargetError, plan::Item};
use crate::{Case, World, catalogue};

/// What a run reports while it goes on.
#[derive(Debug)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// This many cases and scenarios will be played.
    Begun(usize),
    /// This one begins.
    Playing(&'a str),
    /// It ended like this.
    Ended(&'a Row),
}

/// What is played, what is skipped and what is known.
pub(super) struct Run<'a, S> {
    pub(super) plan: Vec<Item>,
    pub(super) does_not_apply: S,
    pub(super) divergences: &'a Divergences,
}

const NOT_PLAYED: &str = "the run ended before";

impl<S: Fn(&World, &Case) -> Option<&'static str>> Run<'_, S> {
    /// An API that refuses everything would pass nearly every case.
    ///
    /// Returns how it answered if it does not accept an honest token.
    pub(super) async fn refused_control(
        &self,
        stage: &mut Stage<'_, impl Target>,
    ) -> Result<Option<String>, TargetError> {
        let mut seen = String::new();
        for case in catalogue().take_while(|case| case.group() == "control").take(2) {
            if (self.does_not_apply)(stage.world(), case).is_some() {
                continue;
            }
            match stage.play_case(case).await? {
                Outcome::Passed => return Ok(None),
                outcome => seen = outcome.to_string(),
            }
        }
        Ok(Some(seen))
    }

    /// Plays everything, and adds how it ended to the rows.
    pub(super) async fn play(
        &self,
        stage: &mut Stage<'_, impl Target>,
        rows: &mut Vec<Row>,
        progress: &mut impl FnMut(Progress<'_>),
    ) -> Result<(), TargetError> {
        progress(Progress::Begun(self.plan.len()));
        for item in &self.plan {
            progress(Progress::Playing(item.id()));
            let row = item.row(self.outcome(item, stage).await?);
            let known = row.outcome.diverged().then(|| self.divergences.reason(row.id)).flatten();
            let row = Row { known: known.map(str::to_owned), ..row };
            progress(Progress::Ended(&row));
            rows.push(row);
        }
        Ok(())
    }

    async fn outcome(&self, item: &Item, stage: &mut Stage<'_, impl Target>) -> Result<Outcome, TargetError> {
        match item {
            Item::Case(case) => match (self.does_not_apply)(stage.world(), case) {
                Some(reason) => Ok(Outcome::Skipped { reason: reason.to_owned() }),
                None => stage.play_case(case).await,
            },
            Item::Scenario(scenario) => stage.play_scenario(scenario).await,
        }
    }

    /// The report of what was played, which may have ended before its end.
    pub(super) fn report(&self, mut rows: Vec<Row>, interrupted: Option<String>) -> Report {
        // Of an entry that did not occur yet, nobody knows whether it would have.
        let stale = if interrupted.is_none() { self.divergences.stale(&rows) } else { Vec::new() };
        let missed = &self.plan[rows.len()..];
        rows.extend(missed.iter().map(|item| item.row(Outcome::Skipped { reason: NOT_PLAYED.to_owned() })));
        Report::new(rows, stale, interrupted)
    }
}
