//! The table of contents.

use std::sync::Arc;

use axum::{
    Router, middleware,
    routing::{MethodRouter, any, get, post},
};

use crate::{
    control,
    endpoint::Endpoint::{
        self, Authorize, DeviceCode, Discovery, Graph, Instance, Jwks, Logout, ManagedIdentity, Other, Token,
        UserRealm,
    },
    idp::Idp,
};

use super::{
    authorize::authorize,
    correlation::correlate,
    cors::share,
    device_authorization::device_authorization,
    device_page::device_page,
    discovery::discovery,
    graph, instance,
    keys::keys,
    logout::logout,
    managed_identity, page,
    record::record,
    response::{absent, only_post},
    token::token,
};

type Handler = MethodRouter<Arc<Idp>>;

/// Every endpoint by its path; its name is what requests are recorded and faults are injected under.
#[rustfmt::skip]
fn endpoints() -> Vec<(Endpoint, &'static str, Handler)> {
    vec![
        (Discovery, "/{tenant}/v2.0/.well-known/openid-configuration", get(discovery)),
        (Discovery, "/{tenant}/.well-known/openid-configuration", get(discovery)),
        (Jwks, "/{tenant}/discovery/v2.0/keys", get(keys)),
        (Jwks, "/{tenant}/discovery/keys", get(keys)),
        (Instance, "/common/discovery/instance", get(instance::discovery)),
        (UserRealm, "/common/UserRealm/{user}", get(instance::user_realm)),
        (UserRealm, "/common/userrealm/{user}", get(instance::user_realm)),
        (Authorize, "/{tenant}/oauth2/v2.0/authorize", get(authorize).post(authorize)),
        (Authorize, "/{tenant}/oauth2/authorize", get(authorize).post(authorize)),
        (Authorize, "/{tenant}/v2.0/adminconsent", get(authorize).post(authorize)),
        (Authorize, "/{tenant}/adminconsent", get(authorize).post(authorize)),
        (Token, "/{tenant}/oauth2/v2.0/token", post(token).fallback(only_post)),
        (Token, "/{tenant}/oauth2/token", post(token).fallback(only_post)),
        (DeviceCode, "/{tenant}/oauth2/v2.0/devicecode", post(device_authorization).fallback(only_post)),
        (DeviceCode, "/{tenant}/oauth2/devicecode", post(device_authorization).fallback(only_post)),
        (DeviceCode, "/{tenant}/oauth2/v2.0/devicelogin", get(device_page).post(device_page)),
        (Logout, "/{tenant}/oauth2/v2.0/logout", get(logout).post(logout)),
        (Logout, "/{tenant}/oauth2/logout", get(logout).post(logout)),
        (Graph, "/oidc/userinfo", get(graph::userinfo).post(graph::userinfo)),
        (Graph, "/{tenant}/openid/userinfo", get(graph::userinfo).post(graph::userinfo)),
        (Graph, "/v1.0/me", get(graph::me)),
        (Graph, "/v1.0/me/getMemberObjects", post(graph::my_groups)),
        (Graph, "/v1.0/users/{user}/getMemberObjects", post(graph::groups_of)),
        (ManagedIdentity, "/metadata/identity/oauth2/token", get(managed_identity::imds)),
        (ManagedIdentity, "/msi/token", get(managed_identity::app_service)),
    ]
}

/// Microsoft Graph and the virtual machine's metadata service take a slash at the end, with which some clients ask
/// (passport-microsoft, `@azure/identity`), and the latter one more at the start.
fn spellings(endpoint: Endpoint, path: &str) -> Vec<String> {
    match endpoint {
        Graph => vec![path.to_owned(), format!("{path}/")],
        ManagedIdentity => {
            [path, &format!("/{path}")].map(|path| [path.to_owned(), format!("{path}/")]).concat()
        }
        _ => vec![path.to_owned()],
    }
}

/// Requests to the page and the control surface are not recorded.
pub(crate) fn router(idp: &Arc<Idp>) -> Router {
    let recorded = |endpoint: Endpoint, handler: Handler| {
        let handler = handler
            .layer(middleware::from_fn_with_state((Arc::clone(idp), endpoint), record))
            .layer(middleware::from_fn_with_state(endpoint, share));
        match endpoint {
            Graph | ManagedIdentity | Other => handler,
            _ => handler.layer(middleware::from_fn(correlate)),
        }
    };
    let router = Router::new()
        .route("/", get(page::home))
        .route("/assets/{*name}", get(page::asset))
        .route("/error", get(page::explanation))
        .route("/_mock/{*rest}", any(absent))
        .merge(control::router(idp))
        .fallback_service(recorded(Other, any(absent)).with_state(Arc::clone(idp)));
    let mut router = router;
    for (endpoint, path, handler) in endpoints() {
        for path in spellings(endpoint, path) {
            router = router.route(&path, recorded(endpoint, handler.clone()));
        }
    }
    router.with_state(Arc::clone(idp))
}
