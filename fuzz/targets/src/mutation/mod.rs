//! Changes to a genuine token, in the structure of tokens.

mod draft;
mod part;
mod vocabulary;

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Unstructured};
use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::fixture::{FIXTURE, Verdict};

use draft::{Draft, GENUINE};
pub use part::{Json, Part, Spelling};
use vocabulary::{Name, Value};

/// One change to a token in compact form. A change that does not apply leaves the token as it is.
#[derive(Debug, Arbitrary)]
pub enum Mutation<'a> {
    /// Sets a member of the header's or payload's JSON, or adds it.
    SetMember(Json, Name<'a>, Value<'a>),
    /// Removes a member.
    RemoveMember(Json, Name<'a>),
    /// Writes a member's value as another type: a number as text, text as an array, ...
    RetypeMember(Json, Name<'a>, Retype),
    /// Writes a second member of that name, after all others or before them.
    DuplicateMember(Json, Name<'a>, Value<'a>, bool),
    /// Inserts text anywhere into the JSON.
    InsertJson(Json, u16, &'a str),
    /// Flips bits of a decoded byte.
    FlipBits(Part, u16, u8),
    /// Truncates the decoded bytes, or pads them with zeros.
    Resize(Part, u16),
    /// Replaces a character of the encoded text.
    ReplaceCharacter(Part, u16, char),
    /// Inserts a character into the encoded text.
    InsertCharacter(Part, u16, char),
    /// Removes characters from the encoded text.
    DeleteCharacters(Part, u16, u8),
    /// Encodes the same bytes in another way.
    Respell(Part, Spelling),
    /// Replaces a part with that of another genuine token.
    Swap(Part, u8),
    /// Exchanges two parts.
    Exchange(Part, Part),
    /// Signs the token so far, with anything but the honest key.
    Sign(Signer),
    /// Adds text after the token or before it.
    Surround(&'a str, bool),
}

/// Another type for a value.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Retype {
    /// Its JSON text as a string.
    Text,
    /// An array that holds it.
    Array,
    /// An object that holds it.
    Object,
    /// A number with a fraction.
    Float,
    /// A number, if it is text that contains one.
    Number,
}

/// Who signs, and how.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Signer {
    /// A key that is not published; the header names the honest one.
    Stranger,
    /// The same, and the header names it.
    StrangerByName,
    /// The same, and the header embeds it (`jwk`).
    StrangerWithKey,
    /// The public key in PEM, as the secret of an HMAC.
    PublicKeyAsSecret,
    /// The modulus, as the secret of an HMAC.
    ModulusAsSecret,
    /// Nobody: `alg` is `none`.
    Nobody,
    /// The very message block that an RSA signature decrypts to, not encrypted.
    Unencrypted,
}

/// At most this many changes are made.
const MOST: usize = 16;

/// A list of changes to a genuine token.
///
/// # Panics
///
/// If the result passes the signature step and is not, byte for byte, a genuine token.
pub fn mutation(input: &[u8]) {
    let token = mutated(input);
    let expected = GENUINE.iter().find(|genuine| genuine.token == token).map(|genuine| genuine.verdict);
    let (verdict, expected) = (FIXTURE.judge(&token), expected.unwrap_or(Verdict::Unsigned));
    assert_eq!(verdict, expected, "{token}\n{:#?}", mutations(input));
}

/// The changes that these bytes encode.
#[must_use]
pub fn mutations(input: &[u8]) -> Vec<Mutation<'_>> {
    let mut unstructured = Unstructured::new(input);
    let mut mutations = Vec::new();
    while !unstructured.is_empty() && mutations.len() < MOST {
        match Mutation::arbitrary(&mut unstructured) {
            Ok(mutation) => mutations.push(mutation),
            Err(_) => break,
        }
    }
    mutations
}

fn mutated(input: &[u8]) -> String {
    let mut draft = Draft::honest();
    let mut around = (String::new(), String::new());
    for mutation in mutations(input) {
        match mutation {
            Mutation::Surround(text, true) => around.0.insert_str(0, text),
            Mutation::Surround(text, false) => around.1.push_str(text),
            mutation => apply(&mut draft, mutation),
        }
    }
    format!("{}{}{}", around.0, draft.compact(), around.1)
}

fn apply(draft: &mut Draft, mutation: Mutation<'_>) {
    match mutation {
        Mutation::SetMember(part, name, value) => draft.members(part.into(), |members| {
            members.insert(name.text().to_owned(), value.json());
        }),
        Mutation::RemoveMember(part, name) => draft.members(part.into(), |members| {
            members.remove(name.text());
        }),
        Mutation::RetypeMember(part, name, retype) => draft.members(part.into(), |members| {
            if let Some(value) = members.get_mut(name.text()) {
                *value = retype.apply(value);
            }
        }),
        Mutation::DuplicateMember(part, name, value, last) => {
            draft.json(part.into(), |json| {
                let member = format!("{}:{}", serde_json::Value::from(name.text()), value.json());
                match (json.strip_prefix('{'), json.strip_suffix('}')) {
                    (_, Some(open)) if last => format!("{open},{member}}}"),
                    (Some(rest), _) => format!("{{{member},{rest}"),
                    _ => json,
                }
            });
        }
        Mutation::InsertJson(part, place, text) => draft.json(part.into(), |mut json| {
            json.insert_str(draft::place(&json, place), text);
            json
        }),
        Mutation::FlipBits(part, place, mask) => draft.bytes(part, |bytes| {
            let length = bytes.len().max(1);
            if let Some(byte) = bytes.get_mut(usize::from(place) % length) {
                *byte ^= mask;
            }
        }),
        Mutation::Resize(part, length) => draft.bytes(part, |bytes| bytes.resize(length.into(), 0)),
        Mutation::ReplaceCharacter(part, at, new) => draft.text(part, |text| {
            let at = draft::place(text, at);
            if at < text.len() {
                text.remove(at);
                text.insert(at, new);
            }
        }),
        Mutation::InsertCharacter(part, at, new) => {
            draft.text(part, |text| text.insert(draft::place(text, at), new));
        }
        Mutation::DeleteCharacters(part, at, count) => draft.text(part, |text| {
            for _ in 0..count {
                let at = draft::place(text, at);
                if at < text.len() {
                    text.remove(at);
                }
            }
        }),
        Mutation::Respell(part, spelling) => draft.respell(part, spelling),
        Mutation::Swap(part, of) => draft.swap(part, of),
        Mutation::Exchange(one, other) => draft.exchange(one, other),
        Mutation::Sign(signer) => signer.sign(draft),
        Mutation::Surround(..) => {}
    }
}

impl Retype {
    fn apply(self, value: &serde_json::Value) -> serde_json::Value {
        match self {
            Self::Text => value.to_string().into(),
            Self::Array => [value.clone()].into_iter().collect(),
            Self::Object => serde_json::json!({"value": value}),
            Self::Float => value.as_f64().unwrap_or(0.5).into(),
            Self::Number => {
                value.as_str().and_then(|text| text.parse::<i64>().ok()).unwrap_or_default().into()
            }
        }
    }
}

/// The honest public key in PEM, and its modulus.
static PUBLIC_KEY: LazyLock<(String, Vec<u8>)> = LazyLock::new(|| {
    let key = FIXTURE.world.public_key();
    (key.spki_pem(), key.modulus().to_vec())
});

impl Signer {
    fn sign(self, draft: &mut Draft) {
        let stranger = FIXTURE.world.attacker_key();
        let mut header = |name: &str, value: serde_json::Value| {
            draft.members(Part::Header, |members| _ = members.insert(name.to_owned(), value));
        };
        match self {
            Self::StrangerByName => header("kid", stranger.kid().into()),
            Self::StrangerWithKey => header("jwk", stranger.jwk()),
            Self::PublicKeyAsSecret | Self::ModulusAsSecret => header("alg", "HS256".into()),
            Self::Nobody => header("alg", "none".into()),
            Self::Stranger | Self::Unencrypted => {}
        }
        let input = draft.signing_input();
        let hmac = |secret: &[u8]| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes()).as_ref().to_vec()
        };
        let signature = match self {
            Self::Stranger | Self::StrangerByName | Self::StrangerWithKey => stranger.sign(input.as_bytes()),
            Self::PublicKeyAsSecret => hmac(PUBLIC_KEY.0.as_bytes()),
            Self::ModulusAsSecret => hmac(&PUBLIC_KEY.1),
            Self::Nobody => Vec::new(),
            Self::Unencrypted => draft::padded_hash(input.as_bytes()),
        };
        draft.text(Part::Signature, |text| *text = URL_SAFE_NO_PAD.encode(signature));
    }
}
