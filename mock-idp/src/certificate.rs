//! A client's certificate: its thumbprints, and whether its key signed an assertion.

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime, pem::PemObject as _};
use webpki::{
    EndEntityCert, Error, KeyUsage,
    aws_lc_rs::{RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256_LEGACY_KEY},
};

/// An X.509 certificate of an app registration.
#[derive(Debug, Clone)]
pub(crate) struct Certificate(CertificateDer<'static>);

impl Certificate {
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).ok()?;
        EndEntityCert::try_from(&der).is_ok().then_some(Self(der))
    }

    /// The header's `x5t`: base64url of SHA-1 (RFC 7515 §4.1.7).
    pub(crate) fn x5t(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, &self.0))
    }

    /// The header's `x5t#S256`: base64url of SHA-256 (RFC 7515 §4.1.8).
    pub(crate) fn x5t_s256(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &self.0))
    }

    /// Whether it is valid at this time, in seconds since 1970; if not, what is wrong.
    pub(crate) fn check_time(&self, now: i64) -> Result<(), &'static str> {
        let certificate = EndEntityCert::try_from(&self.0).map_err(|_| "cannot be read")?;
        let now = UnixTime::since_unix_epoch(Duration::from_secs(now.try_into().unwrap_or_default()));
        // Without a trust anchor the path fails in any case, but the times are looked at first.
        let result = certificate.verify_for_usage(&[], &[], &[], now, KeyUsage::client_auth(), None, None);
        match result.err() {
            Some(Error::CertExpired { .. }) => Err("has expired"),
            Some(Error::CertNotValidYet { .. }) => Err("is not yet valid"),
            _ => Ok(()),
        }
    }

    /// Whether its key made this signature. Entra accepts two algorithms
    /// ([certificate credentials](https://learn.microsoft.com/entra/identity-platform/certificate-credentials)).
    pub(crate) fn verifies(&self, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        let algorithm: &dyn SignatureVerificationAlgorithm = match algorithm {
            "RS256" => RSA_PKCS1_2048_8192_SHA256,
            "PS256" => RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            _ => return false,
        };
        let certificate = EndEntityCert::try_from(&self.0);
        certificate
            .is_ok_and(|certificate| certificate.verify_signature(algorithm, message, signature).is_ok())
    }
}
