//! JWK Sets ([RFC 7517 §5](https://www.rfc-editor.org/rfc/rfc7517#section-5)) and the keys in them.

use std::{collections::HashMap, fmt, sync::Arc};

use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{KeySetError, Rejection};

use super::json::{Object, Value};

/// The largest key set that is read, in bytes. Entra's own have about 20 KiB.
pub(crate) const MAX_KEY_SET_BYTES: usize = 256 * 1024;
/// The largest number of keys in a set. Entra publishes about 10.
const MAX_KEYS: usize = 64;
/// The largest number of JSON values in a key set. Entra's own have about 100.
const MAX_KEY_SET_VALUES: usize = 4_096;
const KEY_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// 65537, the only public exponent accepted: with e = 1 anyone can sign, and small ones invite padding forgeries.
const EXPONENT: &[u8] = &[1, 0, 1];
/// Why none of several keys with one name is trusted.
const CONTRADICTION: &str = "two different keys share its kid";

/// The keys that an identity provider publishes, and what its metadata says about the issuer.
///
/// Keys that cannot verify an Entra token (another type or use, a weak size) stay in the set: a token that names one is
/// refused with [`Rejection::KeyUnsuitable`], and the other keys are not affected.
///
/// ```
/// use entra_validator::KeySet;
///
/// let error = KeySet::from_jwks(br#"{"keys": []}"#).unwrap_err();
/// assert_eq!(error.code(), "auth_jwks_error");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeySet {
    keys: HashMap<Arc<str>, VerificationKey>,
    issuer: Option<String>,
    cloud_instance_name: Option<String>,
}

/// One published key.
#[derive(Clone)]
pub(crate) struct VerificationKey {
    kid: Arc<str>,
    /// The parsed key, or why it cannot verify a token.
    key: Result<ParsedPublicKey, &'static str>,
    modulus: Vec<u8>,
    origin: KeyOrigin,
}

/// Which issuer and which cloud a published key may sign for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeyOrigin {
    pub(crate) issuer: Option<Arc<str>>,
    pub(crate) cloud_instance_name: Option<Arc<str>>,
}

impl KeySet {
    /// A set without keys: every well-formed token is refused with [`Rejection::KeyUnknown`].
    ///
    /// ```
    /// # use entra_validator::KeySet;
    /// assert!(KeySet::empty().is_empty());
    /// ```
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Reads a JWK Set as Entra publishes it.
    ///
    /// ```
    /// use entra_validator::KeySet;
    ///
    /// let document = br#"{"keys": [{"kid": "a", "kty": "EC"}, {"kty": "RSA"}]}"#;
    /// let keys = KeySet::from_jwks(document)?;
    /// // The EC key is kept, so that a token naming it is `KeyUnsuitable`; the key without a `kid` is dropped.
    /// assert_eq!(keys.key_ids().collect::<Vec<_>>(), ["a"]);
    /// # Ok::<_, entra_validator::KeySetError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`KeySetError::Jwks`] if the document is longer than 256 KiB, is not a JSON object with an array `keys`, or
    /// holds no key with a `kid` or more than 64 keys. A single unusable key is not an error.
    pub fn from_jwks(document: &[u8]) -> Result<Self, KeySetError> {
        let invalid = |reason: &str| KeySetError::Jwks { reason: reason.to_owned() };
        if document.len() > MAX_KEY_SET_BYTES {
            return Err(invalid("the key set is longer than 256 KiB"));
        }
        let members = Object::parse(document, MAX_KEY_SET_VALUES)
            .map_err(|reason| invalid(&format!("the key set is {reason}")))?;
        let entries = members
            .get("keys")
            .and_then(Value::as_array)
            .ok_or_else(|| invalid("the key set has no array `keys`"))?;
        if entries.len() > MAX_KEYS {
            return Err(invalid("the key set holds more than 64 keys"));
        }
        let mut set = Self::empty();
        for entry in entries {
            if let Value::Object(jwk) = entry
                && let Some(key) = VerificationKey::from_jwk(jwk)
            {
                set.insert(key);
            }
        }
        if set.is_empty() {
            return Err(invalid("the key set holds no key with a `kid`"));
        }
        Ok(set)
    }

    /// Adds the issuer that the metadata names, needed by an [`Authority`](crate::Authority) that was made from a
    /// discovery URL alone.
    ///
    /// ```
    /// # use entra_validator::KeySet;
    /// let keys = KeySet::empty().with_issuer("https://issuer.example.com");
    /// assert_eq!(keys.issuer(), Some("https://issuer.example.com"));
    /// ```
    #[must_use]
    pub fn with_issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }

    /// Adds the `cloud_instance_name` of the metadata. A key that names another cloud is then not trusted: the public
    /// key set holds keys of other clouds too.
    ///
    /// ```
    /// # use entra_validator::KeySet;
    /// let keys = KeySet::empty().with_cloud_instance_name("microsoftonline.com");
    /// # assert!(keys.is_empty());
    /// ```
    #[must_use]
    pub fn with_cloud_instance_name(mut self, name: impl Into<String>) -> Self {
        self.cloud_instance_name = Some(name.into());
        self
    }

    /// The issuer that the metadata names.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many different `kid`s the set holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The `kid`s in the set, in no particular order.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(AsRef::as_ref)
    }

    /// Whether a token can be verified with any of the keys.
    #[cfg(feature = "remote-keys")]
    pub(crate) fn has_suitable_key(&self) -> bool {
        self.keys.values().any(|key| key.key.is_ok())
    }

    pub(crate) fn cloud_instance_name(&self) -> Option<&str> {
        self.cloud_instance_name.as_deref()
    }

    /// By `kid` alone, byte for byte. Trying every key instead, as some libraries do, lets the key of one issuer sign for
    /// another.
    pub(crate) fn find(&self, kid: Option<&str>) -> Result<&VerificationKey, Rejection> {
        let kid = kid.filter(|kid| !kid.is_empty()).ok_or(Rejection::KidMissing)?;
        self.keys.get(kid).ok_or_else(|| Rejection::KeyUnknown { kid: kid.to_owned() })
    }

    /// Of two keys with one `kid`, the one that suits stays (RFC 7517 §4.5 lets them differ in type or use); two
    /// different ones that suit are a contradiction, and neither is trusted, nor a third. The order decides nothing.
    fn insert(&mut self, new: VerificationKey) {
        match self.keys.get_mut(&new.kid) {
            None => {
                self.keys.insert(Arc::clone(&new.kid), new);
            }
            Some(old) => match (&old.key, &new.key) {
                (Err(reason), Ok(_)) if *reason != CONTRADICTION => *old = new,
                (Ok(_), Ok(_)) if old.modulus != new.modulus || old.origin != new.origin => {
                    old.key = Err(CONTRADICTION);
                }
                _ => {}
            },
        }
    }
}

impl VerificationKey {
    /// `None` for a key without a usable `kid`: no token can name it.
    fn from_jwk(jwk: &Object<'_>) -> Option<Self> {
        let text = |name| jwk.get(name).and_then(Value::as_str).map(str::to_owned);
        let kid = text("kid").filter(|kid| !kid.is_empty())?;
        let (key, modulus) = match parse_rsa(jwk) {
            Ok((key, modulus)) => (Ok(key), modulus),
            Err(reason) => (Err(reason), Vec::new()),
        };
        Some(Self {
            kid: kid.into(),
            key,
            modulus,
            origin: KeyOrigin {
                issuer: text("issuer").map(Into::into),
                cloud_instance_name: text("cloud_instance_name").map(Into::into),
            },
        })
    }

    pub(crate) fn kid(&self) -> &Arc<str> {
        &self.kid
    }

    pub(crate) fn origin(&self) -> &KeyOrigin {
        &self.origin
    }

    pub(crate) fn check_suits(&self) -> Result<(), Rejection> {
        match &self.key {
            Ok(_) => Ok(()),
            Err(reason) => Err(Rejection::KeyUnsuitable { kid: self.kid.as_ref().into(), reason }),
        }
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.as_ref().is_ok_and(|key| key.verify_sig(message, signature).is_ok())
    }
}

fn parse_rsa(jwk: &Object<'_>) -> Result<(ParsedPublicKey, Vec<u8>), &'static str> {
    let text = |name| jwk.get(name).and_then(Value::as_str);
    if text("kty") != Some("RSA") {
        return Err("not an RSA key");
    }
    if jwk.get("use").is_some() && text("use") != Some("sig") {
        return Err("not for signatures (use)");
    }
    if jwk.get("alg").is_some() && text("alg") != Some("RS256") {
        return Err("for another algorithm (alg)");
    }
    if let Some(operations) = jwk.get("key_ops") {
        let operations = operations.as_array().ok_or("key_ops is not an array")?;
        if !operations.iter().any(|operation| operation.as_str() == Some("verify")) {
            return Err("not for verifying (key_ops)");
        }
    }
    let integer = |name| {
        let bytes = text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        bytes.filter(|bytes| bytes.first().is_some_and(|&first| first != 0)).ok_or("malformed (n, e)")
    };
    let (n, e) = (integer("n")?, integer("e")?);
    if e != EXPONENT {
        return Err("its public exponent is not 65537");
    }
    let bits = n.len() * 8 - n[0].leading_zeros() as usize;
    if !KEY_BITS.contains(&bits) {
        return Err("its size is not between 2048 and 8192 bits");
    }
    if n[n.len() - 1] % 2 == 0 {
        return Err("its modulus is even");
    }
    let key = RsaPublicKeyComponents { n: &n, e: &e }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| "malformed (n, e)")?;
    Ok((key, n))
}

/// The modulus is the key: the exponent is always the same.
impl PartialEq for VerificationKey {
    fn eq(&self, other: &Self) -> bool {
        let unsuitable = |key: &Self| key.key.as_ref().err().copied();
        self.kid == other.kid
            && self.modulus == other.modulus
            && self.origin == other.origin
            && unsuitable(self) == unsuitable(other)
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerificationKey")
            .field("kid", &self.kid)
            .field("unsuitable", &self.key.as_ref().err())
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}
