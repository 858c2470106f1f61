//! The server's thread: HTTP/1.1 on each connection. No client of Entra speaks HTTP/2 in clear, and over HTTPS it is not
//! offered; axum's and axum-server's own servers would link it.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    sync::oneshot,
    time::sleep,
};
use tower_service::Service as _;

#[cfg(not(feature = "tls"))]
use crate::no_tls::Acceptor;
#[cfg(feature = "tls")]
use crate::tls::Acceptor;
use crate::{idp::Idp, protocol};

/// How long to wait before the next connection is accepted if there are no descriptors left.
const PAUSE: Duration = Duration::from_millis(50);

/// How connections are served.
#[derive(Clone)]
pub(super) struct Serving {
    pub(super) tls: Option<Acceptor>,
    pub(super) workers: usize,
    /// How long a client may take to send the headers of a request, and a connection is kept without one.
    pub(super) patience: Duration,
}

/// Serves until the other end of `stop` is dropped, which ends all connections.
pub(super) fn serve(
    idp: &Arc<Idp>,
    listener: TcpListener,
    serving: &Serving,
    stop: oneshot::Receiver<()>,
) -> io::Result<()> {
    let mut runtime = match serving.workers {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.worker_threads(serving.workers).enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let router = protocol::router(idp);
        let accepting = async {
            loop {
                match listener.accept().await {
                    Ok((stream, peer)) => {
                        tokio::spawn(connection(stream, peer, router.clone(), serving.clone()));
                    }
                    Err(_) => sleep(PAUSE).await,
                }
            }
        };
        tokio::select! {
            _ = stop => Ok(()),
            () = accepting => Ok(()),
        }
    })
}

async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, serving: Serving) {
    // A response is written in one piece: there is nothing to wait for.
    _ = stream.set_nodelay(true);
    let Some(acceptor) = serving.tls else { return requests(stream, peer, router, serving.patience).await };
    if let Some(stream) = acceptor.accept(stream).await {
        requests(stream, peer, router, serving.patience).await;
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    peer: SocketAddr,
    router: Router,
    patience: Duration,
) {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience);
    // What breaks a connection is its client's to know.
    _ = http.serve_connection(TokioIo::new(stream), service).await;
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::TcpStream,
        time::Duration,
    };

    use crate::MockIdp;

    #[test]
    fn a_client_that_sends_half_a_request_or_nothing_loses_its_connection() {
        let mut builder = MockIdp::builder();
        builder.patience = Duration::from_millis(50);
        let idp = builder.start().unwrap();
        for half in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: localhost\r\nx: "] {
            let mut client = TcpStream::connect(idp.address()).unwrap();
            client.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            client.write_all(half.as_bytes()).unwrap();
            let ended = client.read_to_end(&mut Vec::new());
            assert!(ended.is_ok(), "the mock closes the connection after {half:?}: {ended:?}");
        }
    }
}
