//! The authorization request (RFC 6749 §4.1.1): whether it succeeds, and what is sent back.

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Platform, Tenant, User},
    error::OAuthError,
    random,
};

use super::{
    authorization_response::{AdminConsentResponse, AuthorizationResponse},
    client::{self, Client},
    consents::Party,
    granted::Grant,
    parameters::Parameters,
    path_tenant::PathTenant,
    pkce::Challenge,
    protocol_version::ProtocolVersion,
    redirect_uri,
    response_type::{ResponseMode, ResponseType},
    scope::ScopeRequest,
    session::Session,
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
    pub(crate) signed_in: Option<(&'a User, Session)>,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// What the person in front of the page has done so far.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision<'a> {
    Open,
    /// Nobody is asked: this user signs in, and consents unless the directory says who has to be asked.
    Automatic(&'a str),
    /// Picked this account.
    User(&'a str),
    /// Picked this account and agreed to what the application asks for.
    Consented(&'a str),
    /// Refused to consent.
    Declined,
    /// Turned back before that.
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
    /// Only an administrator can consent.
    AskAdmin {
        error: OAuthError,
    },
    Return(Box<AuthorizationResponse<'a>>),
    /// An administrator decided for everyone.
    AdminConsent(AdminConsentResponse),
    /// The person turned back.
    Cancelled {
        redirect_uri: String,
        mode: ResponseMode,
        state: Option<String>,
    },
    Failed(Failure),
}

#[derive(Debug)]
pub(crate) enum Failure {
    /// The client or its redirect URI is in doubt, or it is for the person to know.
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
pub(crate) struct Destination<'a> {
    pub(crate) client: &'a App,
    pub(crate) redirect_uri: &'a str,
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
    let (redirect_uri, state) = (destination.redirect_uri.to_owned(), request.state());
    if matches!(decision, Decision::Cancelled) {
        return request.cancelled(redirect_uri);
    }
    let result = mode.clone().and_then(|mode| request.decide(destination, mode, decision, store));
    result.unwrap_or_else(|error| {
        if error.is_for_person() && !request.is_silent() {
            return Outcome::Failed(Failure::Page(error));
        }
        let mode = mode.unwrap_or(ResponseMode::Query);
        Outcome::Failed(Failure::Redirect { redirect_uri, mode, error, state })
    })
}

impl<'a> Authorization<'a> {
    pub(super) fn state(&self) -> Option<String> {
        self.parameters.get("state").map(str::to_owned)
    }

    pub(super) fn cancelled(&self, redirect_uri: String) -> Outcome<'a> {
        let mode = ResponseMode::of(self.parameters).unwrap_or(ResponseMode::Query);
        Outcome::Cancelled { redirect_uri, mode, state: self.state() }
    }

    /// Whether no page may be shown.
    pub(super) fn is_silent(&self) -> bool {
        self.parameters.get("prompt") == Some("none")
    }

    /// A second factor can be asked for wherever a page may be shown, and was given in a session that required one.
    fn presence(&self) -> Presence {
        match &self.signed_in {
            _ if !self.is_silent() => Presence::Present,
            Some((_, session)) if session.second_factor => Presence::Earlier,
            _ => Presence::Absent,
        }
    }

    pub(super) fn destination(&self) -> Result<Destination<'a>, OAuthError> {
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
        let (asked, tenant) = (self.scopes(client)?, self.sign_in_tenant(client));
        for scopes in &asked {
            scopes.existing(self.directory, tenant)?;
        }
        let challenge = Challenge::asked(self.parameters, platform)?;
        self.check_nonce()?;
        let Some(user) = self.user(tenant, decision)? else { return Ok(self.ask(client, tenant)) };
        sign_in_state::check(user, self.presence())?;
        let party = Party { directory: self.directory, client, tenant, user };
        if let Some(question) = self.consent(&asked, &party, decision, &mut store.consents)? {
            return Ok(question);
        }
        let first = asked.into_iter().next().unwrap_or_default();
        let scopes = first.granted_to(&store.consents, &party)?;
        let mut grant = Grant::for_user(Client::unauthenticated(client), tenant, user, scopes, platform)?;
        let session = self.session(user);
        grant.nonce = self.parameters.get("nonce").map(str::to_owned);
        grant.session = Some(session.clone());
        let code = response_type.code.then(|| {
            let behind = code_grant(destination, &grant, user, session.clone(), challenge);
            store.issue_code(behind, self.now)
        });
        let (redirect_uri, state) = (destination.redirect_uri.to_owned(), self.state());
        let response =
            AuthorizationResponse { redirect_uri, mode, response_type, code, state, session, user, grant };
        Ok(Outcome::Return(Box::new(response)))
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
    pub(super) fn sign_in_tenant(&self, client: &App) -> &'a Tenant {
        let named = self.tenant.one().or_else(|| self.directory.tenant(&client.tenant));
        named.unwrap_or(self.directory.home_tenant())
    }

    /// Of each resource, at least one.
    fn scopes(&self, client: &App) -> Result<Vec<ScopeRequest>, OAuthError> {
        let mut asked = ScopeRequest::all_asked(self.parameters, self.directory, self.version)?;
        if asked.is_empty() {
            // The v1.0 endpoint signs people in without any resource.
            if self.version == ProtocolVersion::V2 {
                return Err(OAuthError::missing_parameter("scope"));
            }
            asked.push(ScopeRequest { openid: true, profile: true, ..ScopeRequest::default() });
        }
        asked.iter().try_for_each(|scopes| client::check_own_name(client, scopes, self.directory))?;
        Ok(asked)
    }

    /// The session at this browser, if it is this user's, or a new one.
    fn session(&self, user: &User) -> String {
        match &self.signed_in {
            Some((signed_in, session)) if *signed_in == user => session.id.clone(),
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
