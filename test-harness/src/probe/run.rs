//! The whole run: a mock identity provider, the API, the controls, every case, every scenario.

use std::{io, sync::Arc};

use entra_mock_idp::{MockIdp, Tls};

use super::{
    Options, Outcome, Report, Row, Stage, TargetError,
    api::Api,
    http_target::HttpTarget,
    plan::{Item, plan},
    process::Start,
    watchdog::Watchdog,
};
use crate::{World, catalogue};

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
/// The API is stopped with all that it started, however the run ends. If the API is gone before the end, the report says so
/// ([`Report::interrupted`]), and what was not played is skipped.
///
/// # Errors
///
/// [`TargetError`] if nothing was played: a port is in use, or the API does not start or refuses everything. What the API does
/// wrong is not an error but a failed case.
pub async fn run(options: Options, progress: impl FnMut(Progress<'_>)) -> Result<Report, TargetError> {
    run_until(options, progress, std::future::pending()).await
}

/// Plays the catalogue against an API, as [`run`] does, until `stop` says why the run must end before its end.
///
/// # Errors
///
/// As [`run`], and what `stop` says if nothing was played.
pub async fn run_until(
    options: Options,
    mut progress: impl FnMut(Progress<'_>),
    stop: impl Future<Output = String>,
) -> Result<Report, TargetError> {
    options.check_target()?;
    let plan = plan(&options)?;
    let mut rows = Vec::new();
    let played = tokio::select! {
        played = play(&plan, &options, &mut rows, &mut progress) => played,
        why = stop => Err(TargetError::new(why)),
    };
    let interrupted = match played {
        Ok(()) => None,
        Err(error) if rows.is_empty() => return Err(error),
        Err(error) => Some(error.to_string()),
    };
    // Of an entry that did not occur yet, nobody knows whether it would have.
    let stale = if interrupted.is_none() { options.divergences.stale(&rows) } else { Vec::new() };
    let missed = &plan[rows.len()..];
    rows.extend(missed.iter().map(|item| item.row(Outcome::Skipped { reason: NOT_PLAYED.to_owned() })));
    Ok(Report::new(rows, stale, interrupted))
}

const NOT_PLAYED: &str = "the run ended before";

async fn play(
    plan: &[Item],
    options: &Options,
    rows: &mut Vec<Row>,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<(), TargetError> {
    let idp = provider(options)?;
    let world = options.world(&idp);
    let target = HttpTarget::new(options.shape(), api(options, &idp, &world).await?, options.patience)?;
    let mut stage = Stage::new(&idp, world, target).patience(options.patience);
    check_controls(&mut stage, options, &idp).await?;
    progress(Progress::Begun(plan.len()));
    for item in plan {
        progress(Progress::Playing(item.id()));
        let row = item.row(item.play(&mut stage, options).await?);
        let known = row.outcome.diverged().then(|| options.divergences.reason(row.id)).flatten();
        let row = Row { known: known.map(str::to_owned), ..row };
        progress(Progress::Ended(&row));
        rows.push(row);
    }
    Ok(())
}

async fn api(options: &Options, idp: &MockIdp, world: &World) -> Result<Api, TargetError> {
    let start = match options.command.as_slice() {
        [] => None,
        command => Some(Start {
            command: command.to_vec(),
            environment: options.environment(idp, world),
            watchdog: Watchdog::start(&options.watchdog)?.map(Arc::new),
        }),
    };
    Api::new(options.target.clone(), start, options.start_timeout).await
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
