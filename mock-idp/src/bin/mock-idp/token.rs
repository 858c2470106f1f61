//! `mock-idp token`: a token without a server.

use std::time::{SystemTime, UNIX_EPOCH};

use entra_mock_idp::{Directory, SigningKey, TokenBuilder, TokenVersion};

use crate::cli::Mint;

pub(crate) fn run(arguments: Box<Mint>) -> Result<String, String> {
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).map_err(|_| "the clock is before 1970".to_owned())?;
    let now = i64::try_from(now.as_secs()).map_err(|_| "the clock is far in the future".to_owned())?;
    let directory = Directory::builtin().into();
    let builder = TokenBuilder::new(directory, SigningKey::published(0), &arguments.issuer_base, now);
    apply(*arguments, builder).try_sign().map(|token| token.token).map_err(|error| error.to_string())
}

fn apply(arguments: Mint, mut builder: TokenBuilder) -> TokenBuilder {
    if let Some(tenant) = arguments.tenant {
        builder = builder.tenant(tenant);
    }
    if let Some(client) = arguments.client {
        builder = builder.client(client);
    }
    if let Some(user) = arguments.user {
        builder = builder.user(user);
    }
    if let Some(audience) = arguments.audience {
        builder = builder.audience(audience);
    }
    if !arguments.scopes.is_empty() {
        builder = builder.scopes(arguments.scopes);
    }
    if !arguments.roles.is_empty() {
        builder = builder.roles(arguments.roles);
    }
    if let Some(seconds) = arguments.expires_in {
        builder = builder.expires_in(seconds);
    }
    match arguments.token_version.as_deref() {
        Some("1.0") => builder = builder.version(TokenVersion::V1),
        Some(_) => builder = builder.version(TokenVersion::V2),
        None => {}
    }
    if arguments.id_token {
        builder = builder.id_token();
    }
    builder = arguments.claims.into_iter().fold(builder, |builder, (name, value)| builder.claim(name, value));
    builder = arguments.without.into_iter().fold(builder, TokenBuilder::without);
    arguments.headers.into_iter().fold(builder, |builder, (name, value)| builder.header(name, value))
}
