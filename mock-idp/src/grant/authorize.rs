//! The authorization request (RFC 6749 §4.1.1): whether it may go on, and what is sent back.

use url::Url;

use crate::{
    directory::{App, Directory, Platform, Tenant, User},
    error::OAuthError,
    state::random_guid,
};

use super::{Challenge, CodeGrant, Parameters, ScopeRequest, Store};

/// What an authorization request is judged by.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    pub(crate) parameters: &'a Parameters,
    pub(crate) directory: &'a Directory,
    /// `None` at `common` and `organizations`.
    pub(crate) tenant: Option<&'a Tenant>,
    /// Seconds since 1970.
    pub(crate) now: i64,
}

/// What the person in front of the page has done so far.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Decision<'a> {
    Open,
    User(&'a str),
    Cancelled,
}

#[derive(Debug)]
pub(crate) enum Outcome<'a> {
    AskPerson { client: &'a App, users: Vec<&'a User>, unknown_hint: Option<&'a str> },
    Return { redirect_uri: String, mode: ResponseMode, fields: Vec<(&'static str, String)> },
    Failed(Failure),
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
        let client = client.filter(|app| self.tenant.is_none_or(|tenant| tenant.name == app.tenant));
        let client = client.ok_or_else(|| {
            OAuthError::new(700_016, format!("There is no application '{id}' in this directory."))
        })?;
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
            OAuthError::new(50011, message)
        })?;
        Ok((client, wanted.to_owned(), registered.platform))
    }

    fn mode(&self) -> Result<ResponseMode, OAuthError> {
        match self.parameters.get("response_mode") {
            None | Some("query") => Ok(ResponseMode::Query),
            Some("fragment") => Ok(ResponseMode::Fragment),
            Some("form_post") => Ok(ResponseMode::FormPost),
            Some(other) => {
                Err(OAuthError::new(9_002_313, format!("The response_mode '{other}' does not exist.")))
            }
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
        self.check_response_type()?;
        let scopes = ScopeRequest::parse(self.parameters.required("scope")?)?;
        let tenant = self
            .tenant
            .or_else(|| self.directory.tenant(&client.tenant))
            .unwrap_or(self.directory.home_tenant());
        scopes.granted(client, scopes.resource(self.directory, tenant)?)?;
        let challenge = self.challenge(platform)?;
        let Some(user) = self.user(tenant, decision)? else { return Ok(self.ask(client, tenant)) };
        let session = random_guid();
        let code = store.issue_code(
            CodeGrant {
                client_id: client.client_id.clone(),
                tenant: tenant.tenant_id.clone(),
                user: user.oid.clone(),
                redirect_uri: redirect_uri.to_owned(),
                platform,
                scopes,
                challenge,
                nonce: self.parameters.get("nonce").map(str::to_owned),
                session: session.clone(),
                expires: 0,
                redeemed: false,
            },
            self.now,
        );
        let mut fields = vec![("code", code)];
        fields.extend(self.parameters.get("state").map(|state| ("state", state.to_owned())));
        fields.push(("session_state", session));
        Ok(Outcome::Return { redirect_uri: redirect_uri.to_owned(), mode, fields })
    }

    fn check_response_type(&self) -> Result<(), OAuthError> {
        match self.parameters.required("response_type")? {
            "code" => Ok(()),
            other => {
                Err(OAuthError::new(700_054, format!("The response_type '{other}' is not enabled here.")))
            }
        }
    }

    /// PKCE (RFC 7636 §4.3): the method is `plain` unless told; pages in browsers must use it.
    fn challenge(&self, platform: Platform) -> Result<Option<Challenge>, OAuthError> {
        let challenge = self.parameters.get("code_challenge").map(str::to_owned);
        match (challenge, self.parameters.get("code_challenge_method")) {
            (Some(challenge), Some("S256")) => Ok(Some(Challenge::S256(challenge))),
            (Some(challenge), None | Some("plain")) => Ok(Some(Challenge::Plain(challenge))),
            (Some(_), Some(other)) => Err(OAuthError::new(
                9_002_313,
                format!("The code_challenge_method '{other}' does not exist."),
            )),
            (None, _) if platform == Platform::Spa => {
                Err(OAuthError::new(9_002_325, "A single-page app must send a code_challenge (PKCE)."))
            }
            (None, _) => Ok(None),
        }
    }

    /// Who signs in, if that is known: by the person's click, or by a `login_hint` that no `prompt` stands against.
    fn user(&self, tenant: &Tenant, decision: Decision<'_>) -> Result<Option<&'a User>, OAuthError> {
        let of_tenant = |key: &str| self.directory.user(key).filter(|user| user.tenant == tenant.name);
        match (decision, self.parameters.get("prompt")) {
            (Decision::Cancelled, _) => Err(OAuthError::new(65004, "The user declined.")),
            (Decision::User(key), _) => {
                let user = of_tenant(key);
                Ok(Some(user.ok_or_else(|| {
                    OAuthError::new(50034, format!("There is no user '{key}' in this directory."))
                })?))
            }
            (Decision::Open, Some("none")) => {
                Err(OAuthError::new(50058, "Silent sign-in was asked for, but nobody is signed in."))
            }
            (Decision::Open, Some("login" | "consent" | "select_account")) => Ok(None),
            (Decision::Open, None) => Ok(self.parameters.get("login_hint").and_then(of_tenant)),
            (Decision::Open, Some(other)) => {
                Err(OAuthError::new(9_002_313, format!("The prompt '{other}' does not exist.")))
            }
        }
    }

    fn ask(&self, client: &'a App, tenant: &Tenant) -> Outcome<'a> {
        let users: Vec<_> = self.directory.users.iter().filter(|user| user.tenant == tenant.name).collect();
        let hint = self.parameters.get("login_hint");
        let unknown_hint = hint.filter(|hint| self.directory.user(hint).is_none());
        Outcome::AskPerson { client, users, unknown_hint }
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
