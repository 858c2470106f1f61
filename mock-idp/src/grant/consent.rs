//! Consent at sign-in
//! ([consent](https://learn.microsoft.com/entra/identity-platform/application-consent-experience)): who is asked, and for
//! what. Entra asks for the scopes about the user, too; the mock asks for those of resources, and for all of them where the app
//! is new to the tenant or wants the page (`prompt=consent`).

use crate::{aadsts::Aadsts, directory::UserConsent, error::OAuthError};

use super::{
    authorization::{Authorization, Decision, Outcome},
    consents::{Consents, For, Party, Scope},
    resource::Resource,
    scope::ScopeRequest,
};

impl<'a> Authorization<'a> {
    /// What a person is asked, unless consent was given before or is given now.
    pub(super) fn consent(
        &self,
        asked: &[ScopeRequest],
        party: &Party<'a>,
        decision: Decision<'_>,
        consents: &mut Consents,
    ) -> Result<Option<Outcome<'a>>, OAuthError> {
        let Party { client, tenant, user, .. } = *party;
        let missing =
            self.each(asked, party, |scopes, resource| scopes.missing(resource, consents, party))?;
        let is_new = !consents.has_app(client, tenant);
        let is_wanted = self.parameters.get("prompt") == Some("consent");
        if missing.is_empty() && !is_new && !is_wanted {
            return Ok(None);
        }
        if self.is_silent() {
            return Err(party.consent_missing());
        }
        if (is_new || !missing.is_empty()) && !may_consent(party, &missing) {
            return Ok(Some(Outcome::AskAdmin { error: admin_needed(party) }));
        }
        if is_agreed(decision, party) {
            consents.give(client, tenant, For::User(user), missing);
            return Ok(None);
        }
        let mut shown = missing;
        if is_new || is_wanted {
            shown = self.each(asked, party, |scopes, resource| scopes.names_on(resource, party))?;
        }
        let mut scopes: Vec<String> = shown.iter().map(full_name).collect();
        scopes.extend(asked.first().into_iter().flat_map(ScopeRequest::about_user).map(str::to_owned));
        Ok(Some(Outcome::AskConsent { client, user, scopes }))
    }

    /// The scopes of each resource.
    pub(super) fn each(
        &self,
        asked: &[ScopeRequest],
        party: &Party<'_>,
        names: impl Fn(&ScopeRequest, Resource<'a>) -> Vec<String>,
    ) -> Result<Vec<Scope<'a>>, OAuthError> {
        let mut all = Vec::new();
        for scopes in asked {
            let resource = scopes.existing(self.directory, party.tenant)?;
            all.extend(names(scopes, resource).into_iter().map(|name| (resource, name)));
        }
        Ok(all)
    }
}

/// As a person and an admin consent response see it.
pub(super) fn full_name((resource, name): &Scope<'_>) -> String {
    format!("{}/{name}", resource.uri())
}

/// Whether consent is given now, by a click or because nobody is asked.
pub(super) fn is_agreed(decision: Decision<'_>, party: &Party<'_>) -> bool {
    match decision {
        Decision::Consented(_) => true,
        Decision::Automatic(_) => party.tenant.user_consent != UserConsent::Asked,
        _ => false,
    }
}

/// Whether the user can consent to these, at least for the user alone.
pub(super) fn may_consent(party: &Party<'_>, scopes: &[Scope<'_>]) -> bool {
    let for_admins = |(resource, name): &Scope<'_>| {
        let listed = resource.listed_in(party.directory, &party.tenant.admin_consent);
        listed.iter().any(|listed| listed.eq_ignore_ascii_case(name))
    };
    party.user.is_admin()
        || (party.tenant.user_consent != UserConsent::AdminsOnly && !scopes.iter().any(for_admins))
}

/// Entra shows this on its page, and whoever turns back there is sent back as from any other page
/// ([AADSTS90094](https://learn.microsoft.com/troubleshoot/entra/entra-id/app-integration/application-sign-in-unexpected-user-consent-error)).
pub(super) fn admin_needed(party: &Party<'_>) -> OAuthError {
    Aadsts::AdminConsentRequired.because(format!(
        "{} needs permissions that only an administrator can grant. Sign in as a user with one of the directory roles that may, \
         or ask one to consent at /{}/v2.0/adminconsent.",
        party.client.name, party.tenant.tenant_id
    ))
}
