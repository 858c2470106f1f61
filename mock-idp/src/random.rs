//! Chance: the one place that asks the machine for randomness.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// # Panics
///
/// If the machine has no randomness.
fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the machine has randomness");
    bytes
}

pub(crate) fn guid() -> String {
    uuid::Builder::from_random_bytes(bytes()).into_uuid().to_string()
}

/// 64 characters that cannot be guessed.
pub(crate) fn secret() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<48>())
}

/// Nine letters and digits that are not mistaken for each other.
pub(crate) fn user_code() -> String {
    const CHARACTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    bytes::<9>().iter().map(|byte| char::from(CHARACTERS[usize::from(byte % 32)])).collect()
}

/// True with this probability: never at 0, always at 1.
pub(crate) fn chance(probability: f64) -> bool {
    f64::from(u32::from_ne_bytes(bytes())) / (f64::from(u32::MAX) + 1.0) < probability
}
