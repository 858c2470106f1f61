//! The seeds, made from the catalogue of hostile tokens. `export-corpus` writes them to `fuzz/corpus/`, which Git ignores.

mod conversations;
mod of_cases;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use entra_test_harness::Provider;

use crate::{fixture::FIXTURE, mutation::mutations};

pub use of_cases::Seeds;
use of_cases::of_cases;

/// The folder of a target's inputs: `corpus` for the seeds, `crashes` for inputs that once made it fail.
#[must_use]
pub fn folder(kind: &str, target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(kind).join(target)
}

/// The seeds of a target, or none if there is no such target.
#[must_use]
pub fn of(target: &str) -> Seeds {
    match target {
        "authorization" => authorization(),
        "discovery" => discovery(),
        "key_set" => key_set(),
        "mutation" => mutation(),
        "token" => token(),
        "token_endpoint" => conversations::all(),
        "unsigned" => unsigned(),
        _ => Seeds::new(),
    }
}

fn token() -> Seeds {
    of_cases(|_, attempt| attempt.bearer().map(|token| token.as_bytes().to_vec()))
}

/// The headers of the catalogue's tokens, and what is expensive to read.
fn unsigned() -> Seeds {
    of_cases(|_, attempt| {
        let header = attempt.bearer()?.split('.').next()?;
        URL_SAFE_NO_PAD.decode(header).ok()
    })
}

/// Honest headers, and those that are not a single bearer header. The others differ only inside the token.
fn authorization() -> Seeds {
    of_cases(|case, attempt| {
        let about_headers = matches!(case.group(), "control" | "authorization") || attempt.bearer().is_none();
        about_headers.then(|| attempt.authorization.join(&b'\n'))
    })
}

fn discovery() -> Seeds {
    let mut seeds = of_cases(|_, attempt| match &attempt.provider {
        Provider::Discovery(_, body) => Some(body.clone().into_bytes()),
        _ => None,
    });
    let world = &FIXTURE.world;
    seeds.insert("honest".to_owned(), world.discovery_document(&world.issuer()).into_bytes());
    let template = world.issuer().replace(world.tenant_id(), "{tenantid}");
    seeds.insert("honest-template".to_owned(), world.discovery_document(&template).into_bytes());
    seeds
}

fn key_set() -> Seeds {
    let mut seeds = of_cases(|_, attempt| match (&attempt.key_set, &attempt.provider) {
        (Some(key_set), _) => Some(key_set.to_string().into_bytes()),
        (None, Provider::Keys(_, body)) => Some(body.clone().into_bytes()),
        _ => None,
    });
    seeds.insert("honest".to_owned(), FIXTURE.world.key_set().to_string().into_bytes());
    // As many values as fit into a seed; a key set may be twelve times as long.
    for (name, value) in [("objects", "{}"), ("arrays", "[]"), ("numbers", "0"), ("strings", "\"\"")] {
        let document = format!("{{\"keys\":[{}]}}", vec![value; 4_000].join(","));
        seeds.insert(format!("many-{name}"), document.into_bytes());
    }
    seeds
}

/// How many seeds begin with the same kind of change.
const SEEDS_PER_MUTATION: usize = 4;
/// Enough for every kind of change to occur that often.
const TRIES: u32 = 2_000;

/// The catalogue is not a list of changes, so these are some changes of every kind, drawn reproducibly.
fn mutation() -> Seeds {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut seeds = Seeds::new();
    for number in 0..TRIES {
        let bytes = drawn(number);
        let Some(first) = mutations(&bytes).first().map(|mutation| format!("{mutation:?}")) else { continue };
        let kind: String = first.chars().take_while(char::is_ascii_alphanumeric).collect();
        let count = counts.entry(kind.clone()).or_default();
        if *count < SEEDS_PER_MUTATION {
            *count += 1;
            seeds.insert(format!("{kind}-{count}"), bytes);
        }
    }
    seeds
}

/// Eight to 64 bytes, the same ones for the same number.
fn drawn(number: u32) -> Vec<u8> {
    let half = |salt: u8| digest::digest(&digest::SHA256, &[&[salt], &number.to_be_bytes()[..]].concat());
    let mut bytes = [half(0).as_ref(), half(1).as_ref()].concat();
    bytes.truncate(8 + usize::from(bytes[63]) % 57);
    bytes
}
