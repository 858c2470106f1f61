//! Which client asks, and whether it can prove it (RFC 6749 §2.3, §3.2.1).

use crate::{
    aadsts::Aadsts,
    directory::{App, AppKind, Directory, SignInAudience},
    error::OAuthError,
};

use super::{
    assertion_check,
    client_assertion::ClientAssertion,
    consents::Consents,
    path_tenant::PathTenant,
    request::TokenRequest,
    scope::{ScopeRequest, is_guid_based},
};

/// A client, and how it authenticated.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client<'a> {
    pub(crate) app: &'a App,
    /// Whether by an assertion, not by a secret: tokens say so.
    pub(crate) by_assertion: bool,
}

impl<'a> Client<'a> {
    /// At the authorize endpoint, where no client authenticates.
    pub(super) fn unauthenticated(app: &'a App) -> Self {
        Self { app, by_assertion: false }
    }
}

/// What a client authenticates with.
enum Credential<'a> {
    None,
    Secret(&'a str),
    Assertion(&'a ClientAssertion<'a>),
}

/// The client that asks, authenticated as its registration requires: by secret in the form or in `Authorization: Basic`,
/// by assertion, or not at all if it is public.
pub(super) fn authenticate<'a>(
    request: &TokenRequest<'a>,
    consents: &Consents,
) -> Result<Client<'a>, OAuthError> {
    let parameters = request.parameters;
    let (id, credential) = match (&request.basic, &request.assertion, parameters.get("client_secret")) {
        (Some((id, secret)), None, None) => (basic_client(request, id)?, Credential::Secret(secret)),
        (None, Some(assertion), None) => {
            (assertion_client(request, assertion)?, Credential::Assertion(assertion))
        }
        (None, None, Some(secret)) => (parameters.required("client_id")?, Credential::Secret(secret)),
        (None, None, None) => (parameters.required("client_id")?, Credential::None),
        // RFC 6749 §2.3. The number is a choice: Entra's is not known.
        _ => {
            return Err(Aadsts::InvalidRequest.because(
                "The client authenticates in more than one way: send one of 'client_secret', 'client_assertion' and \
                 Authorization.",
            ));
        }
    };
    let app = find(request.directory, request.tenant, id)?;
    if let Some(tenant) = request.tenant.one().filter(|tenant| !consents.has_app(app, tenant)) {
        return Err(unknown(id, &tenant.name));
    }
    check_enabled(app)?;
    check_multi_tenant(app, request.tenant)?;
    match credential {
        Credential::None if app.kind == AppKind::Public => {}
        Credential::None => return Err(credential_missing()),
        _ if app.kind == AppKind::Public => {
            return Err(Aadsts::ClientIsPublic
                .because("The client is public: it must present neither a secret nor an assertion."));
        }
        Credential::Secret(secret) => check_secret(app, secret, request.now)?,
        Credential::Assertion(assertion) => assertion_check::check(request, app, assertion)?,
    }
    Ok(Client { app, by_assertion: matches!(credential, Credential::Assertion(_)) })
}

/// As [`authenticate`], for grants that public clients do not have.
pub(super) fn authenticate_confidential<'a>(
    request: &TokenRequest<'a>,
    consents: &Consents,
) -> Result<Client<'a>, OAuthError> {
    let client = authenticate(request, consents)?;
    if client.app.has_credential() { Ok(client) } else { Err(credential_missing()) }
}

fn credential_missing() -> OAuthError {
    Aadsts::CredentialMissing
        .because("The request body must contain the parameter 'client_secret' or 'client_assertion'.")
}

/// `client_id` may be left out beside `Authorization: Basic`, but it cannot name another client.
fn basic_client<'a>(request: &TokenRequest<'_>, id: &'a str) -> Result<&'a str, OAuthError> {
    match request.parameters.get("client_id") {
        Some(other) if !other.eq_ignore_ascii_case(id) => Err(Aadsts::InvalidRequest.because(format!(
            "The parameter 'client_id' is '{other}', but the Authorization header names another client."
        ))),
        _ => Ok(id),
    }
}

/// `client_id` may be left out beside an assertion, which names the client itself (RFC 7521 §4.2).
fn assertion_client<'a>(
    request: &TokenRequest<'a>,
    assertion: &ClientAssertion<'_>,
) -> Result<&'a str, OAuthError> {
    const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    if request.parameters.required("client_assertion_type")? != JWT_BEARER {
        let message = format!("The client_assertion_type is not supported: '{JWT_BEARER}' is expected.");
        return Err(Aadsts::InvalidRequest.because(message));
    }
    if let Some(id) = request.parameters.get("client_id") {
        return Ok(id);
    }
    let named = assertion.jws.as_ref().and_then(|jws| request.directory.app(jws.claim("sub")?));
    named.map(|app| app.client_id.as_str()).ok_or_else(|| OAuthError::missing_parameter("client_id"))
}

/// A client by its id, not by its name, if the tenant has it.
pub(super) fn find<'a>(
    directory: &'a Directory,
    tenant: PathTenant<'_>,
    id: &str,
) -> Result<&'a App, OAuthError> {
    if uuid::Uuid::try_parse(id).is_ok_and(|guid| guid.is_nil()) {
        return Err(Aadsts::ClientIdInvalid.because(format!("{id} is not a valid application identifier.")));
    }
    let client = directory.app(id).filter(|app| app.client_id.eq_ignore_ascii_case(id));
    let here = client.filter(|app| tenant.one().is_none_or(|tenant| app.is_in(tenant)));
    here.ok_or_else(|| unknown(id, tenant.one().map_or("common", |tenant| tenant.name.as_str())))
}

fn unknown(id: &str, tenant: &str) -> OAuthError {
    Aadsts::ClientUnknown.because(format!(
        "There is no application '{id}' in the directory '{tenant}'. Nobody there has consented to it, or the directory is the \
         wrong one."
    ))
}

/// An app gets a token for itself only if it names itself by its GUID
/// ([AADSTS90009](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)).
pub(super) fn check_own_name(
    client: &App,
    scopes: &ScopeRequest,
    directory: &Directory,
) -> Result<(), OAuthError> {
    let by_uri = scopes.identifier.as_deref().is_some_and(|name| !is_guid_based(name));
    if by_uri && scopes.is_of(&client.client_id, directory) { Err(requests_itself(client)) } else { Ok(()) }
}

pub(super) fn requests_itself(client: &App) -> OAuthError {
    Aadsts::ResourceIsClient.because(format!(
        "The application '{}' ({}) requests a token for itself: it must name a scope of itself by its client id, a GUID.",
        client.client_id, client.name
    ))
}

/// `common` and `organizations` are for apps of many tenants, and `consumers` for personal accounts, which are no part of this
/// mock.
pub(super) fn check_multi_tenant(app: &App, tenant: PathTenant<'_>) -> Result<(), OAuthError> {
    if matches!(tenant, PathTenant::Any("consumers")) {
        return Err(Aadsts::ConsumersUnsupported.because(format!(
            "The application '{}' ({}) is not supported at 'consumers', which is for personal accounts: name its tenant.",
            app.client_id, app.name
        )));
    }
    if tenant.one().is_some() || app.sign_in_audience == SignInAudience::MultipleOrgs {
        return Ok(());
    }
    Err(Aadsts::SingleTenantApp.because(format!(
        "The application '{}' ({}) is not configured for many tenants, so 'common' and 'organizations' are not for it: name \
         its tenant.",
        app.client_id, app.name
    )))
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

/// In constant time: a habit worth showing, even with published secrets.
fn same(expected: &str, given: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok()
}
