//! `entra-probe run`.

use std::{fs, path::Path, time::Instant};

use entra_test_harness::{Divergences, Progress, Report, catalogue, scenarios};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{cli::Run, formats};

/// Returns whether the API is clean.
pub(crate) fn run(arguments: &Run) -> Result<bool, String> {
    let mut options = arguments.options()?;
    if let Some(path) = &arguments.divergences {
        options.divergences = read(path)?;
    }
    let begun = Instant::now();
    let bar = bar();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let report = runtime.block_on(async {
        let played = entra_test_harness::run(options, |progress| show(&bar, &progress));
        tokio::select! {
            report = played => report.map_err(|error| error.to_string()),
            _ = tokio::signal::ctrl_c() => Err("interrupted".to_owned()),
        }
    });
    bar.finish_and_clear();
    let report = report?;
    for (path, text) in [
        (&arguments.json, formats::json as fn(&Report) -> Result<String, String>),
        (&arguments.junit, formats::junit),
        (&arguments.html, formats::html),
    ] {
        if let Some(path) = path {
            fs::write(path, text(&report)?).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    print!("{}", formats::text(&report, begun.elapsed()));
    Ok(report.is_clean())
}

fn read(path: &Path) -> Result<Divergences, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Divergences::from_toml(&text).map_err(|error| format!("{}: {}", path.display(), error.trim_end()))
}

/// Shown on a terminal only.
fn bar() -> ProgressBar {
    let most = catalogue().count() + scenarios().len();
    let bar = ProgressBar::with_draw_target(Some(most as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}  {msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

fn show(bar: &ProgressBar, progress: &Progress<'_>) {
    match progress {
        Progress::Begun(count) => bar.set_length(*count as u64),
        // In a log there is no bar, but a line for each group.
        Progress::Playing(id) if bar.is_hidden() => {
            let group = id.split("::").next().unwrap_or_default();
            if bar.message() != group {
                bar.set_message(group.to_owned());
                eprintln!("{group}");
            }
        }
        Progress::Playing(id) => bar.set_message((*id).to_owned()),
        Progress::Ended(row) => {
            bar.inc(1);
            if row.failed() {
                bar.println(format!("{}: {}", row.id, row.outcome));
            }
        }
        _ => {}
    }
}
