//! HTTPS by a local certificate authority, made once and kept.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

/// How HTTPS is served.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// With a certificate from the local CA kept in this directory.
    LocalCa(PathBuf),
    /// With your own certificate chain and key, PEM files.
    Own {
        /// The certificate chain.
        cert: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

/// The path of the local CA's certificate, which clients must trust. Makes the CA if there is none yet.
///
/// # Errors
///
/// If the directory cannot be created or written.
pub fn local_ca(state_dir: &Path) -> io::Result<PathBuf> {
    let (certificate, key) = (state_dir.join("ca.pem"), state_dir.join("ca-key.pem"));
    if certificate.exists() && key.exists() {
        return Ok(certificate);
    }
    fs::create_dir_all(state_dir)?;
    let pair = KeyPair::generate().map_err(other)?;
    let signed = ca_parameters().self_signed(&pair).map_err(other)?;
    write_private(&key, &pair.serialize_pem())?;
    fs::write(&certificate, signed.pem())?;
    Ok(certificate)
}

fn ca_parameters() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "mock-idp local CA (TEST ONLY)");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters
}

/// No other user of the machine may sign as this CA.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

impl Tls {
    /// `host` is a further name that the certificate is good for.
    pub(crate) fn config(&self, host: Option<&str>) -> io::Result<Arc<ServerConfig>> {
        let (chain, key) = match self {
            Self::LocalCa(state_dir) => leaf(state_dir, host)?,
            Self::Own { cert, key } => own(cert, key)?,
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(other)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn own(cert: &Path, key: &Path) -> io::Result<Identity> {
    let unreadable = |path: &Path, error| other(format!("{}: {error}", path.display()));
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(cert, error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
    Ok((chain, key))
}

fn leaf(state_dir: &Path, host: Option<&str>) -> io::Result<Identity> {
    let ca_path = local_ca(state_dir)?;
    let key_path = state_dir.join("ca-key.pem");
    let ca_key = KeyPair::from_pem(&fs::read_to_string(&key_path)?).map_err(|error| {
        let remedy = "delete ca.pem and ca-key.pem there to make a new CA";
        other(format!("{} is not a local CA's key: {error}; {remedy}", key_path.display()))
    })?;
    let ca = CertificateDer::from_pem_file(&ca_path)
        .map_err(|error| other(format!("{}: {error}", ca_path.display())))?;
    let issuer = Issuer::new(ca_parameters(), ca_key);
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(host.map(str::to_owned).filter(|host| !names.contains(host)));
    let pair = KeyPair::generate().map_err(other)?;
    let mut parameters = CertificateParams::new(names).map_err(other)?;
    parameters.distinguished_name.push(DnType::CommonName, "mock-idp (TEST ONLY)");
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.use_authority_key_identifier_extension = true;
    let certificate = parameters.signed_by(&pair, &issuer).map_err(other)?;
    let key = PrivateKeyDer::try_from(pair.serialize_der()).map_err(other)?;
    Ok((vec![certificate.der().clone(), ca], key))
}

fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::other(error)
}
