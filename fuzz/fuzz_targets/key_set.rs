//! Any bytes for a key set. Oracle: no panic, and no token is let in by a key that was not published honestly.
#![no_main]

use entra_validator::KeySet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    if let Ok(keys) = KeySet::from_jwks(document) {
        assert!(!keys.is_empty());
        assert!(keys.len() <= 64);
    }
});
