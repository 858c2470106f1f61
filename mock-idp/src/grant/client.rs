//! Which client asks, and whether it can prove it (RFC 6749 §2.3, §3.2.1).

use crate::{
    aadsts::Aadsts,
    directory::{App, AppKind, SignInAudience, Tenant},
    error::OAuthError,
    token::Jws,
};

use super::{TokenRequest, client_assertion};

/// A client that was let in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client<'a> {
    pub(super) app: &'a App,
    /// Whether by an assertion, which tokens tell apart from a secret.
    pub(super) by_assertion: bool,
}

/// What a client shows of itself.
enum Credential<'a> {
    None,
    Secret(&'a str),
    Assertion(&'a str),
}

/// The client that asks, authenticated as its registration demands: by secret in the form or in `Authorization: Basic`,
/// by assertion, or not at all if it is public.
pub(super) fn authenticate<'a>(request: &TokenRequest<'a>) -> Result<Client<'a>, OAuthError> {
    let parameters = request.parameters;
    let (id, credential) = match (&request.basic, parameters.get("client_assertion")) {
        (Some((id, secret)), _) => (id.as_str(), Credential::Secret(secret)),
        (None, Some(assertion)) => (assertion_client(request, assertion)?, Credential::Assertion(assertion)),
        (None, None) => {
            let secret = parameters.get("client_secret").map_or(Credential::None, Credential::Secret);
            (parameters.required("client_id")?, secret)
        }
    };
    let app = find(request, id)?;
    check_enabled(app)?;
    check_common(app, request.tenant)?;
    match credential {
        Credential::None if app.kind == AppKind::Public => {}
        Credential::None => return Err(credential_missing()),
        _ if app.kind == AppKind::Public => {
            return Err(Aadsts::ClientIsPublic
                .because("The client is public: it must present neither a secret nor an assertion."));
        }
        Credential::Secret(secret) => check_secret(app, secret, request.now)?,
        Credential::Assertion(assertion) => client_assertion::check(request, app, assertion)?,
    }
    Ok(Client { app, by_assertion: matches!(credential, Credential::Assertion(_)) })
}

/// As [`authenticate`], for grants that no public client has.
pub(super) fn authenticate_confidential<'a>(request: &TokenRequest<'a>) -> Result<Client<'a>, OAuthError> {
    let client = authenticate(request)?;
    if client.app.has_credential() { Ok(client) } else { Err(credential_missing()) }
}

fn credential_missing() -> OAuthError {
    Aadsts::CredentialMissing
        .because("The request body must contain the parameter 'client_secret' or 'client_assertion'.")
}

/// `client_id` may be left out beside an assertion, which names the client itself (RFC 7521 §4.2).
fn assertion_client<'a>(request: &TokenRequest<'a>, assertion: &'a str) -> Result<&'a str, OAuthError> {
    const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if request.parameters.required("client_assertion_type")? != JWT_BEARER {
        return Err(Aadsts::InvalidRequest
            .because(format!("The client_assertion_type is not supported: '{JWT_BEARER}' is expected.")));
    }
    if let Some(id) = request.parameters.get("client_id") {
        return Ok(id);
    }
    let named = Jws::parse(assertion).and_then(|jws| jws.claim("sub").map(str::to_owned));
    let app = named.and_then(|id| request.directory.app(&id));
    app.map(|app| app.client_id.as_str()).ok_or_else(|| OAuthError::missing_parameter("client_id"))
}

/// A client of this tenant by its id; its name will not do.
pub(super) fn find<'a>(request: &TokenRequest<'a>, id: &str) -> Result<&'a App, OAuthError> {
    if uuid::Uuid::try_parse(id).is_ok_and(|guid| guid.is_nil()) {
        return Err(Aadsts::ClientIdInvalid.because(format!("{id} is not a valid application identifier.")));
    }
    let client = request.directory.app(id).filter(|app| app.client_id.eq_ignore_ascii_case(id));
    let here = client.filter(|app| request.tenant.is_none_or(|tenant| app.is_in(tenant)));
    here.ok_or_else(|| {
        let tenant = request.tenant.map_or("common", |tenant| tenant.name.as_str());
        Aadsts::ClientUnknown.because(format!("There is no application '{id}' in the directory '{tenant}'."))
    })
}

/// `common` and `organizations` are for apps of many tenants.
pub(super) fn check_common(app: &App, tenant: Option<&Tenant>) -> Result<(), OAuthError> {
    if tenant.is_some() || app.sign_in_audience == SignInAudience::MultipleOrgs {
        return Ok(());
    }
    let message = format!(
        "The application '{}' ({}) is not configured for many tenants, so 'common' and 'organizations' are not for it: name \
         its tenant.",
        app.client_id, app.name
    );
    Err(Aadsts::SingleTenantApp.because(message))
}

pub(super) fn check_enabled(app: &App) -> Result<(), OAuthError> {
    if app.enabled {
        return Ok(());
    }
    Err(Aadsts::ClientDisabled
        .because(format!("The application '{}' ({}) is disabled.", app.client_id, app.name)))
}

fn check_secret(app: &App, secret: &str, now: i64) -> Result<(), OAuthError> {
    if app.client_secret.as_deref().is_none_or(|expected| !same(expected, secret)) {
        return Err(Aadsts::SecretWrong.because(format!(
            "The client secret is wrong for the app '{}'. The value is expected, not the id.",
            app.client_id
        )));
    }
    if app.secret_expires_at.is_some_and(|end| end <= now) {
        return Err(Aadsts::SecretExpired
            .because(format!("The client secret of the app '{}' has expired.", app.client_id)));
    }
    Ok(())
}

/// In the same time wherever they differ: a habit worth showing, even with published secrets.
fn same(expected: &str, given: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok()
}
