//! What a request asks for, as far as it can be read: for the record, before anything is judged.

use std::borrow::Cow;

use axum::http::{Method, request::Parts};
use url::form_urlencoded;

use crate::{
    requests::{ClientAuth, RecordedParameters},
    text::cut,
    token::Jws,
};

use super::token_request::basic;

#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) client: Option<String>,
    pub(super) client_auth: Option<ClientAuth>,
    pub(super) grant: Option<String>,
    pub(super) scope: Option<String>,
    pub(super) parameters: RecordedParameters,
}

impl Asked {
    /// The parameters are in the form of a POST, else in the query.
    pub(super) fn of(parts: &Parts, body: &[u8]) -> Self {
        let by_post = parts.method == Method::POST;
        let form = if by_post { body } else { parts.uri.query().unwrap_or_default().as_bytes() };
        let get = |name: &str| {
            form_urlencoded::parse(form)
                .find(|(known, value)| known == name && !value.is_empty())
                .map(|(_, value)| value)
        };
        let assertion = get("client_assertion");
        let basic = basic(&parts.headers).ok().flatten().map(|(name, _)| name);
        let client_auth = match () {
            () if assertion.is_some() => ClientAuth::PrivateKeyJwt,
            () if basic.is_some() => ClientAuth::ClientSecretBasic,
            () if get("client_secret").is_some() => ClientAuth::ClientSecretPost,
            () => ClientAuth::None,
        };
        let of_assertion = || Jws::parse(assertion.as_deref()?)?.claim("sub").map(str::to_owned);
        let authenticates =
            by_post && (get("grant_type").is_some() || get("client_id").is_some() || basic.is_some());
        let text = |value: Cow<'_, str>| cut(value.into_owned());
        Self {
            client: get("client_id").map(Cow::into_owned).or(basic).or_else(of_assertion).map(cut),
            client_auth: authenticates.then_some(client_auth),
            grant: get("grant_type").map(text),
            scope: get("scope").or_else(|| get("resource")).map(text),
            parameters: RecordedParameters::of(form),
        }
    }
}
