//! HTTPS.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};

use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::local_ca::{Identity, leaf, other};

/// How long a client may take for the TLS handshake.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);

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

impl Tls {
    /// `host` is a further name that the certificate is good for.
    pub(crate) fn acceptor(&self, host: Option<&str>) -> io::Result<Acceptor> {
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
        Ok(Acceptor(Arc::new(config).into()))
    }
}

/// Accepts connections by HTTPS.
#[derive(Clone)]
pub(crate) struct Acceptor(TlsAcceptor);

impl Acceptor {
    /// `None` if the client does not complete the handshake in time.
    pub(crate) async fn accept(self, stream: TcpStream) -> Option<TlsStream<TcpStream>> {
        timeout(HANDSHAKE_PATIENCE, self.0.accept(stream)).await.ok()?.ok()
    }
}

fn own(cert: &Path, key: &Path) -> io::Result<Identity> {
    let unreadable = |path: &Path, error| other(format!("{}: {error}", path.display()));
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(cert, error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
    Ok((chain, key))
}
