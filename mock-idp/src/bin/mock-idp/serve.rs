//! `mock-idp serve`.

use std::{fs, io, path::Path, thread};

use entra_mock_idp::{Directory, MockIdp, MockIdpBuilder, StartError, Tls};
use tokio::{
    runtime::{Builder, Runtime},
    signal,
    sync::oneshot,
};

use crate::{banner, cli::Serve, log};

pub(crate) fn run(arguments: &Serve) -> Result<(), String> {
    let log = log::start(arguments.log_format).map_err(|error| format!("cannot start the log: {error}"))?;
    let result = serve(arguments);
    log.flush();
    result
}

fn serve(arguments: &Serve) -> Result<(), String> {
    let listen = arguments.listen;
    let idp = builder(arguments)?.start().map_err(|error| match error {
        StartError::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => {
            format!("{listen} is in use: stop what listens there, or give another --listen")
        }
        StartError::Listen { .. } => format!("{error}; give another --listen"),
        _ => format!("cannot start: {error}"),
    })?;
    let ca = if arguments.tls { Some(entra_mock_idp::local_ca(&arguments.state_dir.path()?)) } else { None };
    let ca = ca.transpose().map_err(|error| error.to_string())?;
    let signals = Signals::listen().map_err(|error| format!("cannot listen for signals: {error}"))?;
    banner::print(&idp, ca.as_deref(), arguments.control_token.as_deref());
    if let Some(path) = &arguments.ready_file {
        write_whole(path, &format!("{}\n{}\n", idp.base_url(), idp.address()))
            .map_err(|error| format!("cannot write --ready-file {}: {error}", path.display()))?;
    }
    let closed = arguments.exit_on_stdin_close.then(stdin_closed);
    signals.wait_for_the_end(&idp, arguments.config.as_deref(), closed)
}

/// Is told when standard input ends. Whatever arrives there is thrown away.
fn stdin_closed() -> oneshot::Receiver<()> {
    let (closed, told) = oneshot::channel();
    thread::spawn(move || {
        // An input that cannot be read has ended, too.
        _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        _ = closed.send(());
    });
    told
}

/// Never, if nobody tells.
async fn told(closed: &mut Option<oneshot::Receiver<()>>) {
    match closed {
        Some(closed) => _ = closed.await,
        None => std::future::pending().await,
    }
}

/// Whoever waits for the file finds all of it or none: it is written under another name first.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let result = fs::write(&name, text).and_then(|()| fs::rename(&name, path));
    if result.is_err() {
        _ = fs::remove_file(&name);
    }
    result
}

fn builder(arguments: &Serve) -> Result<MockIdpBuilder, String> {
    let mut builder = MockIdp::builder()
        .listen(arguments.listen)
        .workers(thread::available_parallelism().map_or(1, std::num::NonZero::get));
    if let Some(path) = &arguments.config {
        builder = builder.directory(read(path)?);
    }
    if let (Some(cert), Some(key)) = (arguments.cert.clone(), arguments.key.clone()) {
        builder = builder.tls(Tls::Own { cert, key });
    } else if arguments.tls {
        builder = builder.tls(Tls::LocalCa(arguments.state_dir.path()?));
    }
    if let Some(url) = &arguments.public_url {
        builder = builder.public_url(url);
    }
    builder = match arguments.sign_in.as_deref() {
        Some("hint") => builder.sign_in_by_hint(),
        Some(user) => builder.sign_in(user),
        None => builder,
    };
    if let Some(token) = &arguments.control_token {
        builder = builder.control_token(token);
    }
    #[cfg(feature = "validator")]
    {
        builder = builder.validator(crate::judge::judge);
    }
    Ok(if arguments.fresh_keys { builder.fresh_keys() } else { builder })
}

fn read(config: &Path) -> Result<Directory, String> {
    Directory::from_file(config).map_err(|error| format!("{}: {error}", config.display()))
}

/// Signals of the operator. Listened for before the mock says that it is ready: whoever waits for that may send one at once.
struct Signals {
    runtime: Runtime,
    #[cfg(unix)]
    terminate: signal::unix::Signal,
    #[cfg(unix)]
    interrupt: signal::unix::Signal,
    #[cfg(unix)]
    hang_up: signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use signal::unix::{SignalKind, signal};
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let context = runtime.enter();
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let hang_up = signal(SignalKind::hangup())?;
        drop(context);
        Ok(Self { runtime, terminate, interrupt, hang_up })
    }

    /// Ctrl-C, SIGTERM, or the end of standard input. SIGHUP reads the config again.
    fn wait_for_the_end(
        mut self,
        idp: &MockIdp,
        config: Option<&Path>,
        mut closed: Option<oneshot::Receiver<()>>,
    ) -> Result<(), String> {
        self.runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = self.terminate.recv() => return Ok(()),
                    _ = self.interrupt.recv() => return Ok(()),
                    _ = self.hang_up.recv() => reload(idp, config),
                    () = told(&mut closed) => return Ok(()),
                }
            }
        })
    }
}

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self { runtime: Builder::new_current_thread().enable_all().build()? })
    }

    /// Ctrl-C, or the end of standard input.
    fn wait_for_the_end(
        self,
        _: &MockIdp,
        _: Option<&Path>,
        mut closed: Option<oneshot::Receiver<()>>,
    ) -> Result<(), String> {
        self.runtime.block_on(async {
            tokio::select! {
                pressed = signal::ctrl_c() => pressed.map_err(|error| error.to_string()),
                () = told(&mut closed) => Ok(()),
            }
        })
    }
}

/// An invalid config changes nothing.
#[cfg(unix)]
fn reload(idp: &MockIdp, config: Option<&Path>) {
    match config.map(read) {
        Some(Ok(directory)) => {
            idp.set_directory(directory);
            tracing::info!("the directory was read again");
        }
        Some(Err(error)) => tracing::error!("the directory stays as it was: {error}"),
        None => tracing::warn!("there is no --config to read again"),
    }
}
