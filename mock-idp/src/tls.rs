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

use crate::local_ca::{Ca, Identity, ensured, ephemeral, other};

/// How long a client may take for the TLS handshake.
const HANDSHAKE_PATIENCE: Duration = Duration::from_secs(10);

/// How HTTPS is served.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// With a certificate from a CA that lives as long as the mock: [`MockIdp::ca_pem`](crate::MockIdp::ca_pem).
    Ephemeral,
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
    /// With the certificate (PEM) of a CA of the mock's. `host` is a further name that the certificate is good for.
    pub(crate) fn acceptor(&self, host: Option<&str>) -> io::Result<(Acceptor, Option<String>)> {
        let ((chain, key), ca_pem) = match self {
            Self::Ephemeral => issued(ephemeral()?, host)?,
            Self::LocalCa(state_dir) => issued(ensured(state_dir)?, host)?,
            Self::Own { cert, key } => (own(cert, key)?, None),
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(other)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(other)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok((Acceptor(Arc::new(config).into()), ca_pem))
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

/// A new certificate of the CA, and the CA's.
fn issued(ca: Ca, host: Option<&str>) -> io::Result<(Identity, Option<String>)> {
    let pem = ca.pem();
    Ok((ca.leaf(host)?, Some(pem)))
}

fn own(cert: &Path, key: &Path) -> io::Result<Identity> {
    let unreadable = |path: &Path, error| other(format!("{}: {error}", path.display()));
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(cert, error))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unreadable(key, error))?;
    Ok((chain, key))
}
