#![doc = include_str!("../README.md")]

mod aadsts;
mod clock;
mod control;
mod directory;
mod error;
mod faults;
#[doc(hidden)]
pub mod generated;
mod grant;
mod protocol;
mod requests;
mod server;
mod state;
mod tls;
mod token;

pub use clock::Clock;
pub use control::{ClaimInWords, DecodeRequest, Decoded, ForgeRequest, Step, StepOutcome, Trial};
pub use directory::{
    App, AppKind, BUILTIN_TOML, ConfigError, Directory, FederatedCredential, Group, OptionalClaims, Platform,
    RedirectUri, RefreshTokens, RequestedVersion, SignIn, SignInAudience, Tenant, User,
};
pub use faults::{Fault, FaultRule};
pub use requests::{Endpoint, RecordedRequest, Requests};
pub use server::{MockIdp, MockIdpBuilder};
pub use tls::{Tls, local_ca};
pub use token::{
    ForgeError, KeyRing, Signature, SignatureState, SignatureVerdict, SignedToken, SigningKey, TokenBuilder,
    TokenKind, TokenVersion,
};
