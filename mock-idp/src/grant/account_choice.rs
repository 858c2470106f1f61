//! Which account signs in, and which accounts a person is offered.

use crate::{
    aadsts::Aadsts,
    directory::{App, Tenant, User},
    error::OAuthError,
};

use super::{
    authorization::{Authorization, Decision, Outcome},
    granted::of_other_tenant,
};

const PROMPTS: [&str; 4] = ["none", "login", "select_account", "consent"];

pub(super) fn declined() -> OAuthError {
    Aadsts::UserDeclined.because("The user declined to consent to access the app.")
}

impl<'a> Authorization<'a> {
    /// Who signs in, if that is known: by the person's click, or by an earlier sign-in at this browser, unless a `prompt`
    /// forbids it. A `login_hint` alone picks an account on the page, as in Entra.
    pub(super) fn user(
        &self,
        tenant: &Tenant,
        decision: Decision<'_>,
    ) -> Result<Option<&'a User>, OAuthError> {
        let of_tenant = |key: &str| self.directory.user_of(tenant, key);
        let hint = self.parameters.get("login_hint");
        let signed_in = self.signed_in.as_ref().map(|(user, _)| *user).filter(|user| {
            user.tenant == tenant.name
                && hint.is_none_or(|hint| of_tenant(hint).is_none_or(|named| named == *user))
        });
        let prompt = self.parameters.get("prompt");
        if let Some(other) = prompt.filter(|prompt| !PROMPTS.contains(prompt)) {
            return Err(Aadsts::InvalidRequest.because(format!("The prompt '{other}' does not exist.")));
        }
        match (decision, prompt) {
            (Decision::Declined | Decision::Cancelled, _) => Err(declined()),
            (Decision::Automatic(key) | Decision::User(key) | Decision::Consented(key), _) => {
                let unknown =
                    || Aadsts::UserUnknown.because(format!("There is no user '{key}' in this directory."));
                let elsewhere = || self.directory.user(key).map(|user| of_other_tenant(user, tenant));
                of_tenant(key).map(Some).ok_or_else(|| elsewhere().unwrap_or_else(unknown))
            }
            (Decision::Open, Some("none")) => signed_in.map(Some).ok_or_else(|| {
                Aadsts::SignInRequired.because("Silent sign-in was requested, but nobody is signed in.")
            }),
            (Decision::Open, Some("login" | "select_account")) => Ok(None),
            (Decision::Open, _) => Ok(signed_in),
        }
    }

    /// `domain_hint` leaves the accounts of that domain, if there are any, and `login_hint` puts one first.
    pub(super) fn ask(&self, client: &'a App, tenant: &Tenant) -> Outcome<'a> {
        let all: Vec<_> = self.directory.users.iter().filter(|user| user.tenant == tenant.name).collect();
        let hinted: Vec<_> = self.parameters.get("domain_hint").map_or(Vec::new(), |domain| {
            let of_domain = |user: &&&User| {
                let name = user.email.as_ref().unwrap_or(&user.upn);
                name.rsplit_once('@').is_some_and(|(_, of)| of.eq_ignore_ascii_case(domain))
            };
            all.iter().filter(of_domain).copied().collect()
        });
        let mut users = if hinted.is_empty() { all } else { hinted };
        let hint = self.parameters.get("login_hint");
        let hinted = hint.and_then(|hint| self.directory.user_of(tenant, hint));
        users.sort_by_key(|user| hinted != Some(*user));
        let hinted = hinted.filter(|user| users.first() == Some(user));
        let unknown_hint = hint.filter(|_| hinted.is_none());
        Outcome::AskPerson { client, users, hinted, unknown_hint }
    }
}
