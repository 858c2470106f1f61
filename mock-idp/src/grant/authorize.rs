//! The authorization request (RFC 6749 §4.1.1): whether it may go on, and what is sent back.

use url::Url;

use crate::{
    aadsts::Aadsts,
    directory::{App, Directory, Platform, Tenant, User},
    error::OAuthError,
    random,
};

use super::{Challenge, CodeGrant, Grant, Parameters, ScopeRequest, Store, account, client, scopes_asked};

/// What an authorization request is judged by.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) parameters: &'a Parameters,
    pub(crate) directory: &'a Directory,
    /// `None` at `common` and `organizations`.
    pub(crate) tenant: Option<&'a Tenant>,
    /// Who is signed in at this browser already, and in which session.
    pub(crate) signed_in: Option<(&'a User, String)>,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// Whether it came to the v1.0 endpoint, where `resource` stands for `scope`.
    pub(crate) version_one: bool,
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
    AskPerson { client: &'a App, users: Vec<&'a User>, unknown_hint: Option<&'a str> },
    AskConsent { client: &'a App, user: &'a User, scopes: Vec<String> },
    Return(Box<Answer<'a>>),
    Failed(Failure),
}

/// What goes back to the client: a code, or tokens that are made next, or both.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) wanted: ResponseType,
    pub(crate) code: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) session: String,
    pub(crate) user: &'a User,
    pub(crate) grant: Grant<'a>,
}

#[derive(Debug)]
pub(crate) enum Failure {
    /// The client or its address is in doubt.
    Page(OAuthError),
    Redirect {
        redirect_uri: String,
        mode: ResponseMode,
        error: OAuthError,
        state: Option<String>,
    },
}

/// What the authorize endpoint itself is to answer with
/// ([response types](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ResponseType {
    pub(crate) code: bool,
    pub(crate) id_token: bool,
    pub(crate) token: bool,
}

impl ResponseType {
    fn parse(text: &str) -> Option<Self> {
        let mut wanted = Self::default();
        for word in text.split_whitespace() {
            match word {
                "code" => wanted.code = true,
                "id_token" => wanted.id_token = true,
                "token" => wanted.token = true,
                _ => return None,
            }
        }
        (wanted != Self::default()).then_some(wanted)
    }

    /// Whether tokens travel through the browser, where they must not end up in a query.
    fn is_front_channel(self) -> bool {
        self.id_token || self.token
    }
}

/// How the answer travels back ([response modes](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    /// The address with the fields in it; `None` for a form.
    pub(crate) fn address(self, redirect_uri: &str, fields: &[(&'static str, String)]) -> Option<String> {
        let mut url = Url::parse(redirect_uri).ok()?;
        match self {
            Self::Query => {
                url.query_pairs_mut().extend_pairs(fields);
            }
            Self::Fragment => {
                let mut text = url::form_urlencoded::Serializer::new(String::new());
                url.set_fragment(Some(&text.extend_pairs(fields).finish()));
            }
            Self::FormPost => return None,
        }
        Some(url.into())
    }
}

/// Judges the request and, once a person has decided, issues the code.
pub(crate) fn decide<'a>(
    request: &Authorization<'a>,
    decision: Decision<'_>,
    store: &mut Store,
) -> Outcome<'a> {
    let (client, redirect_uri, platform) = match request.client() {
        Ok(found) => found,
        Err(error) => return Outcome::Failed(Failure::Page(error)),
    };
    let mode = request.mode();
    let result =
        mode.clone().and_then(|mode| request.go_on(client, &redirect_uri, platform, mode, decision, store));
    result.unwrap_or_else(|error| {
        let mode = mode.unwrap_or(ResponseMode::Query);
        let state = request.parameters.get("state").map(str::to_owned);
        Outcome::Failed(Failure::Redirect { redirect_uri, mode, error, state })
    })
}

impl<'a> Authorization<'a> {
    /// The client and its address: the two things that must be right before anything is sent anywhere.
    fn client(&self) -> Result<(&'a App, String, Platform), OAuthError> {
        let id = self.parameters.required("client_id")?;
        let client = self.directory.app(id).filter(|app| app.client_id.eq_ignore_ascii_case(id));
        let client = client.filter(|app| self.tenant.is_none_or(|tenant| app.is_in(tenant)));
        let client = client.ok_or_else(|| {
            Aadsts::ClientUnknown.because(format!("There is no application '{id}' in this directory."))
        })?;
        client::check_common(client, self.tenant)?;
        let wanted = self.parameters.required("redirect_uri")?;
        // The very address decides before one that differs in its port: their platforms may differ too.
        let exact = client.redirect_uris.iter().find(|known| known.uri == wanted);
        let registered =
            exact.or_else(|| client.redirect_uris.iter().find(|known| same_redirect(&known.uri, wanted)));
        let registered = registered.ok_or_else(|| {
            let message = format!(
                "The redirect URI '{wanted}' is not registered for the application '{}'.",
                client.client_id
            );
            Aadsts::RedirectUriMismatch.because(message)
        })?;
        Ok((client, wanted.to_owned(), registered.platform))
    }

    fn mode(&self) -> Result<ResponseMode, OAuthError> {
        let front_channel = self
            .parameters
            .get("response_type")
            .and_then(ResponseType::parse)
            .is_some_and(ResponseType::is_front_channel);
        match self.parameters.get("response_mode") {
            None if front_channel => Ok(ResponseMode::Fragment),
            Some("query") if front_channel => Err(Aadsts::ResponseModeUnsupported.because("The response_mode 'query' is not supported when a token is asked for: 'fragment' or 'form_post' is.")),
            None | Some("query") => Ok(ResponseMode::Query),
            Some("fragment") => Ok(ResponseMode::Fragment),
            Some("form_post") => Ok(ResponseMode::FormPost),
            Some(other) => Err(Aadsts::InvalidRequest.because(format!("The response_mode '{other}' does not exist."))),
        }
    }

    fn go_on(
        &self,
        client: &'a App,
        redirect_uri: &str,
        platform: Platform,
        mode: ResponseMode,
        decision: Decision<'_>,
        store: &mut Store,
    ) -> Result<Outcome<'a>, OAuthError> {
        client::check_enabled(client)?;
        let wanted = self.response_type(client)?;
        let scopes = scopes_asked(self.parameters, self.directory, self.version_one)?;
        let scopes = match scopes {
            Some(scopes) => scopes,
            // The older endpoint signs people in without any resource.
            None if self.version_one => {
                ScopeRequest { openid: true, profile: true, ..ScopeRequest::default() }
            }
            None => return Err(OAuthError::missing_parameter("scope")),
        };
        let by_name = scopes.identifier.as_deref().is_some_and(|name| uuid::Uuid::try_parse(name).is_err());
        if by_name && scopes.is_of(&client.client_id, self.directory) {
            return Err(Aadsts::ResourceIsClient.because(
                "The application asks for a token for itself: it must name itself by its client id, a GUID.",
            ));
        }
        let tenant = self
            .tenant
            .or_else(|| self.directory.tenant(&client.tenant))
            .unwrap_or(self.directory.home_tenant());
        let resource = scopes.resource(self.directory, tenant)?;
        let granted = scopes.granted(client, resource)?;
        let challenge = self.challenge(platform)?;
        let Some(user) = self.user(tenant, decision)? else { return Ok(self.ask(client, tenant)) };
        account::check(user, account::Presence::Present)?;
        account::check_assigned(user, resource)?;
        if self.parameters.get("prompt") == Some("consent") && !matches!(decision, Decision::Consented(_)) {
            let of_resource = granted.into_iter().chain(scopes.oidc().map(str::to_owned));
            return Ok(Outcome::AskConsent { client, user, scopes: of_resource.collect() });
        }
        let session = match &self.signed_in {
            Some((signed_in, session)) if *signed_in == user => session.clone(),
            _ => random::guid(),
        };
        let nonce = self.parameters.get("nonce").map(str::to_owned);
        let code = wanted.code.then(|| {
            let grant = CodeGrant {
                client_id: client.client_id.clone(),
                tenant: tenant.tenant_id.clone(),
                user: user.oid.clone(),
                redirect_uri: redirect_uri.to_owned(),
                platform,
                scopes: scopes.clone(),
                challenge,
                nonce: nonce.clone(),
                session: session.clone(),
                expires: 0,
                redeemed: false,
            };
            store.issue_code(grant, self.now)
        });
        let grant = Grant {
            user: Some(user),
            nonce,
            session: Some(session.clone()),
            platform,
            ..Grant::new(client::Client { app: client, by_assertion: false }, tenant, resource, scopes)
        };
        Ok(Outcome::Return(Box::new(Answer {
            redirect_uri: redirect_uri.to_owned(),
            mode,
            wanted,
            code,
            state: self.parameters.get("state").map(str::to_owned),
            session,
            user,
            grant,
        })))
    }

    /// Tokens from this endpoint are for apps that are registered for the implicit flow.
    fn response_type(&self, client: &App) -> Result<ResponseType, OAuthError> {
        let text = self.parameters.required("response_type")?;
        let wanted = ResponseType::parse(text).ok_or_else(|| {
            Aadsts::ResponseTypeUnsupported.because(format!("The response_type '{text}' does not exist."))
        })?;
        let not_enabled = |code: Aadsts, name: &str| {
            let message = format!("The response_type '{name}' is not enabled for the application.");
            Err(code.because(message))
        };
        if wanted.id_token && !client.implicit_id_tokens {
            return not_enabled(Aadsts::ImplicitIdTokenDisabled, "id_token");
        }
        if wanted.token && !client.implicit_access_tokens {
            return not_enabled(Aadsts::ImplicitTokenDisabled, "token");
        }
        if wanted.id_token && self.parameters.get("nonce").is_none() {
            return Err(OAuthError::missing_parameter("nonce"));
        }
        Ok(wanted)
    }

    /// PKCE (RFC 7636 §4.3): the method is `plain` unless told; pages in browsers must use it.
    fn challenge(&self, platform: Platform) -> Result<Option<Challenge>, OAuthError> {
        let challenge = self.parameters.get("code_challenge").map(str::to_owned);
        match (challenge, self.parameters.get("code_challenge_method")) {
            (Some(challenge), Some("S256")) => Ok(Some(Challenge::S256(challenge))),
            (Some(challenge), None | Some("plain")) => Ok(Some(Challenge::Plain(challenge))),
            (Some(_), Some(other)) => Err(Aadsts::InvalidRequest
                .because(format!("The code_challenge_method '{other}' does not exist."))),
            (None, _) if platform == Platform::Spa => {
                Err(Aadsts::CodeChallengeMissing
                    .because("A single-page app must send a code_challenge (PKCE)."))
            }
            (None, _) => Ok(None),
        }
    }

    /// Who signs in, if that is known: by the person's click, by an earlier sign-in at this browser, or by a `login_hint`;
    /// unless a `prompt` stands against it.
    fn user(&self, tenant: &Tenant, decision: Decision<'_>) -> Result<Option<&'a User>, OAuthError> {
        let of_tenant = |key: &str| self.directory.user(key).filter(|user| user.tenant == tenant.name);
        let hint = self.parameters.get("login_hint");
        let signed_in = self.signed_in.as_ref().map(|(user, _)| *user).filter(|user| {
            user.tenant == tenant.name
                && hint.is_none_or(|hint| of_tenant(hint).is_none_or(|named| named == *user))
        });
        match (decision, self.parameters.get("prompt")) {
            (Decision::Cancelled, _) => Err(Aadsts::UserDeclined.because("The user declined.")),
            (Decision::User(key) | Decision::Consented(key), _) => {
                let user = of_tenant(key);
                Ok(Some(user.ok_or_else(|| {
                    Aadsts::UserUnknown.because(format!("There is no user '{key}' in this directory."))
                })?))
            }
            (Decision::Open, Some("none")) => signed_in.map(Some).ok_or_else(|| {
                Aadsts::SignInRequired.because("Silent sign-in was asked for, but nobody is signed in.")
            }),
            (Decision::Open, Some("login" | "select_account")) => Ok(None),
            (Decision::Open, None | Some("consent")) => Ok(signed_in.or_else(|| hint.and_then(of_tenant))),
            (Decision::Open, Some(other)) => {
                Err(Aadsts::InvalidRequest.because(format!("The prompt '{other}' does not exist.")))
            }
        }
    }

    /// `domain_hint` leaves the accounts of that domain, if there are any.
    fn ask(&self, client: &'a App, tenant: &Tenant) -> Outcome<'a> {
        let all: Vec<_> = self.directory.users.iter().filter(|user| user.tenant == tenant.name).collect();
        let hinted: Vec<_> = self.parameters.get("domain_hint").map_or(Vec::new(), |domain| {
            let of_domain = |user: &&&User| {
                let name = user.email.as_ref().unwrap_or(&user.upn);
                name.rsplit_once('@').is_some_and(|(_, of)| of.eq_ignore_ascii_case(domain))
            };
            all.iter().filter(of_domain).copied().collect()
        });
        let hint = self.parameters.get("login_hint");
        let unknown_hint = hint.filter(|hint| self.directory.user(hint).is_none());
        Outcome::AskPerson { client, users: if hinted.is_empty() { all } else { hinted }, unknown_hint }
    }
}

/// Byte for byte, but for the port of a loopback address
/// ([reply URLs](https://learn.microsoft.com/entra/identity-platform/reply-url), RFC 8252 §7.3).
fn same_redirect(registered: &str, wanted: &str) -> bool {
    if registered == wanted {
        return true;
    }
    let (Ok(mut registered), Ok(mut wanted)) = (Url::parse(registered), Url::parse(wanted)) else {
        return false;
    };
    let loopback =
        registered.scheme() == "http" && matches!(registered.host_str(), Some("localhost" | "127.0.0.1"));
    loopback && registered.set_port(None).is_ok() && wanted.set_port(None).is_ok() && registered == wanted
}

#[cfg(test)]
mod tests {
    use super::same_redirect;

    #[test]
    fn a_redirect_is_matched_byte_for_byte_but_for_the_port_on_loopback() {
        assert!(same_redirect("http://localhost", "http://localhost:52817"));
        assert!(same_redirect("http://localhost:3000/callback", "http://localhost:4000/callback"));
        for (registered, wanted) in [
            ("http://localhost/a", "http://localhost/b"),
            ("http://localhost/a", "http://localhost/A"),
            ("http://localhost", "https://localhost"),
            ("http://localhost", "http://localhost.evil.example"),
            ("http://localhost", "http://localhost@evil.example"),
            ("https://app.example/", "https://app.example:8443/"),
            ("https://app.example/", "https://app.example"),
        ] {
            assert!(!same_redirect(registered, wanted), "{registered} {wanted}");
        }
    }
}
