//! The authorization request (RFC 6749 §4.1.1): whether it succeeds, and what is sent back.

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Platform, Tenant, User},
    error::OAuthError,
    random,
};

use super::{
    authorization_response::AuthorizationResponse,
    client::{self, Client},
    granted::Grant,
    parameters::Parameters,
    path_tenant::PathTenant,
    pkce::Challenge,
    protocol_version::ProtocolVersion,
    redirect_uri,
    response_type::{ResponseMode, ResponseType},
    scope::ScopeRequest,
    sign_in_state::{self, Presence},
    store::{CodeGrant, Store},
};

/// What an authorization request is judged by.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) parameters: &'a Parameters,
    pub(crate) version: ProtocolVersion,
    pub(crate) tenant: PathTenant<'a>,
    pub(crate) directory: &'a Directory,
    /// Who is signed in at this browser already, and in which session.
    pub(crate) signed_in: Option<(&'a User, String)>,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// What the person in front of the page has done so far.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision<'a> {
    Open,
    /// Picked this account.
    User(&'a str),
    /// Picked this account and agreed to what the application asks for.
    Consented(&'a str),
    Cancelled,
}

#[derive(Debug)]
pub(crate) enum Outcome<'a> {
    AskPerson {
        client: &'a App,
        users: Vec<&'a User>,
        /// Whom `login_hint` names, or the hint itself if it names none of them.
        hinted: Option<&'a User>,
        unknown_hint: Option<&'a str>,
    },
    AskConsent {
        client: &'a App,
        user: &'a User,
        scopes: Vec<String>,
    },
    Return(Box<AuthorizationResponse<'a>>),
    Failed(Failure),
}

#[derive(Debug)]
pub(crate) enum Failure {
    /// The client or its redirect URI is in doubt.
    Page(OAuthError),
    Redirect {
        redirect_uri: String,
        mode: ResponseMode,
        error: OAuthError,
        state: Option<String>,
    },
}

/// Where the response goes: the two things that must be right before anything is sent anywhere.
#[derive(Debug, Clone, Copy)]
struct Destination<'a> {
    client: &'a App,
    redirect_uri: &'a str,
    platform: Platform,
}

/// Judges the request and, once a person has decided, issues the code.
pub(crate) fn decide<'a>(
    request: &Authorization<'a>,
    decision: Decision<'_>,
    store: &mut Store,
) -> Outcome<'a> {
    let destination = match request.destination() {
        Ok(destination) => destination,
        Err(error) => return Outcome::Failed(Failure::Page(error)),
    };
    let mode = ResponseMode::of(request.parameters);
    let result = mode.clone().and_then(|mode| request.decide(destination, mode, decision, store));
    result.unwrap_or_else(|error| {
        if error.is_for_person() && request.parameters.get("prompt") != Some("none") {
            return Outcome::Failed(Failure::Page(error));
        }
        Outcome::Failed(Failure::Redirect {
            redirect_uri: destination.redirect_uri.to_owned(),
            mode: mode.unwrap_or(ResponseMode::Query),
            error,
            state: request.state(),
        })
    })
}

impl<'a> Authorization<'a> {
    fn state(&self) -> Option<String> {
        self.parameters.get("state").map(str::to_owned)
    }

    fn destination(&self) -> Result<Destination<'a>, OAuthError> {
        let id = self.parameters.required("client_id")?;
        let client = self.directory.app(id).filter(|app| app.client_id.eq_ignore_ascii_case(id));
        let client = client.filter(|app| self.tenant.one().is_none_or(|tenant| app.is_in(tenant)));
        let client = client.ok_or_else(|| {
            Aadsts::ClientUnknown.because(format!("There is no application '{id}' in this directory."))
        })?;
        client::check_multi_tenant(client, self.tenant)?;
        let redirect_uri = self.parameters.required("redirect_uri")?;
        let registered = redirect_uri::registered(client, redirect_uri).ok_or_else(|| {
            Aadsts::RedirectUriMismatch.because(format!(
                "The redirect URI '{redirect_uri}' is not registered for the application '{}'.",
                client.client_id
            ))
        })?;
        Ok(Destination { client, redirect_uri, platform: registered.platform })
    }

    fn decide(
        &self,
        destination: Destination<'a>,
        mode: ResponseMode,
        decision: Decision<'_>,
        store: &mut Store,
    ) -> Result<Outcome<'a>, OAuthError> {
        let Destination { client, platform, .. } = destination;
        client::check_enabled(client)?;
        let response_type = self.response_type(client)?;
        let scopes = self.scopes(client)?;
        let tenant = self.sign_in_tenant(client);
        let scopes = scopes.granted(self.directory, client, tenant)?;
        let challenge = Challenge::asked(self.parameters, platform)?;
        self.check_nonce()?;
        let Some(user) = self.user(tenant, decision)? else { return Ok(self.ask(client, tenant)) };
        sign_in_state::check(user, Presence::Present)?;
        let mut grant = Grant::for_user(Client::unauthenticated(client), tenant, user, scopes, platform)?;
        if self.parameters.get("prompt") == Some("consent") && !matches!(decision, Decision::Consented(_)) {
            let scopes = grant.scopes.names.into_iter().chain(grant.scopes.request.oidc().map(str::to_owned));
            return Ok(Outcome::AskConsent { client, user, scopes: scopes.collect() });
        }
        let session = self.session(user);
        grant.nonce = self.parameters.get("nonce").map(str::to_owned);
        grant.session = Some(session.clone());
        let code = response_type.code.then(|| {
            let behind = code_grant(destination, &grant, user, session.clone(), challenge);
            store.issue_code(behind, self.now)
        });
        Ok(Outcome::Return(Box::new(AuthorizationResponse {
            redirect_uri: destination.redirect_uri.to_owned(),
            mode,
            response_type,
            code,
            state: self.state(),
            session,
            user,
            grant,
        })))
    }

    /// A nonce is kept with the code. The limit is the mock's own: no client is known to send a longer one.
    fn check_nonce(&self) -> Result<(), OAuthError> {
        const MOST: usize = 512;
        match self.parameters.get("nonce") {
            Some(nonce) if nonce.len() > MOST => Err(Aadsts::InvalidRequest
                .because(format!("The nonce is too long: at most {MOST} characters are expected."))),
            _ => Ok(()),
        }
    }

    /// The tenant whose accounts sign in: at `common` and `organizations` the client's own.
    fn sign_in_tenant(&self, client: &App) -> &'a Tenant {
        let named = self.tenant.one().or_else(|| self.directory.tenant(&client.tenant));
        named.unwrap_or(self.directory.home_tenant())
    }

    fn scopes(&self, client: &App) -> Result<ScopeRequest, OAuthError> {
        let asked = ScopeRequest::asked(self.parameters, self.directory, self.version)?;
        let scopes = match (asked, self.version) {
            (Some(scopes), _) => scopes,
            // The v1.0 endpoint signs people in without any resource.
            (None, ProtocolVersion::V1) => {
                ScopeRequest { openid: true, profile: true, ..ScopeRequest::default() }
            }
            (None, ProtocolVersion::V2) => return Err(OAuthError::missing_parameter("scope")),
        };
        let by_name = scopes.identifier.as_deref().is_some_and(|name| uuid::Uuid::try_parse(name).is_err());
        if by_name && scopes.is_of(&client.client_id, self.directory) {
            return Err(Aadsts::ResourceIsClient.because(
                "The application asks for a token for itself: it must name itself by its client id, a GUID.",
            ));
        }
        Ok(scopes)
    }

    /// The session at this browser, if it is this user's, or a new one.
    fn session(&self, user: &User) -> String {
        match &self.signed_in {
            Some((signed_in, session)) if *signed_in == user => session.clone(),
            _ => random::guid(),
        }
    }

    /// Tokens from this endpoint are for apps that are registered for the implicit flow.
    fn response_type(&self, client: &App) -> Result<ResponseType, OAuthError> {
        let text = self.parameters.required("response_type")?;
        let response_type = ResponseType::parse(text).ok_or_else(|| {
            Aadsts::ResponseTypeUnsupported.because(format!("The response_type '{text}' does not exist."))
        })?;
        let not_enabled = |code: Aadsts, name: &str| {
            Err(code.because(format!("The response_type '{name}' is not enabled for the application.")))
        };
        if response_type.id_token && !client.implicit_id_tokens {
            return not_enabled(Aadsts::ImplicitIdTokenDisabled, "id_token");
        }
        if response_type.token && !client.implicit_access_tokens {
            return not_enabled(Aadsts::ImplicitTokenDisabled, "token");
        }
        if response_type.id_token && self.parameters.get("nonce").is_none() {
            return Err(OAuthError::missing_parameter("nonce"));
        }
        Ok(response_type)
    }
}

/// What a new code is issued for. Its lifetime is set when it is issued.
fn code_grant(
    destination: Destination<'_>,
    grant: &Grant<'_>,
    user: &User,
    session: String,
    challenge: Option<Challenge>,
) -> CodeGrant {
    CodeGrant {
        client_id: destination.client.client_id.clone(),
        tenant: grant.tenant.tenant_id.clone(),
        user: user.oid.clone(),
        redirect_uri: destination.redirect_uri.to_owned(),
        platform: destination.platform,
        scopes: grant.scopes.request.clone(),
        challenge,
        nonce: grant.nonce.clone(),
        session,
        expires: 0,
        redeemed: false,
    }
}
