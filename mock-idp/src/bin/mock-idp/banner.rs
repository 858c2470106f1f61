//! What a newcomer sees first.

use std::{fmt::Write as _, io::Write as _, path::Path, sync::mpsc, thread, time::Duration};

use entra_mock_idp::{AppKind, MockIdp};

/// How long the mock waits for somebody to read the text before it goes on.
const PATIENCE: Duration = Duration::from_secs(1);

/// The first line is for programs, the others for people. A reader that closes the pipe after the first is not an error,
/// and one that never reads more than a pipe holds does not keep the mock from its signals.
pub(crate) fn print(idp: &MockIdp, ca: Option<&Path>, control_token: Option<&str>) {
    let text = text(idp, ca, control_token);
    let (done, finished) = mpsc::channel();
    thread::spawn(move || {
        let mut out = std::io::stdout();
        _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        _ = done.send(());
    });
    _ = finished.recv_timeout(PATIENCE);
}

fn text(idp: &MockIdp, ca: Option<&Path>, control_token: Option<&str>) -> String {
    let base = idp.base_url();
    let directory = idp.directory();
    let mut text = format!("mock-idp listening on {base}\n\n");
    text.push_str(
        "  TEST ONLY: keys, secrets and passwords are published. Trusting this means trusting everyone.\n",
    );
    if !idp.address().ip().is_loopback() {
        _ = writeln!(text, "  WARNING: {} can be reached from other machines.", idp.address());
    }
    let fragment = control_token.map(|token| format!("#token={token}")).unwrap_or_default();
    _ = writeln!(text, "\n  web page\n    {base}/{fragment}");
    text.push_str("  authorities\n");
    for tenant in &directory.tenants {
        _ = writeln!(text, "    {:14} {base}/{}", tenant.name, tenant.tenant_id);
    }
    text.push_str("  apps\n");
    for app in &directory.apps {
        let secret = app.client_secret.as_deref().unwrap_or("(no secret)");
        _ = writeln!(text, "    {:14} {}  {secret}", app.name, app.client_id);
    }
    text.push_str("  users\n");
    for user in &directory.users {
        _ = writeln!(text, "    {:14} {}  {}", user.name, user.upn, user.password);
    }
    if let Some(ca) = ca {
        _ = writeln!(text, "  CA to trust\n    {}", ca.display());
    }
    text.push_str(&examples(idp, ca, control_token).unwrap_or_default());
    text.push('\n');
    text
}

/// Two commands to paste.
fn examples(idp: &MockIdp, ca: Option<&Path>, control_token: Option<&str>) -> Option<String> {
    let (base, tenant, directory) = (idp.base_url(), idp.tenant_id(), idp.directory());
    let app = |kind: AppKind| directory.apps.iter().find(|app| app.kind == kind);
    let (daemon, api) = (app(AppKind::Daemon)?, app(AppKind::Api)?);
    let trust = ca.map(|ca| format!(" --cacert {}", ca.display())).unwrap_or_default();
    let bearer =
        control_token.map(|token| format!(" -H 'Authorization: Bearer {token}'")).unwrap_or_default();
    let resource = api.identifier_uri.as_deref().unwrap_or(&api.client_id);
    let (client, secret) = (&daemon.client_id, daemon.client_secret.as_deref().unwrap_or_default());
    Some(format!(
        "\n  a token:\n    curl -s{trust} {base}/{tenant}/oauth2/v2.0/token -d grant_type=client_credentials -d client_id={client} -d client_secret={secret} -d scope={resource}/.default\n  any token:\n    curl -s{trust}{bearer} {base}/_mock/tokens -d '{{\"user\":\"alice\",\"claims\":{{\"exp\":1}}}}'\n"
    ))
}
