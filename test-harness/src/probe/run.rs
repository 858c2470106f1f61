//! The whole run: a mock identity provider, the API, the controls, every case, every scenario.

use std::io;

use entra_mock_idp::{MockIdp, Tls};

use super::{
    Options, Outcome, Report, Row, Stage, TargetError, http_target::HttpTarget, options::Selection,
    process::Start,
};
use crate::{Case, Scenario, catalogue, scenarios};

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

/// Plays the catalogue against an API.
///
/// # Errors
///
/// [`TargetError`] if the run cannot begin or go on: a port is in use, or the API does not start, refuses everything or is
/// gone. What the API does wrong is not an error but a failed case.
pub async fn run(options: Options, mut progress: impl FnMut(Progress<'_>)) -> Result<Report, TargetError> {
    options.check_target()?;
    let (cases, scenarios) = selected(&options)?;
    let idp = provider(&options)?;
    let world = options.world(&idp);
    let start = (!options.command.is_empty())
        .then(|| Start { command: options.command.clone(), environment: options.environment(&idp, &world) });
    let target = HttpTarget::new(options.shape(), start, options.patience).await?;
    let mut stage = Stage::new(&idp, world, target).patience(options.patience);
    check_controls(&mut stage, &options, &idp).await?;

    progress(Progress::Begun(cases.len() + scenarios.len()));
    let mut rows = Vec::new();
    let mut end = |row: Row, progress: &mut dyn FnMut(Progress<'_>)| {
        let known = row.outcome.diverged().then(|| options.divergences.reason(row.id)).flatten();
        let row = Row { known: known.map(str::to_owned), ..row };
        progress(Progress::Ended(&row));
        rows.push(row);
    };
    // Cases that need a restart come last, so that all others share one start.
    let (restarting, plain): (Vec<&Case>, Vec<&Case>) =
        cases.into_iter().partition(|case| case.brings_documents());
    for case in plain.into_iter().chain(restarting) {
        progress(Progress::Playing(case.id));
        let outcome = match options.does_not_apply(case) {
            Some(reason) => Outcome::Skipped { reason: reason.to_owned() },
            None => stage.play_case(case).await?,
        };
        end(Row::of_case(case, outcome), &mut progress);
    }
    for scenario in scenarios {
        progress(Progress::Playing(scenario.id));
        let outcome = stage.play_scenario(scenario).await?;
        end(Row::of_scenario(scenario, outcome), &mut progress);
    }
    let outdated = options.divergences.stale(&rows);
    Ok(Report::new(rows, outdated))
}

fn selected(options: &Options) -> Result<(Vec<&'static Case>, Vec<&'static Scenario>), TargetError> {
    let selection = Selection::new(options)?;
    let cases: Vec<_> = catalogue().filter(|case| selection.includes(case.id)).collect();
    let scenarios: Vec<_> = scenarios().iter().filter(|scenario| selection.includes(scenario.id)).collect();
    if cases.is_empty() && scenarios.is_empty() {
        let message = "no case is left to play: check --only and --skip against entra-probe list";
        return Err(TargetError::new(message));
    }
    Ok((cases, scenarios))
}

fn provider(options: &Options) -> Result<MockIdp, TargetError> {
    let mut builder = MockIdp::builder().listen(options.idp_listen);
    if let Some(directory) = &options.tls_state_dir {
        builder = builder.tls(Tls::LocalCa(directory.clone()));
    }
    builder.start().map_err(|error| {
        TargetError::new(match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "{} is in use: stop what listens there, or give another --idp-listen",
                options.idp_listen
            ),
            _ => format!("the mock identity provider cannot listen on {}: {error}", options.idp_listen),
        })
    })
}

/// An API that refuses everything would pass nearly every case.
async fn check_controls(
    stage: &mut Stage<'_, HttpTarget>,
    options: &Options,
    idp: &MockIdp,
) -> Result<(), TargetError> {
    let mut seen = None;
    for case in catalogue().take_while(|case| case.group() == "control").take(2) {
        if options.does_not_apply(case).is_some() {
            continue;
        }
        match stage.play_case(case).await? {
            Outcome::Passed => return Ok(()),
            outcome => seen = Some(outcome),
        }
    }
    let seen = seen.map_or(String::new(), |outcome| outcome.to_string());
    Err(TargetError::new(format!(
        "the API does not accept an honest token ({seen}), so what it refuses proves nothing. Check that {} is a route \
         for {}, and that the API trusts {} and accepts the audience {}; a route that requires a scope or a role needs \
         --scope or --role",
        options.target,
        options.method,
        idp.authority(),
        stage.world().audience(),
    )))
}
