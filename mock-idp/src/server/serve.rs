//! The server's thread.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use axum_server::{Handle, Server, tls_rustls::RustlsConfig};

use crate::{idp::Idp, protocol};

/// A client that sends half a request does not keep its connection for ever. HTTP/1.1 only: no client of Entra speaks HTTP/2
/// in clear, and over HTTPS the mock offers HTTP/1.1.
fn limited<Acceptor>(
    server: Server<SocketAddr, Acceptor>,
    patience: Duration,
) -> Server<SocketAddr, Acceptor> {
    let mut server = server.http1_only();
    server.http_builder().http1().header_read_timeout(patience);
    server
}

pub(super) fn serve(
    idp: &Arc<Idp>,
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    handle: Handle<SocketAddr>,
    (workers, patience): (usize, Duration),
) -> io::Result<()> {
    let mut runtime = match workers {
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.worker_threads(workers).enable_all().build()?;
    runtime.block_on(async {
        let app = protocol::router(idp).into_make_service_with_connect_info::<SocketAddr>();
        match tls {
            None => limited(axum_server::from_tcp(listener)?, patience).handle(handle).serve(app).await,
            Some(config) => {
                let config = RustlsConfig::from_config(config);
                limited(axum_server::from_tcp_rustls(listener, config)?, patience)
                    .handle(handle)
                    .serve(app)
                    .await
            }
        }
    })
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
