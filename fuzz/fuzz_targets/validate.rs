//! Any text for a token. Oracle: no panic, and only the honest token is let in.
#![no_main]

use std::{
    sync::OnceLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use entra_test_harness::Scene;
use entra_validator::{Authority, KeySet, Validator};
use libfuzzer_sys::fuzz_target;

const NOW: i64 = 1_767_225_600;

struct Fixture {
    validator: Validator,
    keys: KeySet,
    now: SystemTime,
    honest: String,
}

fn fixture() -> &'static Fixture {
    static FIXTURE: OnceLock<Fixture> = OnceLock::new();
    FIXTURE.get_or_init(|| {
        let scene = Scene::fixed(NOW, "https://login.microsoftonline.com");
        let authority = Authority::tenant(scene.tenant_id()).unwrap();
        Fixture {
            validator: Validator::new(authority, scene.audience()),
            keys: KeySet::from_jwks(scene.key_set().to_string().as_bytes()).unwrap(),
            now: UNIX_EPOCH + Duration::from_secs(NOW.unsigned_abs()),
            honest: scene.token().sign(),
        }
    })
}

fuzz_target!(|token: &str| {
    let fixture = fixture();
    let accepted = fixture.validator.validate(token, &fixture.keys, fixture.now).is_ok();
    // The seed corpus holds honest tokens; nobody can make another one without the key.
    assert!(!accepted || token == fixture.honest, "accepted: {token}");
});
