//! `entra-probe run`.

use std::{fs, path::Path, time::Instant};

use entra_test_harness::{Divergences, Options, Progress, Report, TargetError, catalogue, scenarios};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{cli::Run, formats, note, print, report_file::ReportFile, signals};

type Format = fn(&Report) -> Result<String, String>;

/// Returns whether the API is clean.
pub(crate) fn run(arguments: &Run) -> Result<bool, String> {
    let mut options = arguments.options()?;
    if let Some(path) = &arguments.divergences {
        options.divergences = read(path)?;
    }
    if arguments.insecure {
        note(
            "warning: --insecure accepts any certificate: whoever answers can read what --header and --body send",
        );
    }
    let files = report_files(arguments)?;
    let begun = Instant::now();
    let report = played(options)?;
    print(&formats::text(&report, begun.elapsed()));
    let written = files.into_iter().map(|(file, format)| file.write(&format(&report)?));
    let mut wrong: Vec<String> = written.filter_map(Result::err).collect();
    wrong.extend(report.interrupted.clone());
    if wrong.is_empty() { Ok(report.is_clean()) } else { Err(wrong.join("\nentra-probe: ")) }
}

fn report_files(arguments: &Run) -> Result<Vec<(ReportFile, Format)>, String> {
    let wanted = [
        (&arguments.json, formats::json as Format),
        (&arguments.junit, formats::junit),
        (&arguments.html, formats::html),
    ];
    let wanted = wanted.into_iter().filter_map(|(path, format)| Some((path.as_ref()?, format)));
    wanted.map(|(path, format)| Ok((ReportFile::open(path)?, format))).collect()
}

fn played(options: Options) -> Result<Report, String> {
    let bar = bar();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start: {error}"))?;
    let report = runtime.block_on(async {
        let signal =
            signals::first().map_err(|error| TargetError::new(format!("cannot catch signals: {error}")))?;
        let stop = async { format!("interrupted by {}", signal.await) };
        entra_test_harness::run_until(options, |progress| show(&bar, &progress), stop).await
    });
    bar.finish_and_clear();
    report.map_err(|error| error.to_string())
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
                note(group);
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
