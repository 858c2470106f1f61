//! In place of HTTPS, without the feature `tls`: types without a value.

use std::io;

use tokio::net::TcpStream;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tls {}

impl Tls {
    pub(crate) fn acceptor(&self, _host: Option<&str>) -> io::Result<(Acceptor, Option<String>)> {
        match *self {}
    }
}

#[derive(Clone)]
pub(crate) enum Acceptor {}

impl Acceptor {
    pub(crate) fn accept(self, _stream: TcpStream) -> std::future::Ready<Option<TcpStream>> {
        match self {}
    }
}
