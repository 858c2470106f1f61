//! The API's configuration, from its environment.

use std::net::SocketAddr;

use entra_validator::{Config, ResourceServer, Validator};

/// `orders-api` in the tenant `contoso` of a `mock-idp` with its built-in directory, on its default port.
const MOCK_AUTHORITY: &str = "http://127.0.0.1:8400/aaaaaaaa-0000-4000-8000-000000000001";
const MOCK_CLIENT_ID: &str = "dddddddd-0000-4000-8000-00000000a001";

/// Where to listen and which tokens to accept.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The validator and its keys.
    pub server: ResourceServer,
}

impl Settings {
    /// Reads `LISTEN`, `AUTHORITY` and flask-entra-auth's variables. Without any of them, the API trusts a local `mock-idp`.
    ///
    /// With `AUTHORITY` (`https://HOST/TENANT`) or without either, the tenant is known in advance and tokens must name it.
    /// With `ENTRA_AUTH_OIDC_ENDPOINT`, the issuer is the one in its document.
    ///
    /// # Errors
    ///
    /// One line that names the variable.
    pub fn from_lookup(lookup: impl Fn(&'static str) -> Option<String>) -> Result<Self, String> {
        let listen = lookup("LISTEN").unwrap_or_else(|| "127.0.0.1:3000".to_owned());
        let listen =
            listen.parse().map_err(|_| format!("LISTEN {listen:?} is not an address like 127.0.0.1:3000"))?;

        let by_endpoint = lookup("ENTRA_AUTH_OIDC_ENDPOINT").is_some();
        let config = Config::from_lookup(|name| match name {
            "ENTRA_AUTH_CLIENT_ID" => lookup(name).or_else(|| Some(MOCK_CLIENT_ID.to_owned())),
            "AUTHORITY" if !by_endpoint => lookup(name).or_else(|| Some(MOCK_AUTHORITY.to_owned())),
            _ => lookup(name),
        })
        .map_err(|error| error.to_string())?;
        // Tokens of v2.0 only, as flask-entra-auth's own: the registration of `orders-api` asks for them.
        let validator = config.apply(Validator::new(config.authority.clone(), &config.client_id));
        let mut server = ResourceServer::new(validator.flask_entra_auth_permissions());
        if let Some(contact) = config.contact {
            server = server.contact(contact);
        }
        Ok(Self { listen, server })
    }
}
