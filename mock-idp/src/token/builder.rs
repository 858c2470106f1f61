//! The one builder of tokens: honest claims, then bent.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::directory::Directory;

use super::{
    key::SigningKey,
    kind::{TokenKind, TokenVersion},
    signed::{Draft, Members, Signature, SignedToken, json, part},
    spec::Spec,
    subject::{ForgeError, Subject},
};

/// Builds a token as Entra would, then bends it as it is told.
///
/// Without a user the token is app-only, of the directory's first daemon; with one it is delegated, by way of the first
/// public client; for the first API, with everything that was granted. What is asked of it (`user`, `scopes`, ...)
/// decides the honest claims; `claim`, `without` and the like change those afterwards, in the order of the calls.
///
/// ```
/// use entra_mock_idp::{Directory, SigningKey, TokenBuilder};
///
/// let directory = Directory::builtin().into();
/// let builder = TokenBuilder::new(directory, SigningKey::published(0), "https://mock-idp.example", 1_767_225_600);
/// let token = builder.user("alice").scopes(["Orders.Read"]).claim("acct", 1).without("nbf").try_sign()?;
/// assert_eq!(token.claims["scp"], "Orders.Read");
/// assert_eq!(token.claims["acct"], 1);
/// assert!(!token.claims.contains_key("nbf"));
/// # Ok::<_, entra_mock_idp::ForgeError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TokenBuilder {
    base: Base,
    key: Arc<SigningKey>,
    edits: Vec<Edit>,
    signature: Signature,
    raw_header: Option<Vec<u8>>,
    raw_payload: Option<Vec<u8>>,
    raw_signature: Option<Vec<u8>>,
}

/// Where the honest claims come from.
#[derive(Debug, Clone)]
enum Base {
    Directory { directory: Arc<Directory>, spec: Box<Spec>, issuer_base: String, now: i64 },
    Draft(Draft),
}

#[derive(Debug, Clone)]
enum Edit {
    SetClaim(String, Value),
    RemoveClaim(String),
    SetHeader(String, Value),
    RemoveHeader(String),
}

impl TokenBuilder {
    /// Starts from a directory. `issuer_base` is the identity provider's address without a path, `now` the time in
    /// seconds since 1970.
    #[must_use]
    pub fn new(directory: Arc<Directory>, key: Arc<SigningKey>, issuer_base: &str, now: i64) -> Self {
        let issuer_base = issuer_base.trim_end_matches('/').to_owned();
        Self::from_base(Base::Directory { directory, spec: Box::default(), issuer_base, now }, key)
    }

    /// Starts from these claims, whatever they are; what is asked of a directory (`user`, `scopes`, ...) has no effect.
    #[must_use]
    pub fn from_claims(claims: Map<String, Value>, key: Arc<SigningKey>) -> Self {
        let (version, kind) = (TokenVersion::V2, TokenKind::Access);
        Self::from_base(Base::Draft(Draft { version, kind, claims }), key)
    }

    fn from_base(base: Base, key: Arc<SigningKey>) -> Self {
        Self {
            base,
            key,
            edits: Vec::new(),
            signature: Signature::Valid,
            raw_header: None,
            raw_payload: None,
            raw_signature: None,
        }
    }

    fn ask(mut self, change: impl FnOnce(&mut Spec)) -> Self {
        if let Base::Directory { spec, .. } = &mut self.base {
            change(spec);
        }
        self
    }

    fn edit(mut self, edit: Edit) -> Self {
        self.edits.push(edit);
        self
    }

    /// In this tenant (name, GUID or domain).
    #[must_use]
    pub fn tenant<S: Into<String>>(self, tenant: S) -> Self {
        self.ask(|spec| spec.tenant = Some(tenant.into()))
    }

    /// Asked for by this client (name or client id).
    #[must_use]
    pub fn client<S: Into<String>>(self, client: S) -> Self {
        self.ask(|spec| spec.client = Some(client.into()))
    }

    /// For this user (name, user principal name or object id): a delegated token.
    #[must_use]
    pub fn user<S: Into<String>>(self, user: S) -> Self {
        self.ask(|spec| spec.user = Some(user.into()))
    }

    /// For no user: an app-only token.
    #[must_use]
    pub fn app_only(self) -> Self {
        self.ask(|spec| spec.user = None)
    }

    /// For this API: identifier URI or client id, which become the `aud` that the API's registration asks for. What the
    /// directory does not know is taken as it is.
    #[must_use]
    pub fn audience<S: Into<String>>(self, audience: S) -> Self {
        self.ask(|spec| spec.audience = Some(audience.into()))
    }

    /// With these delegated scopes (`scp`), granted or not. In an app-only token they have no place.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.ask(|spec| spec.scopes = Some(scopes.into_iter().map(Into::into).collect()))
    }

    /// With these app roles (`roles`), assigned or not.
    #[must_use]
    pub fn roles<S: Into<String>>(self, roles: impl IntoIterator<Item = S>) -> Self {
        self.ask(|spec| spec.roles = Some(roles.into_iter().map(Into::into).collect()))
    }

    /// Of this version, whatever the API's registration says.
    #[must_use]
    pub fn version(self, version: TokenVersion) -> Self {
        self.ask(|spec| spec.version = Some(version))
    }

    /// An ID token: for the client itself, about the user (alice unless one is named).
    #[must_use]
    pub fn id_token(self) -> Self {
        self.ask(|spec| spec.kind = TokenKind::Id)
    }

    /// Ends in so many seconds; a negative number makes an expired token, which was issued an hour or more before its end.
    #[must_use]
    pub fn expires_in(self, seconds: i64) -> Self {
        self.ask(|spec| spec.expires_in = Some(seconds))
    }

    /// Issued at this time (`iat` and `nbf`, in seconds since 1970); five minutes ago if not told, as Entra does.
    #[must_use]
    pub fn issued_at(self, seconds: i64) -> Self {
        self.ask(|spec| spec.issued_at = Some(seconds))
    }

    /// The `nonce` of an ID token.
    #[must_use]
    pub fn nonce<S: Into<String>>(self, nonce: S) -> Self {
        self.ask(|spec| spec.nonce = Some(nonce.into()))
    }

    /// The session id (`sid`) of an ID token.
    #[must_use]
    pub fn session<S: Into<String>>(self, session: S) -> Self {
        self.ask(|spec| spec.session = Some(session.into()))
    }

    /// Sets a claim, or replaces it. `null` is a value.
    #[must_use]
    pub fn claim(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.edit(Edit::SetClaim(name.into(), value.into()))
    }

    /// Leaves a claim out.
    #[must_use]
    pub fn without(self, name: impl Into<String>) -> Self {
        self.edit(Edit::RemoveClaim(name.into()))
    }

    /// Sets a member of the header, or replaces it.
    #[must_use]
    pub fn header(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.edit(Edit::SetHeader(name.into(), value.into()))
    }

    /// Leaves a member of the header out.
    #[must_use]
    pub fn without_header(self, name: impl Into<String>) -> Self {
        self.edit(Edit::RemoveHeader(name.into()))
    }

    /// Signed by this key, which the header names unless [`header`](Self::header) says otherwise.
    #[must_use]
    pub fn signed_by(mut self, key: Arc<SigningKey>) -> Self {
        self.key = key;
        self
    }

    /// What stands in the third part.
    #[must_use]
    pub fn signature(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    /// Replaces the header's JSON by these bytes, which are then signed.
    #[must_use]
    pub fn raw_header(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw_header = Some(bytes.into());
        self
    }

    /// Replaces the payload's JSON by these bytes, which are then signed.
    #[must_use]
    pub fn raw_payload(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw_payload = Some(bytes.into());
        self
    }

    /// Replaces the signature by these bytes.
    #[must_use]
    pub fn raw_signature(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.raw_signature = Some(bytes.into());
        self
    }

    /// The token in compact form.
    ///
    /// # Panics
    ///
    /// If the directory does not know a tenant, client or user that was asked for: in a test, that is a mistake in the
    /// test. [`try_sign`](Self::try_sign) returns it as an error.
    #[must_use]
    #[track_caller]
    pub fn sign(&self) -> String {
        match self.try_sign() {
            Ok(token) => token.token,
            Err(error) => panic!("{error}"),
        }
    }

    /// The token and what it was made of.
    ///
    /// # Errors
    ///
    /// [`ForgeError`] if the directory does not know a tenant, client or user that was asked for.
    pub fn try_sign(&self) -> Result<SignedToken, ForgeError> {
        let key = match self.signature {
            Signature::UnknownKey => SigningKey::published(SigningKey::PUBLISHED - 1),
            _ => Arc::clone(&self.key),
        };
        let draft = self.draft()?;
        let (mut header, mut claims) = (draft.header(key.kid()), draft.claims);
        if self.signature == Signature::None {
            header.insert("alg".to_owned(), "none".into());
        }
        for edit in &self.edits {
            match edit.clone() {
                Edit::SetClaim(name, value) => claims.insert(name, value),
                Edit::RemoveClaim(name) => claims.remove(&name),
                Edit::SetHeader(name, value) => header.insert(name, value),
                Edit::RemoveHeader(name) => header.remove(&name),
            };
        }
        let encoded = |raw: &Option<Vec<u8>>, members: &Members| match raw {
            Some(bytes) => part(bytes),
            None => part(&json(members)),
        };
        let input = format!("{}.{}", encoded(&self.raw_header, &header), encoded(&self.raw_payload, &claims));
        let signature = self.signature_over(input.as_bytes(), &key);
        let token = format!("{input}.{}", part(&signature));
        Ok(SignedToken { token, header, claims, kid: key.kid().to_owned() })
    }

    fn draft(&self) -> Result<Draft, ForgeError> {
        match &self.base {
            Base::Draft(draft) => Ok(draft.clone()),
            Base::Directory { directory, spec, issuer_base, now } => {
                Ok(Draft::honest(&Subject::named(directory, spec)?, spec, issuer_base, *now))
            }
        }
    }

    fn signature_over(&self, input: &[u8], key: &SigningKey) -> Vec<u8> {
        match (&self.raw_signature, self.signature) {
            (Some(bytes), _) => bytes.clone(),
            (None, Signature::None | Signature::Empty) => Vec::new(),
            (None, Signature::Valid | Signature::UnknownKey) => key.sign(input),
            (None, Signature::Tampered) => {
                let mut signature = key.sign(input);
                signature[0] ^= 1;
                signature
            }
        }
    }
}
