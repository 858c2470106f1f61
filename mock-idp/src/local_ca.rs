//! A local certificate authority, made once and kept, by however many processes at once.

use std::{
    fs,
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PublicKeyData as _,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use webpki::EndEntityCert;

use crate::random;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// How long a CA is valid. Whoever trusts it should not have to do it again.
const CA_LIFETIME: Duration = DAY.saturating_mul(3650);
/// How long a server's certificate is valid: Apple's clients refuse more than 398 days. Each start makes a new one.
const LEAF_LIFETIME: Duration = DAY.saturating_mul(397);

/// A certificate chain and its key.
pub(crate) type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// The path of the local CA's certificate, which clients must trust. Makes the CA if there is none yet.
///
/// # Errors
///
/// If the directory cannot be created, read or written, or what is in it is no CA: the message says what to delete.
pub fn local_ca(state_dir: &Path) -> io::Result<PathBuf> {
    ensured(state_dir).map(|_| certificate_in(state_dir))
}

fn certificate_in(state_dir: &Path) -> PathBuf {
    state_dir.join("ca.pem")
}

/// A CA whose certificate fits its key.
pub(crate) struct Ca {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

/// A CA that is kept nowhere.
pub(crate) fn ephemeral() -> io::Result<Ca> {
    let key = KeyPair::generate().map_err(other)?;
    let certificate = parameters().self_signed(&key).map_err(other)?.der().clone();
    Ok(Ca { certificate, key })
}

/// Reads the CA, or makes it. The key is made first, and the certificate is of whatever key is there: of several processes
/// that start at once, all end with the files of whichever came first, and one that died in between does no harm.
pub(crate) fn ensured(state_dir: &Path) -> io::Result<Ca> {
    let (path, key_path) = (certificate_in(state_dir), state_dir.join("ca-key.pem"));
    fs::create_dir_all(state_dir)?;
    if !key_path.exists() && !path.exists() {
        publish(&key_path, &KeyPair::generate().map_err(other)?.serialize_pem(), 0o600)?;
    }
    let unusable = |what: String| {
        let (ca, key) = (path.display(), key_path.display());
        other(format!("{what}: delete {ca} and {key}, start again, and let clients trust the new CA"))
    };
    let text = fs::read_to_string(&key_path)
        .map_err(|error| unusable(format!("cannot read the CA's key: {error}")))?;
    let key =
        KeyPair::from_pem(&text).map_err(|error| unusable(format!("the CA's key is invalid: {error}")))?;
    make_private(&key_path)?;
    if !path.exists() {
        publish(&path, &parameters().self_signed(&key).map_err(other)?.pem(), 0o644)?;
    }
    let certificate = CertificateDer::from_pem_file(&path)
        .map_err(|error| unusable(format!("the CA's certificate is invalid: {error}")))?;
    let public = EndEntityCert::try_from(&certificate).map(|read| read.subject_public_key_info());
    if public.is_ok_and(|public| public.as_ref() == key.subject_public_key_info()) {
        return Ok(Ca { certificate, key });
    }
    Err(unusable("the CA's certificate is of another key than the CA's key".to_owned()))
}

fn parameters() -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "mock-idp local CA (TEST ONLY)");
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for(parameters, CA_LIFETIME)
}

/// From a day ago, in case another machine's clock is behind.
fn valid_for(mut parameters: CertificateParams, lifetime: Duration) -> CertificateParams {
    let now = SystemTime::now();
    parameters.not_before = (now - DAY).into();
    parameters.not_after = (now - DAY + lifetime).into();
    parameters
}

/// Puts a file there whole, with this mode, unless another process was faster.
fn publish(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let temporary = path.with_extension(format!("{}.tmp", random::guid()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = options.open(&temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        match fs::hard_link(&temporary, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            // Not every file system has links.
            Err(_) => fs::copy(&temporary, path).map(|_| ()),
            Ok(()) => Ok(()),
        }
    });
    _ = fs::remove_file(&temporary);
    written
}

/// No other user of the machine may sign as this CA.
#[cfg(unix)]
fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let others = fs::metadata(path)?.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    tracing::warn!("other users could read {}: its mode is 600 now", path.display());
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn make_private(_: &Path) -> io::Result<()> {
    Ok(())
}

impl Ca {
    /// Its certificate.
    pub(crate) fn pem(&self) -> String {
        const LINE: usize = 64;
        let text = STANDARD.encode(&self.certificate);
        let lines: Vec<&str> =
            text.as_bytes().chunks(LINE).map(|line| std::str::from_utf8(line).unwrap_or_default()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// A new certificate of the CA for this machine, with its key. `host` is a further name that it is good for.
    pub(crate) fn leaf(self, host: Option<&str>) -> io::Result<Identity> {
        let issuer = Issuer::new(parameters(), self.key);
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
        names.extend(host.map(str::to_owned).filter(|host| !names.contains(host)));
        let pair = KeyPair::generate().map_err(other)?;
        let mut parameters = valid_for(CertificateParams::new(names).map_err(other)?, LEAF_LIFETIME);
        parameters.distinguished_name.push(DnType::CommonName, "mock-idp (TEST ONLY)");
        parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        parameters.use_authority_key_identifier_extension = true;
        let certificate = parameters.signed_by(&pair, &issuer).map_err(other)?;
        let key = PrivateKeyDer::try_from(pair.serialize_der()).map_err(other)?;
        Ok((vec![certificate.der().clone(), self.certificate], key))
    }
}

pub(crate) fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::other(error)
}
