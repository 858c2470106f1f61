//! Which client asks, and whether it can prove it (RFC 6749 §2.3, §3.2.1).

use crate::{
    directory::{App, AppKind},
    error::OAuthError,
};

use super::TokenRequest;

/// The client that asks, authenticated as its registration demands: by secret in the form or in `Authorization: Basic`;
/// not at all if it is public.
pub(super) fn authenticate<'a>(request: &TokenRequest<'a>) -> Result<&'a App, OAuthError> {
    let (id, secret) = match &request.basic {
        Some((id, secret)) => (id.as_str(), Some(secret.as_str())),
        None => (request.parameters.required("client_id")?, request.parameters.get("client_secret")),
    };
    let client = find(request, id)?;
    match (client.kind, &client.client_secret, secret) {
        (AppKind::Public, _, None) => Ok(client),
        (AppKind::Public, _, Some(_)) => Err(OAuthError::new(
            700_025,
            "The client is public: it must present neither a secret nor an assertion.",
        )),
        (_, _, None) => Err(OAuthError::new(
            7_000_218,
            "The request body must contain the parameter 'client_secret' or 'client_assertion'.",
        )),
        (_, Some(expected), Some(secret)) if same(expected, secret) => Ok(client),
        _ => Err(OAuthError::new(
            7_000_215,
            format!(
                "The client secret is wrong for the app '{}'. The value is expected, not the id.",
                client.client_id
            ),
        )),
    }
}

/// A client of this tenant by its id; its name will not do.
pub(super) fn find<'a>(request: &TokenRequest<'a>, id: &str) -> Result<&'a App, OAuthError> {
    if uuid::Uuid::try_parse(id).is_ok_and(|guid| guid.is_nil()) {
        return Err(OAuthError::new(700_038, format!("{id} is not a valid application identifier.")));
    }
    let client = request.directory.app(id).filter(|app| app.client_id.eq_ignore_ascii_case(id));
    let here = client.filter(|app| request.tenant.is_none_or(|tenant| tenant.name == app.tenant));
    here.ok_or_else(|| {
        let tenant = request.tenant.map_or("common", |tenant| tenant.name.as_str());
        OAuthError::new(700_016, format!("There is no application '{id}' in the directory '{tenant}'."))
    })
}

/// In the same time wherever they differ: a habit worth showing, even with published secrets.
fn same(expected: &str, given: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok()
}
