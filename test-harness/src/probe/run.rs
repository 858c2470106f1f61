//! The whole run: a mock identity provider, the API, the controls, every case, every scenario.

use std::{io, sync::Arc};

use entra_mock_idp::{MockIdp, StartError, Tls};

use super::{
    Options, Progress, Report, Row, Stage, TargetError, api::Api, http_target::HttpTarget,
    options::Selection, plan::plan, play::Run, process::Start, watchdog::Watchdog,
};
use crate::{Case, World};

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
    let selection = Selection::new(&options)?;
    let run = Run {
        plan: plan(|id| selection.includes(id)),
        does_not_apply: |world: &World, case: &Case| options.does_not_apply(world, case),
        divergences: &options.divergences,
    };
    if run.plan.is_empty() {
        let message = "no case is left to play: check --only and --skip against entra-probe list";
        return Err(TargetError::new(message));
    }
    let mut rows = Vec::new();
    let played = tokio::select! {
        played = play(&run, &options, &mut rows, &mut progress) => played,
        why = stop => Err(TargetError::new(why)),
    };
    match played {
        Err(error) if rows.is_empty() => Err(error),
        played => Ok(run.report(rows, played.err().map(|error| error.to_string()))),
    }
}

async fn play(
    run: &Run<'_, impl Fn(&World, &Case) -> Option<&'static str>>,
    options: &Options,
    rows: &mut Vec<Row>,
    progress: &mut impl FnMut(Progress<'_>),
) -> Result<(), TargetError> {
    let idp = provider(options)?;
    let world = options.world(&idp);
    let target = HttpTarget::new(options.shape()?, api(options, &idp, &world).await?, options.patience)?;
    let mut stage = Stage::new(&idp, world, target).patience(options.patience);
    if let Some(seen) = run.refused_control(&mut stage).await? {
        return Err(TargetError::new(format!(
            "the API does not accept an honest token ({seen}), so what it refuses proves nothing. Check that {} is a \
             route for {}, and that the API trusts {} and accepts the audience {}; a route that requires a scope or a \
             role needs --scope or --role",
            options.target,
            options.method,
            idp.authority(),
            stage.world().audience(),
        )));
    }
    run.play(&mut stage, rows, progress).await
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
        TargetError::new(match &error {
            StartError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => format!(
                "{} is in use: stop what listens there, or give another --idp-listen",
                options.idp_listen
            ),
            _ => format!("the mock identity provider does not start: {error}"),
        })
    })
}
