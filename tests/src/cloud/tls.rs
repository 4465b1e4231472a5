//! HTTPS with a certificate of our own.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

pub(super) struct Identity {
    /// PEM
    pub(super) authority: String,
    config: Arc<ServerConfig>,
}

impl Identity {
    /// An authority of its own, and a certificate from it for all these hosts.
    pub(super) fn of(hosts: &[&str]) -> Identity {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        authority.distinguished_name = named("the tests of pushbox");
        let key = KeyPair::generate().expect("a key");
        let pem = authority.self_signed(&key).expect("a certificate").pem();
        let issuer = Issuer::new(authority, key);

        let names: Vec<String> = hosts.iter().map(ToString::to_string).collect();
        let mut server = CertificateParams::new(names).expect("names of hosts");
        server.distinguished_name = named("all hosts");
        let key = KeyPair::generate().expect("a key");
        let certificate = server.signed_by(&key, &issuer).expect("a certificate");
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .expect("the key is that of the certificate");
        Identity { authority: pem, config: Arc::new(config) }
    }

    pub(super) fn server(&self) -> Server {
        Server(TlsAcceptor::from(Arc::clone(&self.config)))
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut whole = DistinguishedName::new();
    whole.push(DnType::CommonName, name);
    whole
}

pub(super) struct Server(TlsAcceptor);

impl Server {
    pub(super) fn on(self, listener: TcpListener) -> Listener {
        Listener { acceptor: self.0, listener }
    }
}

pub(super) struct Listener {
    acceptor: TlsAcceptor,
    listener: TcpListener,
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    /// Whoever does not trust the certificate goes away, and the next one is served.
    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
