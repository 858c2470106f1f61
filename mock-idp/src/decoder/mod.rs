//! The decoder: what a token says, who signed it, and which step of its validation would fail. Nothing in a token is
//! trusted, and nothing that can be read is withheld.

mod decode;
mod parts;
mod signature;
mod validation;
mod words;

pub(crate) use decode::Decoder;
pub use decode::{ClaimInWords, DecodeRequest, Decoded};
pub use signature::{SignatureState, SignatureVerdict};
pub(crate) use validation::TokenValidator;
pub use validation::{StepOutcome, StepReport, ValidationRequest};
