//! A validator and its keys, ready for requests.

use std::{
    fmt,
    sync::{Arc, LazyLock},
    time::SystemTime,
};

use http::{HeaderMap, Response, Uri, header::AUTHORIZATION};

#[cfg(feature = "token-cache")]
use crate::token::TokenCache;
use crate::{
    AuthError, AuthorityError, KeySet, KeySource, Rejection, TimeSource, Validator, VerifiedToken,
    token::{ResponseSettings, Signed},
};
#[cfg(feature = "remote-keys")]
use crate::{KeySetError, RemoteKeySet};

#[cfg(feature = "tower")]
use super::grpc::is_grpc;
use super::{bearer::bearer_token, observe};

/// Protects an API: takes the token from a request's headers, judges it with keys from a [`KeySource`], and
/// makes the response to those that are refused. Cheap to clone; clones share the keys.
///
/// ```
/// # use entra_mock_idp::MockIdp;
/// use entra_validator::{Authority, Code, ResourceServer, Validator};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let idp = MockIdp::start().await;
/// let authority = Authority::from_url(&idp.authority())?; // in production: Authority::tenant(..)
/// let server = ResourceServer::new(Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001"))
///     .contact("mailto:api@contoso.com");
///
/// let mut headers = http::HeaderMap::new();
/// headers.insert("authorization", format!("Bearer {}", idp.token().user("alice").sign()).parse()?);
/// let token = server.authenticate(&headers).await?;
/// assert!(token.require_scopes(["Orders.Read"]).is_ok());
///
/// let error = server.validate("junk").await.unwrap_err();
/// assert_eq!(error.code(), Code::TokenInvalid);
/// let response = server.refuse(&error);
/// assert_eq!(response.status(), 401);
/// assert!(response.body().contains("mailto:api@contoso.com"));
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct ResourceServer(pub(super) Arc<Parts>);

/// In one place, because axum clones its state for each request.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) validator: Validator,
    #[cfg(feature = "token-cache")]
    cache: Option<Arc<TokenCache>>,
    keys: Arc<dyn KeySource>,
    settings: Arc<ResponseSettings>,
    clock: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    /// Of other authorities.
    pub(super) others: Vec<ResourceServer>,
}

impl ResourceServer {
    /// Keys are fetched when the first token needs them, so the identity provider need not be up yet.
    #[cfg(feature = "remote-keys")]
    #[must_use]
    pub fn new(validator: Validator) -> Self {
        let keys = RemoteKeySet::new(validator.authority().clone());
        Self::of(validator, Arc::new(keys))
    }

    /// As [`new`](Self::new), with another [`KeySource`]: a [`RemoteKeySet`](crate::RemoteKeySet) with settings of its own
    /// or shared with others, an `Arc<KeySet>` that never changes, or one of your own.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use entra_validator::{Authority, KeySet, ResourceServer, Validator};
    ///
    /// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// let validator = Validator::new(authority, "6e74172b-be56-4843-9ff4-e66a39bb12e3");
    /// let keys = KeySet::from_jwks(br#"{"keys": [{"kid": "a", "kty": "RSA"}]}"#)?;
    /// let server = ResourceServer::with_keys(validator, Arc::new(keys))?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`AuthorityError`] if the keys are of another authority than the validator's.
    pub fn with_keys(validator: Validator, keys: impl KeySource) -> Result<Self, AuthorityError> {
        let ours = validator.authority();
        match keys.authority().filter(|theirs| !ours.has_keys_of(theirs)) {
            Some(theirs) => Err(AuthorityError(format!(
                "the keys are those of {}, but the validator's authority is {}",
                theirs.discovery_url(),
                ours.discovery_url()
            ))),
            None => Ok(Self::of(validator, Arc::new(keys))),
        }
    }

    fn of(validator: Validator, keys: Arc<dyn KeySource>) -> Self {
        Self(Arc::new(Parts {
            validator,
            #[cfg(feature = "token-cache")]
            cache: None,
            keys,
            settings: Arc::default(),
            clock: Arc::new(SystemTime::now),
            others: Vec::new(),
        }))
    }

    pub(super) fn parts_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }

    /// As [`new`](Self::new), but fetches the keys at once, to fail at start rather than at the first request.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if they are unavailable.
    #[cfg(feature = "remote-keys")]
    pub async fn discover(validator: Validator) -> Result<Self, KeySetError> {
        let keys = RemoteKeySet::new(validator.authority().clone());
        keys.get().await?;
        Ok(Self::of(validator, Arc::new(keys)))
    }

    /// Where the people who use the API can ask for help, a web or `mailto:` URL: the member `contact` of problems.
    #[must_use]
    pub fn contact(mut self, contact: impl Into<Arc<str>>) -> Self {
        Arc::make_mut(&mut self.parts_mut().settings).contact = Some(contact.into());
        self
    }

    /// Where the API's [`ResourceMetadata`](crate::ResourceMetadata) is served: challenges name the URL, so that a client
    /// learns where to get a token ([RFC 9728 §5.1](https://www.rfc-editor.org/rfc/rfc9728#section-5.1)).
    #[must_use]
    pub fn resource_metadata(mut self, url: &Uri) -> Self {
        Arc::make_mut(&mut self.parts_mut().settings).resource_metadata = Some(url.to_string().into());
        self
    }

    /// Caches up to `capacity` verified tokens (rounded up to an even number).
    /// [`CachingValidator`](crate::CachingValidator) explains what a hit skips and why that is safe.
    #[cfg(feature = "token-cache")]
    #[must_use]
    pub fn cache_tokens(mut self, capacity: std::num::NonZeroUsize) -> Self {
        self.parts_mut().cache = Some(Arc::new(TokenCache::new(capacity)));
        self
    }

    /// Judges the times in tokens by this clock instead of the system's: for tests. The age of keys is measured by
    /// another, [`RemoteKeySetBuilder::clock`](crate::RemoteKeySetBuilder::clock).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")] async fn main() {
    /// use std::time::Duration;
    /// use entra_mock_idp::MockIdp;
    /// use entra_validator::{Authority, ResourceServer, Validator};
    ///
    /// let idp = MockIdp::start().await;
    /// let authority = Authority::from_url(&idp.authority()).unwrap();
    /// let validator = Validator::for_app(authority, idp.app("orders-api").client_id());
    /// let server = ResourceServer::new(validator).clock(idp.clock());
    /// let token = idp.token().user("alice").sign();
    /// assert!(server.validate(&token).await.is_ok());
    ///
    /// idp.clock().advance(Duration::from_secs(2 * 3600));
    /// assert_eq!(server.validate(&token).await.unwrap_err().code(), "auth_token_expired");
    /// # }
    /// ```
    #[must_use]
    pub fn clock<Kind>(mut self, clock: impl TimeSource<Kind>) -> Self {
        self.parts_mut().clock = Arc::new(move || clock.now());
        self
    }

    /// Judges the bearer token in a request's headers.
    ///
    /// # Errors
    ///
    /// [`AuthError`]; [`refuse`](Self::refuse) makes the response.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<VerifiedToken, AuthError> {
        let token = bearer_token(headers).map_err(|error| observe::refused(error.into()))?;
        self.validate(token).await
    }

    /// As [`authenticate`](Self::authenticate), for routes that are open to requests without any credentials: they get
    /// `None`. A bad token is still refused: whoever sends one wants to be known.
    ///
    /// # Errors
    ///
    /// [`AuthError`], but never because the header is missing.
    pub async fn authenticate_optional(
        &self,
        headers: &HeaderMap,
    ) -> Result<Option<VerifiedToken>, AuthError> {
        if headers.contains_key(AUTHORIZATION) {
            self.authenticate(headers).await.map(Some)
        } else {
            Ok(None)
        }
    }

    /// Judges a token that arrived some other way.
    ///
    /// # Errors
    ///
    /// [`AuthError`], but never [`AuthError::Credentials`].
    pub async fn validate(&self, token: &str) -> Result<VerifiedToken, AuthError> {
        let span = observe::Span::new();
        let judged = async { self.server_for(token)?.judge(token, &span).await };
        span.clone().around(async { judged.await.map_err(observe::refused) }).await
    }

    /// A token that no key could save causes no fetch: without keys, it is judged with an empty set first. Nor does one of
    /// another authority, once there are keys to judge it with.
    async fn judge(&self, token: &str, span: &observe::Span) -> Result<VerifiedToken, AuthError> {
        static NONE: LazyLock<Arc<KeySet>> = LazyLock::new(Arc::default);
        let now = (self.0.clock)();
        let cached = self.0.keys.cached();
        let cold = cached.is_none();
        let mut keys = cached.unwrap_or_else(|| Arc::clone(&NONE));
        let signed = match self.read(token, &keys) {
            Err(Rejection::KeyUnknown { kid }) if cold || self.may_have_issued(token) => {
                keys = self.0.keys.get_for_unknown_kid(&kid).await?;
                self.read(token, &keys)?
            }
            read => read?,
        };
        observe::verified(span, &signed);
        let token = self.0.validator.admit(signed, &keys, now)?;
        Ok(token.accepted_by(Arc::clone(&self.0.settings)))
    }

    fn read(&self, token: &str, keys: &Arc<KeySet>) -> Result<Arc<Signed>, Rejection> {
        #[cfg(feature = "token-cache")]
        if let Some(cache) = &self.0.cache {
            return cache.read(&self.0.validator, token, keys);
        }
        self.0.validator.read(token, keys).map(Arc::new)
    }

    /// The response to a refused request, with the contact and the URL of the resource metadata.
    #[must_use]
    pub fn refuse(&self, error: &AuthError) -> Response<String> {
        observe::answered(error);
        let ResponseSettings { contact, resource_metadata } = &*self.0.settings;
        error.response_with(contact.as_deref(), resource_metadata.as_deref())
    }

    /// As [`refuse`](Self::refuse), in the form that the request's client reads: gRPC's or that of every other.
    #[cfg(feature = "tower")]
    pub(crate) fn refuse_request(&self, headers: &HeaderMap, error: &AuthError) -> Response<String> {
        if !is_grpc(headers) {
            return self.refuse(error);
        }
        observe::answered(error);
        error.grpc_response()
    }

    /// Whether this server accepted the token, so that it need not be validated again.
    #[cfg(feature = "axum")]
    pub(crate) fn accepted(&self, token: &VerifiedToken) -> bool {
        let ours =
            |server: &Self| token.settings().is_some_and(|theirs| Arc::ptr_eq(theirs, &server.0.settings));
        ours(self) || self.0.others.iter().any(ours)
    }
}

/// Itself: a type of one's own that holds a server is told apart in a state that has several.
impl AsRef<Self> for ResourceServer {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl fmt::Debug for ResourceServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ResourceServer")
            .field("validator", &self.0.validator)
            .field("contact", &self.0.settings.contact)
            .finish_non_exhaustive()
    }
}
