//! The one builder of tokens: honest claims, then bent.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::directory::Directory;

use super::{
    bare::Claims,
    edits::{Edit, Edits},
    key::SigningKey,
    kind::{TokenKind, TokenVersion},
    signed::{Draft, Signature, SignedToken},
    spec::Spec,
    subject::{ForgeError, Subject},
};

/// Builds a token as Entra would issue it, then bends it.
///
/// The default is an app-only token of the directory's first daemon, for the directory's first API, with every app role
/// that is assigned. With a [`user`](Self::user) it is delegated, through the first public client, with every scope that
/// was consented to.
///
/// The setters from [`tenant`](Self::tenant) to [`session`](Self::session) decide the honest claims, and their names are
/// looked up by [`sign`](Self::sign) and [`try_sign`](Self::try_sign). On a builder that was made
/// [from claims](Self::from_claims) they change those claims at once, and the five that need a directory panic. The setters
/// from [`claim`](Self::claim) on change the honest token, in the order of the calls, and check only that what is to be left
/// out was there.
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
    edits: Edits,
}

/// Where the honest claims come from.
#[derive(Debug, Clone)]
enum Base {
    Directory { directory: Arc<Directory>, spec: Box<Spec>, issuer_base: String, now: i64 },
    Claims { claims: Claims, now: i64 },
}

impl TokenBuilder {
    /// Starts from a directory. `issuer_base` is the identity provider's URL without a path, `now` the time in seconds
    /// since 1970.
    #[must_use]
    pub fn new(directory: Arc<Directory>, key: Arc<SigningKey>, issuer_base: &str, now: i64) -> Self {
        let issuer_base = issuer_base.trim_end_matches('/').to_owned();
        let base = Base::Directory { directory, spec: Box::default(), issuer_base, now };
        Self { base, key, edits: Edits::default() }
    }

    /// Starts from these claims, whatever they are. `now` is the time in seconds since 1970.
    ///
    /// ```
    /// # use entra_mock_idp::{SigningKey, TokenBuilder};
    /// let claims = serde_json::json!({"aud": "my-api", "exp": 1_767_229_200, "nbf": 1_767_225_600, "scp": "Orders.Read"});
    /// let claims = claims.as_object().unwrap().clone();
    /// let builder = TokenBuilder::from_claims(claims, SigningKey::published(0), 1_767_225_600);
    /// let expired = builder.clone().audience("another").expires_in(-60).try_sign()?;
    /// assert_eq!((&expired.claims["aud"], &expired.claims["exp"]), (&"another".into(), &1_767_225_540.into()));
    /// # Ok::<_, entra_mock_idp::ForgeError>(())
    /// ```
    #[must_use]
    pub fn from_claims(claims: Map<String, Value>, key: Arc<SigningKey>, now: i64) -> Self {
        Self { base: Base::Claims { claims: Claims(claims), now }, key, edits: Edits::default() }
    }

    /// Changes what is asked of the directory, or the claims that this means.
    fn ask(mut self, spec: impl FnOnce(&mut Spec), claims: impl FnOnce(&mut Claims, i64)) -> Self {
        match &mut self.base {
            Base::Directory { spec: asked, .. } => spec(asked),
            Base::Claims { claims: members, now } => claims(members, *now),
        }
        self
    }

    /// Changes what is asked of the directory.
    ///
    /// # Panics
    ///
    /// If there is none. `instead` has the same effect then.
    #[track_caller]
    fn ask_directory(self, setter: &str, instead: &str, change: impl FnOnce(&mut Spec)) -> Self {
        let Base::Directory { .. } = self.base else {
            panic!("{setter}() has no effect on a token that is made from claims: use {instead}");
        };
        self.ask(change, |_, _| {})
    }

    fn edit(mut self, edit: Edit) -> Self {
        self.edits.members.push(edit);
        self
    }

    /// Sets the tenant by name, GUID or domain. Default: the user's, or the client's. Panics on a builder from claims.
    #[must_use]
    #[track_caller]
    pub fn tenant<S: Into<String>>(self, tenant: S) -> Self {
        self.ask_directory("tenant", r#"claim("tid", ..) and claim("iss", ..)"#, |spec| {
            spec.tenant = Some(tenant.into());
        })
    }

    /// Sets the client that asks for the token, by name or client id.
    #[must_use]
    pub fn client<S: Into<String>>(self, client: S) -> Self {
        let client = client.into();
        self.ask(|spec| spec.client = Some(client.clone()), |claims, _| claims.client(&client))
    }

    /// Makes a delegated token for this user, by name, user principal name, mail address or object id. Panics on a builder
    /// from claims.
    #[must_use]
    #[track_caller]
    pub fn user<S: Into<String>>(self, user: S) -> Self {
        self.ask_directory("user", r#"claim("oid", ..) and claim("sub", ..)"#, |spec| {
            spec.user = Some(user.into());
        })
    }

    /// Makes an app-only token. Panics on a builder from claims.
    #[must_use]
    #[track_caller]
    pub fn app_only(self) -> Self {
        self.ask_directory("app_only", "the claims of such a token", |spec| spec.user = None)
    }

    /// Sets the API by identifier URI or client id. `aud` becomes what the API's registration asks for, or this text
    /// itself if the directory does not have such an API.
    #[must_use]
    pub fn audience<S: Into<String>>(self, audience: S) -> Self {
        let audience = audience.into();
        self.ask(
            |spec| spec.audience = Some(audience.clone()),
            |claims, _| claims.set("aud", audience.clone()),
        )
    }

    /// Sets the delegated scopes (`scp`), granted or not. An app-only token has none.
    #[must_use]
    pub fn scopes<S: Into<String>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        let scopes: Vec<String> = scopes.into_iter().map(Into::into).collect();
        self.ask(|spec| spec.scopes = Some(scopes.clone()), |claims, _| claims.scopes(&scopes))
    }

    /// Sets the app roles (`roles`), assigned or not.
    #[must_use]
    pub fn roles<S: Into<String>>(self, roles: impl IntoIterator<Item = S>) -> Self {
        let roles: Vec<String> = roles.into_iter().map(Into::into).collect();
        self.ask(|spec| spec.roles = Some(roles.clone()), |claims, _| claims.roles(&roles))
    }

    /// Sets the version, whatever the API's registration asks for. Panics on a builder from claims.
    #[must_use]
    #[track_caller]
    pub fn version(self, version: TokenVersion) -> Self {
        self.ask_directory("version", "the claims of such a token", |spec| spec.version = Some(version))
    }

    /// Makes an ID token: for the client itself, about the user. Default user: `alice`. Panics on a builder from claims.
    #[must_use]
    #[track_caller]
    pub fn id_token(self) -> Self {
        self.ask_directory("id_token", "the claims of such a token", |spec| spec.kind = TokenKind::Id)
    }

    /// Sets `exp` to this many seconds from now. A negative number makes an expired token, issued a whole lifetime (60 to
    /// 90 minutes) before its end. Default: 60 to 90 minutes, or the API's `token_lifetime`.
    #[must_use]
    pub fn expires_in(self, seconds: i64) -> Self {
        self.ask(
            |spec| spec.expires_in = Some(seconds),
            |claims, now| claims.expires(now.saturating_add(seconds)),
        )
    }

    /// Sets `iat` and `nbf`, in seconds since 1970. Default: five minutes ago, as Entra does.
    #[must_use]
    pub fn issued_at(self, seconds: i64) -> Self {
        self.ask(|spec| spec.issued_at = Some(seconds), |claims, _| claims.issued(seconds))
    }

    /// Sets the `nonce` of an ID token. Default: none.
    #[must_use]
    pub fn nonce<S: Into<String>>(self, nonce: S) -> Self {
        let nonce = nonce.into();
        self.ask(|spec| spec.nonce = Some(nonce.clone()), |claims, _| claims.set("nonce", nonce.clone()))
    }

    /// Sets the session id (`sid`) of an ID token.
    #[must_use]
    pub fn session<S: Into<String>>(self, session: S) -> Self {
        let session = session.into();
        self.ask(|spec| spec.session = Some(session.clone()), |claims, _| claims.set("sid", session.clone()))
    }

    /// Sets or replaces a claim. `null` is a value.
    #[must_use]
    pub fn claim(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.edit(Edit::SetClaim(name.into(), value.into()))
    }

    /// Leaves a claim out. That there is none of that name, because it is misspelt perhaps, is an error of
    /// [`try_sign`](Self::try_sign), and [`sign`](Self::sign) panics.
    #[must_use]
    pub fn without(self, name: impl Into<String>) -> Self {
        self.edit(Edit::RemoveClaim(name.into()))
    }

    /// Leaves a claim out, if there is one of that name.
    #[must_use]
    pub fn without_if_present(self, name: impl Into<String>) -> Self {
        self.edit(Edit::RemoveClaimIfPresent(name.into()))
    }

    /// Sets or replaces a member of the header.
    #[must_use]
    pub fn header(self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.edit(Edit::SetHeader(name.into(), value.into()))
    }

    /// Leaves a member of the header out; if there is none of that name, as [`without`](Self::without).
    #[must_use]
    pub fn without_header(self, name: impl Into<String>) -> Self {
        self.edit(Edit::RemoveHeader(name.into()))
    }

    /// Leaves a member of the header out, if there is one of that name.
    #[must_use]
    pub fn without_header_if_present(self, name: impl Into<String>) -> Self {
        self.edit(Edit::RemoveHeaderIfPresent(name.into()))
    }

    /// Signs with this key, which the header names unless [`header`](Self::header) replaces its `kid`.
    #[must_use]
    pub fn signed_by(mut self, key: Arc<SigningKey>) -> Self {
        self.key = key;
        self
    }

    /// Sets what the third part holds. Default: a valid signature.
    #[must_use]
    pub fn signature(mut self, signature: Signature) -> Self {
        self.edits.signature = signature;
        self
    }

    /// Replaces the header's JSON with these bytes, which are then signed.
    #[must_use]
    pub fn raw_header(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.edits.raw_header = Some(bytes.into());
        self
    }

    /// Replaces the payload's JSON with these bytes, which are then signed.
    #[must_use]
    pub fn raw_payload(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.edits.raw_payload = Some(bytes.into());
        self
    }

    /// Replaces the signature with these bytes.
    #[must_use]
    pub fn raw_signature(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.edits.raw_signature = Some(bytes.into());
        self
    }

    /// The token in compact form.
    ///
    /// # Panics
    ///
    /// If the directory does not have the tenant, client or user, or the token does not have what is to be left out: in a
    /// test, that is a mistake in the test. [`try_sign`](Self::try_sign) returns it as an error.
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
    /// [`ForgeError`] if the directory does not have the tenant, client or user, or the token does not have what is to be
    /// [left out](Self::without).
    pub fn try_sign(&self) -> Result<SignedToken, ForgeError> {
        let draft = match &self.base {
            Base::Claims { claims, .. } => Draft {
                version: TokenVersion::V2,
                kind: TokenKind::Access,
                claims: claims.0.clone(),
                nonce: None,
            },
            Base::Directory { directory, spec, issuer_base, now } => {
                Draft::honest(&Subject::named(directory, spec)?, spec, issuer_base, *now)
            }
        };
        self.edits.sign(draft, &self.key)
    }
}
