#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod aadsts;
mod auto_sign_in;
mod body;
mod certificate;
mod clock;
mod control;
mod control_token;
mod decoder;
mod directory;
mod endpoint;
mod error;
mod faults;
#[doc(hidden)]
pub mod generated;
mod grant;
mod idp;
mod issuer_keys;
#[cfg(feature = "tls")]
mod local_ca;
#[cfg(not(feature = "tls"))]
mod no_tls;
mod origin;
mod protocol;
mod random;
mod requests;
mod server;
mod text;
#[cfg(feature = "tls")]
mod tls;
mod token;

pub use clock::Clock;
pub use control::ForgeRequest;
pub use decoder::{
    ClaimInWords, DecodeRequest, Decoded, SignatureState, SignatureVerdict, StepOutcome, StepReport,
    ValidationRequest,
};
pub use directory::{
    App, AppKind, BUILTIN_TOML, ConfigError, Directory, FederatedCredential, Group, OptionalClaims, Platform,
    RedirectUri, RefreshTokens, RequestedVersion, SignIn, SignInAudience, Tenant, User, UserConsent,
};
pub use endpoint::Endpoint;
pub use faults::{Fault, FaultRule};
#[cfg(feature = "tls")]
pub use local_ca::local_ca;
pub use requests::{ClientAuth, Outcome, RecordedParameters, RecordedRequest, Requests};
pub use server::{MockIdp, MockIdpBuilder, StartError};
#[cfg(feature = "tls")]
pub use tls::Tls;
pub use token::{
    ForgeError, KeyRing, Rotation, Signature, SignedToken, SigningKey, TokenBuilder, TokenKind, TokenVersion,
};
