//! Where a service's keys come from.

use std::{future::Future, pin::Pin, sync::Arc};

use crate::{Authority, KeySet, KeySetError};

/// Keys, or why they are unavailable, in a while. Made by `Box::pin(async move { .. })`.
pub type KeyFuture<'a> = Pin<Box<dyn Future<Output = Result<Arc<KeySet>, KeySetError>> + Send + 'a>>;

/// Where the keys of a [`ResourceServer`](crate::ResourceServer) come from: a [`RemoteKeySet`](crate::RemoteKeySet), an
/// `Arc<KeySet>` that never changes, or a source of your own.
///
/// ```
/// use std::sync::{Arc, RwLock};
/// use entra_validator::{KeyFuture, KeySet, KeySetError, KeySource};
///
/// /// Keys that another task receives, from a message bus for example.
/// struct Received(RwLock<Option<Arc<KeySet>>>);
///
/// impl KeySource for Received {
///     fn cached(&self) -> Option<Arc<KeySet>> {
///         self.0.read().ok()?.clone()
///     }
///
///     fn get_for_unknown_kid<'a>(&'a self, _kid: &'a str) -> KeyFuture<'a> {
///         let none = || KeySetError::Jwks { reason: "no keys were received yet".into() };
///         Box::pin(async move { self.cached().ok_or_else(none) })
///     }
/// }
/// ```
pub trait KeySource: Send + Sync + 'static {
    /// The keys that may serve now, if there are any. Called for each request, so it must not wait; the same keys should
    /// be the same `Arc`, by which a token cache knows them.
    fn cached(&self) -> Option<Arc<KeySet>>;

    /// The keys for a token whose `kid` is not among [`cached`](Self::cached), which may be new. Anyone can send such a
    /// token, so a source that asks someone limits how often. Keys without this `kid` say that there is no such key, and
    /// the token is refused with 401.
    ///
    /// # Errors
    ///
    /// [`KeySetError`] if that cannot be known, because the keys could not be fetched: the response is 503.
    fn get_for_unknown_kid<'a>(&'a self, kid: &'a str) -> KeyFuture<'a>;

    /// Whose keys these are, if it is known. A service does not start with the keys of an authority other than its
    /// validator's.
    fn authority(&self) -> Option<&Authority> {
        None
    }
}

/// Keys that never change: from a file, for a test, or where nothing may be fetched.
impl KeySource for Arc<KeySet> {
    fn cached(&self) -> Option<Arc<KeySet>> {
        Some(Self::clone(self))
    }

    fn get_for_unknown_kid<'a>(&'a self, _kid: &'a str) -> KeyFuture<'a> {
        Box::pin(std::future::ready(Ok(Self::clone(self))))
    }
}

/// A source that is shared with others.
impl<K: KeySource + ?Sized> KeySource for Arc<K> {
    fn cached(&self) -> Option<Arc<KeySet>> {
        (**self).cached()
    }

    fn get_for_unknown_kid<'a>(&'a self, kid: &'a str) -> KeyFuture<'a> {
        (**self).get_for_unknown_kid(kid)
    }

    fn authority(&self) -> Option<&Authority> {
        (**self).authority()
    }
}
