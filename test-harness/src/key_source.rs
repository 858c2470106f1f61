//! Identity providers with broken documents, in one line of a test.

use std::num::NonZeroU32;

use entra_mock_idp::{Endpoint, Fault, FaultRule, MockIdp};
use serde_json::Value;

use crate::World;

/// A way in which a source of keys goes wrong. The identity provider still signs honest tokens, so a test can assert that
/// they are refused, and why.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use entra_mock_idp::Endpoint;
/// use entra_test_harness::KeySourceFault;
///
/// let idp = KeySourceFault::Slow.in_keys().await;
/// let token = idp.token().user("alice").sign();
/// // Send it to your API, configured with `idp.authority()`: it must answer 503, and not fetch again for each request.
/// // A request counts when it arrives, so one that your API gave up counts, too.
/// assert!(idp.request_counts().get(&Endpoint::Jwks).is_none_or(|count| *count <= 1));
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeySourceFault {
    /// 404.
    NotFound,
    /// 500.
    Error,
    /// The right response, a minute late.
    Slow,
    /// A response that never ends.
    Endless,
    /// The right response, cut off.
    Truncated,
    /// A well-formed response of one megabyte.
    Oversized,
    /// An HTML page, as a captive portal sends it.
    WrongType,
    /// A redirect to a URL that nobody serves.
    Redirect,
    /// The metadata, or the keys, of another issuer.
    OtherIssuer,
    /// An error at every second request, starting with the first.
    Flapping,
}

impl KeySourceFault {
    /// All of them, for a test that iterates.
    pub const ALL: [Self; 10] = [
        Self::NotFound,
        Self::Error,
        Self::Slow,
        Self::Endless,
        Self::Truncated,
        Self::Oversized,
        Self::WrongType,
        Self::Redirect,
        Self::OtherIssuer,
        Self::Flapping,
    ];

    /// An identity provider with broken metadata and good keys.
    pub async fn in_metadata(self) -> MockIdp {
        self.at(Endpoint::Discovery).await
    }

    /// An identity provider with broken keys and good metadata.
    pub async fn in_keys(self) -> MockIdp {
        self.at(Endpoint::Jwks).await
    }

    async fn at(self, endpoint: Endpoint) -> MockIdp {
        let idp = MockIdp::start().await;
        idp.inject(self.rule(&idp, endpoint));
        idp
    }

    /// The fault rule for an identity provider that already runs, for its metadata ([`Endpoint::Discovery`]) or its keys
    /// ([`Endpoint::Jwks`]).
    #[must_use]
    pub fn rule(self, idp: &MockIdp, endpoint: Endpoint) -> FaultRule {
        let fault = match self {
            Self::NotFound => Fault::Status(404),
            Self::Error => Fault::Status(500),
            Self::Slow => Fault::DelayMs(60_000),
            Self::Endless => Fault::Endless,
            Self::Truncated => Fault::Truncate(200),
            Self::Oversized => Fault::Body(oversized(&document(idp, endpoint, &idp.issuer()))),
            Self::WrongType => Fault::Body("<html>Sign in to the hotel's network</html>".to_owned()),
            Self::Redirect => Fault::Redirect("http://127.0.0.1:9/".to_owned()),
            Self::OtherIssuer => {
                Fault::Body(document(idp, endpoint, "https://evil.example/v2.0").to_string())
            }
            Self::Flapping => {
                return Fault::Status(503).on(endpoint).every(NonZeroU32::new(2).unwrap_or(NonZeroU32::MIN));
            }
        };
        fault.on(endpoint)
    }
}

/// The document of this endpoint as this issuer would have it.
fn document(idp: &MockIdp, endpoint: Endpoint, issuer: &str) -> Value {
    let world = World::of(idp);
    if endpoint == Endpoint::Jwks {
        let mut set = world.key_set();
        for key in set["keys"].as_array_mut().into_iter().flatten() {
            key["issuer"] = issuer.into();
        }
        set
    } else {
        world.discovery_document(issuer).parse().unwrap_or_default()
    }
}

fn oversized(document: &Value) -> String {
    document.to_string().replacen('{', &format!("{{\"padding\":\"{}\",", "x".repeat(1 << 20)), 1)
}
