//! What a grant allows.

use crate::{
    aadsts::Aadsts,
    directory::{Directory, Platform, Tenant, User},
    error::OAuthError,
};

use super::{
    client::Client,
    granted_scopes::GrantedScopes,
    resource::Resource,
    store::{RefreshGrant, Store},
};

/// What a grant allows: the tokens that are made next. Everything in it is looked up.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) client: Client<'a>,
    pub(crate) tenant: &'a Tenant,
    /// `None`: the client itself.
    pub(crate) user: Option<&'a User>,
    pub(crate) scopes: GrantedScopes<'a>,
    pub(crate) platform: Platform,
    pub(crate) nonce: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) refresh_token: Option<IssuedRefreshToken>,
}

/// A refresh token, and when it expires, in seconds since 1970.
#[derive(Debug)]
pub(crate) struct IssuedRefreshToken {
    pub(super) token: String,
    pub(super) expires: i64,
}

impl<'a> Grant<'a> {
    pub(super) fn for_app(client: Client<'a>, tenant: &'a Tenant, scopes: GrantedScopes<'a>) -> Self {
        Self {
            client,
            tenant,
            user: None,
            scopes,
            platform: Platform::Web,
            nonce: None,
            session: None,
            refresh_token: None,
        }
    }

    /// The only way to a grant for a user: of the tenant, and, if the API requires an assignment, with one of its app roles.
    pub(super) fn for_user(
        client: Client<'a>,
        tenant: &'a Tenant,
        user: &'a User,
        scopes: GrantedScopes<'a>,
        platform: Platform,
    ) -> Result<Self, OAuthError> {
        if user.tenant != tenant.name {
            return Err(of_other_tenant(user, tenant));
        }
        check_assigned(user, scopes.resource)?;
        Ok(Self { user: Some(user), platform, ..Self::for_app(client, tenant, scopes) })
    }

    /// With a refresh token if `offline_access` is among the scopes.
    pub(super) fn with_refresh_token(self, store: &mut Store, now: i64) -> Self {
        let next = self.next_refresh_grant(now);
        self.with_issued(next, store)
    }

    /// With the refresh token that succeeds the one that was used.
    pub(super) fn with_refresh_token_after(self, used: &RefreshGrant, store: &mut Store, now: i64) -> Self {
        let next = self.next_refresh_grant(now).map(|next| next.succeeding(used));
        self.with_issued(next, store)
    }

    fn with_issued(self, next: Option<RefreshGrant>, store: &mut Store) -> Self {
        let refresh_token = next
            .map(|next| IssuedRefreshToken { expires: next.expires, token: store.issue_refresh_token(next) });
        Self { refresh_token, ..self }
    }

    fn next_refresh_grant(&self, now: i64) -> Option<RefreshGrant> {
        let user = self.user.filter(|_| self.scopes.request.offline_access)?;
        Some(RefreshGrant::new(self.client.app, self.tenant, user, &self.scopes.request, self.platform, now))
    }

    pub(super) fn home_tenant<'b>(&'b self, directory: &'b Directory) -> &'b Tenant {
        let home = self.user.and_then(|user| directory.tenant(user.home_tenant.as_deref()?));
        home.unwrap_or(self.tenant)
    }
}

/// What keeps tenants apart, at every grant
/// ([AADSTS50020](https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/error-code-aadsts50020-user-account-identity-provider-does-not-exist)).
pub(super) fn of_other_tenant(user: &User, tenant: &Tenant) -> OAuthError {
    Aadsts::UserOfOtherTenant.because(format!(
        "The user account '{}' of the tenant '{}' does not exist in the tenant '{}': name the user's tenant in the path, or \
         add the account as a guest.",
        user.upn, user.tenant, tenant.name
    ))
}

fn check_assigned(user: &User, resource: Resource<'_>) -> Result<(), OAuthError> {
    let Resource::Api(api) = resource else { return Ok(()) };
    let roles =
        api.identifier_uri.iter().chain([&api.client_id]).find_map(|name| user.assigned_roles.get(name));
    if !api.assignment_required || roles.is_some_and(|roles| !roles.is_empty()) {
        return Ok(());
    }
    let message =
        format!("The user '{}' is assigned to no role of the application '{}'.", user.upn, api.name);
    Err(Aadsts::UserNotAssigned.because(message))
}
