//! Which cases apply to an API that is configured like this.

use crate::{Case, Setting, World};

/// Why a case does not apply to the API of this world.
pub(super) fn does_not_apply(world: &World, case: &Case) -> Option<&'static str> {
    let api = world.api();
    // A user, so that any route may accept it, but without the scope of one that requires some.
    let is_scopeless = case.id == "permission::app-roles-of-a-user";
    match case.setting {
        Setting::VersionTwo if api.version_one => Some("it needs an API that accepts v2.0 tokens"),
        _ if is_scopeless && !api.scopes.is_empty() => {
            Some("the route requires a scope, which this token does not have")
        }
        Setting::AppOnly if !api.scopes.is_empty() => {
            Some("the route requires a scope, which app-only tokens do not have")
        }
        Setting::RequiredScope if api.scopes.is_empty() => {
            Some("it needs a required scope: give --scope, or scopes(..)")
        }
        Setting::RequiredRole if api.roles.is_empty() => {
            Some("it needs a required app role: give --role, or roles(..)")
        }
        Setting::AllowedClient if api.client.is_none() => {
            Some("it needs an allow-list of clients: give --client")
        }
        Setting::AllowedSubject if api.subject.is_none() => {
            Some("it needs an allow-list of subjects: give --subject")
        }
        Setting::AnyOrganization => Some("it needs an API for every tenant"),
        _ => None,
    }
}
