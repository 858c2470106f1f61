//! The layer under tonic: what its own client makes of a refusal.

use entra_mock_idp::MockIdp;
use entra_validator::{Authority, Requirement, ResourceServer, Validator};
use tonic::{Code, Request, Status, body::Body, metadata::MetadataValue, transport};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

/// A health service of tonic's behind the layer, and the status with which it answers this token.
async fn status(idp: &MockIdp, authority: &str, token: Option<&str>) -> Result<(), Status> {
    let authority = Authority::from_url(authority).unwrap();
    let server = ResourceServer::new(Validator::new(authority, "dddddddd-0000-4000-8000-00000000a001"));
    let layer = server
        .layer_with_body(Body::new::<String>)
        .require(Requirement::scopes(["Orders.Read"]).or_roles(["Orders.Read.All"]));
    let (_, health) = tonic_health::server::health_reporter();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = transport::server::TcpIncoming::from(listener);
    let serving = tokio::spawn(
        transport::Server::builder().layer(layer).add_service(health).serve_with_incoming(incoming),
    );

    let channel =
        transport::Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
    let mut request = Request::new(HealthCheckRequest::default());
    if let Some(token) = token {
        let bearer: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", bearer);
    }
    let answer = HealthClient::new(channel).check(request).await;
    serving.abort();
    let _ = idp;
    answer.map(|_| ())
}

#[tokio::test]
async fn a_grpc_client_gets_a_status_it_understands_with_our_code() {
    let idp = MockIdp::start().await;
    let unreachable = "http://127.0.0.1:9/aaaaaaaa-0000-4000-8000-000000000001";
    let good = idp.token().sign();
    assert!(status(&idp, &idp.authority(), Some(&good)).await.is_ok());
    for (authority, token, code, message) in [
        (idp.authority(), None, Code::Unauthenticated, "auth_header_missing"),
        (idp.authority(), Some("junk".to_owned()), Code::Unauthenticated, "auth_token_invalid"),
        (
            idp.authority(),
            Some(idp.token().user("alice").scopes(["Orders.Write"]).sign()),
            Code::PermissionDenied,
            "auth_token_insufficient_scopes",
        ),
        (unreachable.to_owned(), Some(good.clone()), Code::Unavailable, "auth_oidc_error"),
    ] {
        let refused = status(&idp, &authority, token.as_deref()).await.unwrap_err();
        assert_eq!((refused.code(), refused.message()), (code, message));
    }
}
