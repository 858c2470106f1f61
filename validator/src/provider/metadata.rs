//! The discovery document
//! ([OpenID Connect Discovery §3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)).

use crate::{
    Authority, KeySet, KeySetError,
    authority::Origin,
    jose::{Object, Value},
};

/// The largest discovery document that is read, in bytes. Entra's own have about 2 KiB.
pub(crate) const MAX_METADATA_BYTES: usize = 64 * 1024;
/// The largest number of JSON values in a discovery document. Entra's own have about 60.
const MAX_METADATA_VALUES: usize = 1_024;

/// What is used of an identity provider's discovery document
/// ([OpenID Connect Discovery §3](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata)).
///
/// [`RemoteKeySet`](crate::RemoteKeySet) fetches and reads it by itself. This is for services that fetch documents
/// themselves.
///
/// ```
/// use entra_validator::{Authority, ProviderMetadata};
///
/// let tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";
/// let authority = Authority::tenant(tenant)?;
/// let document = format!(
///     r#"{{
///         "issuer": "https://login.microsoftonline.com/{tenant}/v2.0",
///         "jwks_uri": "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys"
///     }}"#
/// );
/// let metadata = ProviderMetadata::parse(document.as_bytes(), &authority)?;
/// assert!(metadata.jwks_uri().ends_with("/discovery/v2.0/keys"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderMetadata {
    issuer: String,
    jwks_uri: String,
    cloud_instance_name: Option<String>,
}

impl ProviderMetadata {
    /// Reads a discovery document and checks that it is this authority's. No I/O.
    ///
    /// # Errors
    ///
    /// [`KeySetError::Discovery`] if the document is longer than 64 KiB, is not a JSON object with the strings `issuer`
    /// and `jwks_uri`, names an issuer other than the authority's, or a URL that keys are not fetched from.
    pub fn parse(document: &[u8], authority: &Authority) -> Result<Self, KeySetError> {
        let url = authority.discovery_url();
        Self::read(document, authority)
            .map_err(|reason| KeySetError::Discovery { reason: format!("{url}: {reason}") })
    }

    fn read(document: &[u8], authority: &Authority) -> Result<Self, String> {
        if document.len() > MAX_METADATA_BYTES {
            return Err(format!("the document is longer than {MAX_METADATA_BYTES} bytes"));
        }
        let members = Object::parse(document, MAX_METADATA_VALUES)
            .map_err(|reason| format!("the document is {reason}"))?;
        let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
        let required = |name: &str| text(name).ok_or_else(|| format!("the document has no string `{name}`"));
        let metadata = Self {
            issuer: required("issuer")?,
            jwks_uri: required("jwks_uri")?,
            cloud_instance_name: text("cloud_instance_name"),
        };
        authority.check_metadata_issuer(&metadata.issuer)?;
        check_jwks_uri(authority, &metadata.jwks_uri)?;
        Ok(metadata)
    }

    /// The identity provider is still the same: an issuer does not change.
    #[cfg(feature = "remote-keys")]
    pub(crate) fn check_issuer_is_still(
        &self,
        known: &str,
        authority: &Authority,
    ) -> Result<(), KeySetError> {
        if self.issuer == known {
            return Ok(());
        }
        let url = authority.discovery_url();
        let reason = format!("{url}: its issuer has changed to {:?}", self.issuer);
        Err(KeySetError::Discovery { reason })
    }

    /// The issuer of the tokens; a template (`{tenantid}`) where many tenants are served.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The URL of the key set.
    #[must_use]
    pub fn jwks_uri(&self) -> &str {
        &self.jwks_uri
    }
}

impl KeySet {
    /// Adds what the metadata says of the issuer: [`with_issuer`](Self::with_issuer), and
    /// [`with_cloud_instance_name`](Self::with_cloud_instance_name) if it names one.
    ///
    /// ```
    /// # use entra_validator::{Authority, KeySet, ProviderMetadata};
    /// # let authority = Authority::from_discovery_url("https://issuer.example/x")?;
    /// # let document = br#"{"issuer": "https://issuer.example", "jwks_uri": "https://issuer.example/keys"}"#;
    /// let metadata = ProviderMetadata::parse(document, &authority)?;
    /// let keys = KeySet::from_jwks(br#"{"keys": [{"kid": "a", "kty": "RSA"}]}"#)?.with_metadata(&metadata);
    /// assert_eq!(keys.issuer(), Some("https://issuer.example"));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_metadata(self, metadata: &ProviderMetadata) -> Self {
        let keys = self.with_issuer(&metadata.issuer);
        match &metadata.cloud_instance_name {
            Some(name) => keys.with_cloud_instance_name(name),
            None => keys,
        }
    }
}

/// Keys come from the origin of the metadata. Only an identity provider of which nothing is known ahead may keep them on
/// another host, over TLS.
fn check_jwks_uri(authority: &Authority, jwks_uri: &str) -> Result<(), String> {
    let keys = Origin::of(jwks_uri).ok_or_else(|| format!("{jwks_uri:?} is not an http or https URL"))?;
    let metadata = Origin::of(authority.discovery_url());
    let allowed = if authority.keeps_keys_beside_metadata() {
        metadata.is_some_and(|metadata| metadata == keys)
    } else {
        keys.is_tls() || (keys.is_loopback() && metadata.is_some_and(|metadata| !metadata.is_tls()))
    };
    if allowed { Ok(()) } else { Err(format!("keys are not fetched from {jwks_uri:?}")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUID: &str = "aaaaaaaa-0000-4000-8000-000000000001";

    fn entra() -> Authority {
        Authority::tenant(GUID).unwrap()
    }

    fn honest() -> String {
        let base = "https://login.microsoftonline.com";
        format!(r#"{{"issuer":"{base}/{GUID}/v2.0","jwks_uri":"{base}/{GUID}/discovery/v2.0/keys"}}"#)
    }

    fn reason(document: &str) -> String {
        ProviderMetadata::parse(document.as_bytes(), &entra()).unwrap_err().to_string()
    }

    #[test]
    fn a_document_must_have_an_issuer_and_a_url_of_the_keys() {
        assert!(ProviderMetadata::parse(honest().as_bytes(), &entra()).is_ok());
        assert!(reason("<html>").contains("not JSON"));
        assert!(reason("[]").contains("not a JSON object"));
        assert!(reason(&honest().replace("issuer", "issued")).contains("`issuer`"));
        assert!(reason(&honest().replace("jwks_uri", "jwks")).contains("`jwks_uri`"));
        assert!(reason(&honest().replace("/v2.0\"", "/v1.0\"")).contains("its issuer is"));
        assert!(reason(&honest().replace('}', r#","issuer":"x"}"#)).contains("duplicate member"));
    }

    #[test]
    fn a_document_of_the_longest_size_is_read_and_one_byte_more_is_not() {
        let padded = |length: usize| honest() + &" ".repeat(length - honest().len());
        assert!(ProviderMetadata::parse(padded(MAX_METADATA_BYTES).as_bytes(), &entra()).is_ok());
        assert!(reason(&padded(MAX_METADATA_BYTES + 1)).contains("longer than 65536 bytes"));
    }

    #[test]
    fn a_key_set_learns_the_issuer_and_the_cloud_if_there_is_one() {
        let with_cloud = honest().replace('}', r#","cloud_instance_name":"microsoftonline.com"}"#);
        for (document, cloud) in [(honest(), None), (with_cloud, Some("microsoftonline.com"))] {
            let metadata = ProviderMetadata::parse(document.as_bytes(), &entra()).unwrap();
            let keys = KeySet::empty().with_metadata(&metadata);
            assert_eq!((keys.issuer(), keys.cloud_instance_name()), (Some(metadata.issuer()), cloud));
        }
    }

    #[cfg(feature = "remote-keys")]
    #[test]
    fn an_issuer_that_has_changed_is_noticed() {
        let metadata = ProviderMetadata::parse(honest().as_bytes(), &entra()).unwrap();
        assert_eq!(metadata.check_issuer_is_still(metadata.issuer(), &entra()), Ok(()));
        let error = metadata.check_issuer_is_still("https://issuer.example", &entra()).unwrap_err();
        assert!(error.to_string().contains("has changed"), "{error}");
    }

    #[test]
    fn an_entra_authoritys_keys_come_from_its_own_origin() {
        assert_eq!(check_jwks_uri(&entra(), "https://login.microsoftonline.com/x/keys"), Ok(()));
        for other in [
            "https://evil.example/keys",
            "http://login.microsoftonline.com/keys",
            "https://login.microsoftonline.com:444/keys",
            "keys",
        ] {
            assert!(check_jwks_uri(&entra(), other).is_err(), "{other}");
        }
    }

    #[test]
    fn another_providers_keys_come_over_tls_or_from_loopback_to_loopback() {
        let secure = Authority::from_discovery_url("https://issuer.example/x").unwrap();
        let local = Authority::from_discovery_url("http://127.0.0.1:8400/x").unwrap();
        let allowed = |authority: &Authority, jwks_uri: &str| check_jwks_uri(authority, jwks_uri).is_ok();
        assert!(allowed(&secure, "https://keys.example/jwks"));
        assert!(!allowed(&secure, "http://127.0.0.1:8400/jwks"));
        assert!(!allowed(&secure, "http://keys.example/jwks"));
        assert!(!allowed(&secure, "file:///etc/passwd"));
        assert!(allowed(&local, "http://127.0.0.1:8400/jwks"));
        assert!(allowed(&local, "http://localhost:1/jwks"));
        assert!(allowed(&local, "https://keys.example/jwks"));
        assert!(!allowed(&local, "http://keys.example/jwks"));
        assert!(!allowed(&local, "ftp://127.0.0.1/jwks"));
    }
}
