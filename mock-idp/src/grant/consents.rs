//! Who has consented to what, beside what the directory says.

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Tenant, User},
    error::OAuthError,
};

use super::{bounded::Bounded, resource::Resource};

/// At most this many apps are kept, and this many scopes of each; then the oldest are forgotten.
const MOST_APPS: usize = 10_000;
const MOST_SCOPES: usize = 5_000;

/// A scope of a resource.
pub(super) type Scope<'a> = (Resource<'a>, String);

/// Whose consent counts: the user's in this tenant, and what was consented to for everyone there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Party<'a> {
    pub(crate) directory: &'a Directory,
    pub(crate) client: &'a App,
    pub(crate) tenant: &'a Tenant,
    pub(crate) user: &'a User,
}

impl Party<'_> {
    pub(super) fn consent_missing(&self) -> OAuthError {
        Aadsts::ConsentMissing.because(format!(
            "Neither the user nor an administrator has consented to what the application '{}' named '{}' asks for. Send the \
             user to sign in, where consent is given, or name the scopes in the directory.",
            self.client.client_id, self.client.name
        ))
    }
}

/// For whom somebody consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For<'a> {
    User(&'a User),
    /// An administrator, for everyone in the tenant.
    Everyone,
}

/// The consents that people have given since the start, and the apps whose consent was revoked.
#[derive(Debug)]
pub(crate) struct Consents(Bounded<String, OfApp>);

/// The consents of one app.
#[derive(Debug, Default)]
struct OfApp {
    /// Whether those of the directory count no more.
    revoked: bool,
    /// The ids of the tenants where somebody consented, and which have the app since.
    tenants: Vec<String>,
    given: Vec<Given>,
}

#[derive(Debug, PartialEq, Eq)]
struct Given {
    tenant_id: String,
    /// The user's object id; `None` means everyone.
    user: Option<String>,
    /// The URI of the resource.
    resource: String,
    scope: String,
}

impl Default for Consents {
    fn default() -> Self {
        Self(Bounded::new(MOST_APPS))
    }
}

impl Consents {
    /// The scopes of a resource that were consented to.
    pub(super) fn of(&self, party: &Party<'_>, resource: Resource<'_>) -> Vec<String> {
        let Party { directory, client, tenant, user } = *party;
        let given = self.0.get(&client.client_id);
        let is_consented = client.is_installed_in(tenant) && given.is_none_or(|of_app| !of_app.revoked);
        let in_directory = resource.consented_by_directory(directory, client);
        let mut names = if is_consented { in_directory.to_vec() } else { Vec::new() };
        let resource = resource.uri();
        let counts = |given: &&Given| {
            given.tenant_id == tenant.tenant_id
                && given.user.as_ref().is_none_or(|oid| *oid == user.oid)
                && given.resource == resource
        };
        for Given { scope, .. } in given.iter().flat_map(|of_app| &of_app.given).filter(counts) {
            if !names.iter().any(|known| known.eq_ignore_ascii_case(scope)) {
                names.push(scope.clone());
            }
        }
        names
    }

    /// Whether the tenant has the app: its own, that of the directory, or one that somebody there consented to.
    pub(super) fn has_app(&self, client: &App, tenant: &Tenant) -> bool {
        client.is_in(tenant)
            && (client.is_installed_in(tenant)
                || self.0.get(&client.client_id).is_some_and(|app| app.tenants.contains(&tenant.tenant_id)))
    }

    /// Remembers a consent, and that the tenant has the app.
    pub(super) fn give(&mut self, client: &App, tenant: &Tenant, by: For<'_>, scopes: Vec<Scope<'_>>) {
        let Some(app) = self.of_app(client) else { return };
        if !app.tenants.contains(&tenant.tenant_id) {
            app.tenants.push(tenant.tenant_id.clone());
        }
        let user = match by {
            For::User(user) => Some(user.oid.clone()),
            For::Everyone => None,
        };
        for (resource, scope) in scopes {
            let (tenant_id, user) = (tenant.tenant_id.clone(), user.clone());
            let given = Given { tenant_id, user, resource: resource.uri(), scope };
            if !app.given.contains(&given) {
                app.given.push(given);
            }
        }
        let too_many = app.given.len().saturating_sub(MOST_SCOPES);
        app.given.drain(..too_many);
    }

    /// Forgets every consent to this app, those of the directory included. Tenants keep the app, and tokens that were issued
    /// stay valid.
    pub(crate) fn revoke(&mut self, client: &App) {
        if let Some(app) = self.of_app(client) {
            app.revoked = true;
            app.given.clear();
        }
    }

    fn of_app(&mut self, client: &App) -> Option<&mut OfApp> {
        if self.0.get(&client.client_id).is_none() {
            self.0.insert(client.client_id.clone(), OfApp::default());
        }
        self.0.get_mut(&client.client_id)
    }
}
