//! A validator and its keys, ready for requests.

use std::{fmt, sync::Arc, time::SystemTime};

use http::{HeaderMap, Response, Uri, header::AUTHORIZATION};

#[cfg(feature = "token-cache")]
use crate::token::TokenCache;
use crate::{AuthError, KeySet, KeySetError, Rejection, RemoteKeySet, Validator, VerifiedToken, token::Signed};

use super::{bearer::bearer_token, observe};

/// Protects an API: takes the token from a request's headers, judges it with keys that are fetched when needed, and
/// makes the answer for those that are refused. Cheap to clone; clones share the keys.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use entra_validator::{Authority, ResourceServer, Validator};
///
/// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
/// let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
/// let server = ResourceServer::new(validator).contact("mailto:api@example.com");
///
/// let headers = http::HeaderMap::new();
/// match server.authenticate(&headers).await {
///     Ok(token) => println!("{} may go on", token.claims().sub),
///     Err(refusal) => println!("{:?}", server.refuse(&refusal)),
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ResourceServer {
    validator: Arc<Validator>,
    #[cfg(feature = "token-cache")]
    cache: Option<Arc<TokenCache>>,
    keys: RemoteKeySet,
    contact: Option<Arc<str>>,
    resource_metadata: Option<Uri>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
}

impl ResourceServer {
    /// Keys are fetched when the first token asks for them, so the identity provider need not be up yet.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// let server = ResourceServer::new(validator);
    /// assert!(server.validate(&idp.token().sign()).await.is_ok());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn new(validator: Validator) -> Self {
        let keys = RemoteKeySet::new(validator.authority().clone());
        Self::with_keys(validator, keys)
    }

    /// As [`new`](Self::new), with a cache that is set up or shared otherwise. It should be of the validator's authority.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// use entra_validator::{CachePolicy, RemoteKeySet};
    ///
    /// let policy = CachePolicy { max_age: std::time::Duration::from_secs(3600), ..CachePolicy::default() };
    /// let keys = RemoteKeySet::with_policy(validator.authority().clone(), policy);
    /// let server = ResourceServer::with_keys(validator, keys);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn with_keys(validator: Validator, keys: RemoteKeySet) -> Self {
        Self {
            validator: Arc::new(validator),
            #[cfg(feature = "token-cache")]
            cache: None,
            keys,
            contact: None,
            resource_metadata: None,
            clock: Arc::new(SystemTime::now),
        }
    }

    /// Fetches the keys at once, to fail at start rather than at the first request.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// let server = ResourceServer::discover(validator).await?;
    /// drop(idp);
    /// let elsewhere = Validator::new(Authority::from_url("http://127.0.0.1:9/aaaaaaaa-0000-4000-8000-000000000001")?, "api");
    /// assert_eq!(ResourceServer::discover(elsewhere).await.unwrap_err().code(), "auth_oidc_error");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if they cannot be had.
    pub async fn discover(validator: Validator) -> Result<Self, KeySetError> {
        let server = Self::new(validator);
        server.keys.get((server.clock)()).await?;
        Ok(server)
    }

    /// Where the people who use the API can ask for help, a web or `mailto:` address: the member `contact` of problems.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let server = server.contact("mailto:api@example.com");
    /// let refusal = entra_validator::HeaderError::Missing.into();
    /// assert!(server.refuse(&refusal).body().contains("mailto:api@example.com"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn contact(mut self, contact: impl Into<Arc<str>>) -> Self {
        self.contact = Some(contact.into());
        self
    }

    /// Where the API's [`ResourceMetadata`](crate::ResourceMetadata) is served: challenges name it, so that a client finds
    /// out whom to ask for a token ([RFC 9728 §5.1](https://www.rfc-editor.org/rfc/rfc9728#section-5.1)).
    ///
    /// ```
    /// # use entra_validator::{Authority, HeaderError, ResourceServer, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let server = ResourceServer::new(Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3"));
    /// let url = http::Uri::from_static("https://api.contoso.com/.well-known/oauth-protected-resource");
    /// let server = server.resource_metadata(url.clone());
    /// let response = server.refuse(&HeaderError::Missing.into());
    /// assert_eq!(response.headers()["www-authenticate"], format!("Bearer resource_metadata=\"{url}\"").as_str());
    /// ```
    #[must_use]
    pub fn resource_metadata(mut self, url: Uri) -> Self {
        self.resource_metadata = Some(url);
        self
    }

    /// Remembers verified tokens, at most so many; an odd number is rounded up. What is skipped for a token seen again, and
    /// why that is safe, is told by [`CachingValidator`](crate::CachingValidator).
    ///
    /// ```
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let server = ResourceServer::new(Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3"));
    /// let server = server.cache_tokens(10_000.try_into().unwrap());
    /// ```
    #[cfg(feature = "token-cache")]
    #[must_use]
    pub fn cache_tokens(mut self, capacity: std::num::NonZeroUsize) -> Self {
        self.cache = Some(Arc::new(TokenCache::new(capacity)));
        self
    }

    /// Tells the time by another clock than the system's: for tests.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let token = idp.token().sign();
    /// let server = server.clock(|| std::time::UNIX_EPOCH);
    /// assert_eq!(server.validate(&token).await.unwrap_err().code(), "auth_token_immature");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn clock(mut self, clock: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Judges the bearer token in a request's headers.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("authorization", format!("Bearer {}", idp.token().sign()).parse()?);
    /// assert!(server.authenticate(&headers).await.is_ok());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`]; make the answer with [`refuse`](Self::refuse).
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<VerifiedToken, AuthError> {
        let token = bearer_token(headers).map_err(|error| observe::refused(error.into()))?;
        self.validate(token).await
    }

    /// As [`authenticate`](Self::authenticate), for routes that are open to requests without any credentials: they get
    /// `None`. A bad token is refused all the same: whoever sends one means to be known.
    ///
    /// ```
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47").unwrap();
    /// # let server = ResourceServer::new(Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3"));
    /// # #[tokio::main(flavor = "current_thread")] async fn main_(server: ResourceServer) {
    /// let mut headers = http::HeaderMap::new();
    /// assert!(server.authenticate_optional(&headers).await.unwrap().is_none());
    /// headers.insert("authorization", "Bearer junk".parse().unwrap());
    /// assert!(server.authenticate_optional(&headers).await.is_err());
    /// # } main_(server);
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`], never for the want of a header.
    pub async fn authenticate_optional(&self, headers: &HeaderMap) -> Result<Option<VerifiedToken>, AuthError> {
        if headers.contains_key(AUTHORIZATION) {
            self.authenticate(headers).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Judges a token that came some other way.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// assert!(server.validate(&idp.token().sign()).await.is_ok());
    /// assert_eq!(server.validate("junk").await.unwrap_err().code(), "auth_token_invalid");
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthError`], never one of [`AuthError::Header`].
    #[cfg_attr(
        feature = "tracing",
        tracing::instrument(level = "debug", skip_all, fields(kid = tracing::field::Empty))
    )]
    pub async fn validate(&self, token: &str) -> Result<VerifiedToken, AuthError> {
        self.judge(token).await.map_err(observe::refused)
    }

    /// A token that is no good under any key causes no fetch: with no keys at hand, it is judged with an empty set first.
    async fn judge(&self, token: &str) -> Result<VerifiedToken, AuthError> {
        let now = (self.clock)();
        let mut keys = self.keys.cached(now).unwrap_or_else(|| Arc::new(KeySet::empty()));
        let signed = match self.read(token, &keys) {
            Err(Rejection::KeyUnknown { .. }) => {
                keys = self.keys.get_for_unknown_kid(now).await?;
                self.read(token, &keys)?
            }
            read => read?,
        };
        observe::verified(&signed);
        Ok(self.validator.admit(signed, &keys, now)?)
    }

    fn read(&self, token: &str, keys: &Arc<KeySet>) -> Result<Arc<Signed>, Rejection> {
        #[cfg(feature = "token-cache")]
        if let Some(cache) = &self.cache {
            return cache.read(&self.validator, token, keys);
        }
        self.validator.read(token, keys).map(Arc::new)
    }

    /// The answer to a request that is not let in, with the contact and the address of the metadata.
    ///
    /// ```
    /// # use entra_mock_idp::MockIdp;
    /// # use entra_validator::{Authority, ResourceServer, Validator};
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let idp = MockIdp::start().await;
    /// # let validator = Validator::new(Authority::from_url(&idp.authority())?, "dddddddd-0000-4000-8000-00000000a001");
    /// # let server = ResourceServer::new(validator);
    /// let refusal = server.validate("junk").await.unwrap_err();
    /// let response = server.refuse(&refusal);
    /// assert_eq!(response.status(), 401);
    /// assert!(response.headers()["www-authenticate"].to_str()?.contains("invalid_token"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn refuse(&self, error: &AuthError) -> Response<String> {
        observe::answered(error);
        error.response_with_metadata(self.contact.as_deref(), self.resource_metadata.as_ref())
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceServer")
            .field("validator", &self.validator)
            .field("contact", &self.contact)
            .finish_non_exhaustive()
    }
}
