//! What the authorize endpoint responds with, and how it travels.

use url::Url;

use crate::{aadsts::Aadsts, error::OAuthError};

use super::parameters::Parameters;

/// What the authorize endpoint itself responds with
/// ([response types](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ResponseType {
    pub(crate) code: bool,
    pub(crate) id_token: bool,
    pub(crate) token: bool,
}

impl ResponseType {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut parsed = Self::default();
        for word in text.split_whitespace() {
            match word {
                "code" => parsed.code = true,
                "id_token" => parsed.id_token = true,
                "token" => parsed.token = true,
                _ => return None,
            }
        }
        (parsed != Self::default()).then_some(parsed)
    }

    /// Whether tokens travel through the browser, where they must not end up in a query.
    pub(super) fn is_front_channel(self) -> bool {
        self.id_token || self.token
    }
}

/// How the response travels back ([response modes](https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub(super) fn of(parameters: &Parameters) -> Result<Self, OAuthError> {
        let response_type = parameters.get("response_type").and_then(ResponseType::parse);
        let front_channel = response_type.is_some_and(ResponseType::is_front_channel);
        match parameters.get("response_mode") {
            None if front_channel => Ok(Self::Fragment),
            Some("query") if front_channel => Err(Aadsts::ResponseModeUnsupported.because(
                "The response_mode 'query' is not supported for tokens: use 'fragment' or 'form_post'.",
            )),
            None | Some("query") => Ok(Self::Query),
            Some("fragment") => Ok(Self::Fragment),
            Some("form_post") => Ok(Self::FormPost),
            Some(other) => {
                Err(Aadsts::InvalidRequest.because(format!("The response_mode '{other}' does not exist.")))
            }
        }
    }

    /// The URL with the fields in it; `None` for a form.
    pub(crate) fn url(self, redirect_uri: &str, fields: &[(&'static str, String)]) -> Option<String> {
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
