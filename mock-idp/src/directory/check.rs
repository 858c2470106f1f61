//! What a directory must satisfy beyond its form: ids are GUIDs, names exist, nothing occurs twice.

use std::collections::HashSet;

use url::Url;

use crate::certificate::Certificate;

use super::{App, AppKind, Directory, GRAPH_URI, RedirectUri, User};

/// An invalid value in the file, and what is expected in its place.
pub(super) struct Problem {
    pub(super) value: String,
    pub(super) message: String,
}

fn problem(value: &str, message: String) -> Problem {
    Problem { value: value.to_owned(), message }
}

pub(super) fn check(directory: &Directory) -> Result<(), Problem> {
    if directory.tenants.is_empty() {
        return Err(problem("", "there is no [[tenants]]: at least one is expected".to_owned()));
    }
    guids(directory)?;
    names(directory)?;
    for tenant in &directory.tenants {
        for (api, scopes) in &tenant.admin_consent {
            granted(directory, &tenant.name, api, scopes, |api| &api.scopes, "scope")?;
        }
    }
    for app in &directory.apps {
        tenant_exists(directory, "tenant", &app.name, &app.tenant)?;
        for tenant in app.installed_in.iter().flatten() {
            tenant_exists(directory, "installed_in", &app.name, tenant)?;
        }
        app_is_consistent(directory, app)?;
    }
    for group in &directory.groups {
        tenant_exists(directory, "tenant", &group.name, &group.tenant)?;
    }
    directory.users.iter().try_for_each(|user| user_is_consistent(directory, user))
}

fn tenant_exists(directory: &Directory, key: &str, owner: &str, name: &str) -> Result<(), Problem> {
    if directory.tenants.iter().any(|tenant| tenant.name == name) {
        return Ok(());
    }
    let known: Vec<_> = directory.tenants.iter().map(|tenant| tenant.name.as_str()).collect();
    let message = format!("{key} = {name:?} of {owner:?} is not a tenant: one of {known:?} is expected");
    Err(problem(name, message))
}

fn user_is_consistent(directory: &Directory, user: &User) -> Result<(), Problem> {
    tenant_exists(directory, "tenant", &user.name, &user.tenant)?;
    if let Some(home) = &user.home_tenant {
        tenant_exists(directory, "home_tenant", &user.name, home)?;
    }
    let exists = |name: &String| {
        directory.groups.iter().any(|group| group.name == *name && group.tenant == user.tenant)
    };
    if let Some(group) = user.groups.iter().find(|group| !exists(group)) {
        let message =
            format!("user {:?} is in group {group:?}, which does not exist in its tenant", user.name);
        return Err(problem(group, message));
    }
    for (api, roles) in &user.assigned_roles {
        granted(directory, &user.name, api, roles, |api| &api.app_roles, "app role")?;
    }
    Ok(())
}

fn guids(directory: &Directory) -> Result<(), Problem> {
    let tenants = directory.tenants.iter().map(|tenant| ("tenant_id", &tenant.tenant_id));
    let groups = directory.groups.iter().map(|group| ("id", &group.id));
    let apps = directory.apps.iter().map(|app| ("client_id", &app.client_id));
    let principals = directory.apps.iter().map(|app| ("service_principal_id", &app.service_principal_id));
    let users = directory.users.iter().map(|user| ("oid", &user.oid));
    let mut seen = HashSet::new();
    for (key, id) in tenants.chain(groups).chain(apps).chain(principals).chain(users) {
        if !is_guid(id) {
            let expected = "a GUID in lower case is expected, like cccccccc-0000-4000-8000-000000000001";
            return Err(problem(id, format!("{key} = {id:?}: {expected}")));
        }
        if !seen.insert(id) {
            return Err(problem(id, format!("{key} = {id:?} is used twice: ids must be unique")));
        }
    }
    Ok(())
}

fn names(directory: &Directory) -> Result<(), Problem> {
    let lists = [
        directory.tenants.iter().map(|tenant| tenant.name.as_str()).collect::<Vec<_>>(),
        directory.apps.iter().map(|app| app.name.as_str()).collect(),
        directory.users.iter().map(|user| user.name.as_str()).collect(),
        directory.users.iter().map(|user| user.upn.as_str()).collect(),
        directory.apps.iter().filter_map(|app| app.identifier_uri.as_deref()).collect(),
    ];
    for list in lists {
        let mut seen = HashSet::new();
        if let Some(twice) = list.into_iter().find(|name| !seen.insert(name.to_ascii_lowercase())) {
            return Err(problem(twice, format!("{twice:?} is used twice: names must be unique")));
        }
    }
    Ok(())
}

fn app_is_consistent(directory: &Directory, app: &App) -> Result<(), Problem> {
    let needs_secret = matches!(app.kind, AppKind::Confidential | AppKind::Daemon);
    if needs_secret && !app.has_credential() && !app.managed_identity {
        let wanted = "client_secret, certificates or federated_credentials";
        return Err(problem(&app.name, format!("app {:?} needs one of {wanted}", app.name)));
    }
    if app.kind == AppKind::Public && app.has_credential() {
        return Err(problem(
            &app.name,
            format!("app {:?} is public: it cannot have a client_secret or another credential", app.name),
        ));
    }
    urls(app)?;
    if let Some(certificate) = app.certificates.iter().find(|pem| Certificate::from_pem(pem).is_none()) {
        let message = format!("app {:?} has a certificate that is not X.509 in PEM", app.name);
        return Err(problem(certificate, message));
    }
    for (api, scopes) in &app.delegated {
        granted(directory, &app.name, api, scopes, |api| &api.scopes, "scope")?;
    }
    for (api, roles) in &app.assigned_roles {
        granted(directory, &app.name, api, roles, |api| &api.app_roles, "app role")?;
    }
    Ok(())
}

/// A browser is sent to these. Entra registers https, http on loopback, and schemes of a program's own
/// ([reply URLs](https://learn.microsoft.com/entra/identity-platform/reply-url)); a redirect URI of tests may be http anywhere.
fn urls(app: &App) -> Result<(), Problem> {
    const RUN_OR_READ: [&str; 6] = ["javascript", "data", "vbscript", "blob", "file", "about"];
    let scheme = |url: &str| Url::parse(url).map(|url| url.scheme().to_owned());
    for RedirectUri { uri, .. } in &app.redirect_uris {
        if scheme(uri).is_ok_and(|scheme| !RUN_OR_READ.contains(&scheme.as_str())) {
            continue;
        }
        let expected = "https://HOST/.., http://HOST/.., or a scheme of the app's own is expected";
        return Err(problem(uri, format!("redirect URI {uri:?} of app {:?}: {expected}", app.name)));
    }
    match &app.logout_url {
        Some(url) if !scheme(url).is_ok_and(|scheme| matches!(scheme.as_str(), "http" | "https")) => {
            let expected = "https://HOST/.. or http://HOST/.. is expected";
            Err(problem(url, format!("logout_url {url:?} of app {:?}: {expected}", app.name)))
        }
        _ => Ok(()),
    }
}

fn granted(
    directory: &Directory,
    owner: &str,
    api: &str,
    permissions: &[String],
    defined: impl Fn(&App) -> &Vec<String>,
    what: &str,
) -> Result<(), Problem> {
    if api == GRAPH_URI {
        return Ok(());
    }
    let Some(app) = directory.api(api) else {
        return Err(problem(
            api,
            format!(
                "{owner:?} is granted a permission of {api:?}, which is not the identifier_uri or client_id of an app"
            ),
        ));
    };
    match permissions.iter().find(|permission| !defined(app).contains(permission)) {
        None => Ok(()),
        Some(unknown) => Err(problem(
            unknown,
            format!("{owner:?} is granted {unknown:?}, which is not a {what} of {:?}", app.name),
        )),
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

#[cfg(test)]
mod tests {
    use crate::{BUILTIN_TOML, Directory};

    fn error(change: impl Fn(&str) -> String) -> String {
        Directory::from_toml(&change(BUILTIN_TOML)).expect_err("the change breaks it").to_string()
    }

    #[test]
    fn the_built_in_directory_is_valid() {
        assert_eq!(Directory::builtin().home_tenant().name, "contoso");
    }

    #[test]
    fn an_error_names_the_line_the_key_and_what_is_expected() {
        let line = |text: &str| BUILTIN_TOML.lines().position(|line| line.starts_with(text)).unwrap() + 1;
        let typo = error(|text| text.replacen("client_secret =", "client_sekret =", 1));
        let start =
            format!("line {}: unknown field `client_sekret`, expected one of", line("client_secret ="));
        assert!(typo.starts_with(&start), "{typo}");
        let syntax = error(|text| text.replacen("kind = \"api\"", "kind = api", 1));
        assert!(syntax.starts_with(&format!("line {}: ", line("kind ="))), "{syntax}");
        let kind = error(|text| text.replacen("kind = \"api\"", "kind = \"server\"", 1));
        assert!(kind.starts_with(&format!("line {}: ", line("kind ="))), "{kind}");
        assert!(kind.contains("server") && kind.contains("daemon"), "{kind}");
    }

    #[test]
    fn ids_and_names_are_held_against_each_other() {
        let guid = error(|text| text.replacen("aaaaaaaa-0000-4000-8000-000000000001", "contoso-id", 1));
        assert!(guid.contains("tenant_id") && guid.contains("GUID"), "{guid}");
        let twice = error(|text| {
            text.replace("cccccccc-0000-4000-8000-000000000002", "cccccccc-0000-4000-8000-000000000001")
        });
        assert!(twice.contains("twice"), "{twice}");
        let tenant =
            error(|text| text.replacen("tenant = \"contoso\"\nkind", "tenant = \"contosso\"\nkind", 1));
        assert!(tenant.contains("contosso") && tenant.contains("fabrikam"), "{tenant}");
        let role = error(|text| {
            text.replace("\"api://orders\" = [\"Orders.Read.All\"]", "\"api://orders\" = [\"Orders.Rule\"]")
        });
        assert!(role.contains("Orders.Rule"), "{role}");
    }

    #[test]
    fn a_browser_is_sent_to_no_script_and_to_no_file() {
        let redirect = "http://localhost:3000/callback";
        for url in [
            "javascript:alert(1)//x",
            "JavaScript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "callback",
        ] {
            let refused = error(|text| text.replace(redirect, url));
            assert!(
                refused.contains(url) && refused.contains("https://HOST") && refused.starts_with("line ")
            );
            let logout = format!("redirect_uris = [{{ uri = \"{redirect}\"");
            let refused = error(|text| text.replace(&logout, &format!("logout_url = {url:?}\n{logout}")));
            assert!(refused.contains("logout_url") && refused.contains(url), "{refused}");
        }
        for url in
            ["msal1234://auth", "https://app.example/", "http://app.example/", "urn:ietf:wg:oauth:2.0:oob"]
        {
            assert!(Directory::from_toml(&BUILTIN_TOML.replace(redirect, url)).is_ok(), "{url}");
        }
    }
}
