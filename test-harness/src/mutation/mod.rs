//! Changes to a token, in the structure of tokens.

mod draft;
#[cfg(feature = "arbitrary")]
mod drawn;
mod part;
mod signer;
mod vocabulary;

use serde_json::Value;

use crate::World;

use draft::Draft;
pub use part::{Json, Part, Side, Spelling};
pub use signer::Signer;
pub use vocabulary::NewValue;
#[cfg(feature = "proptest")]
pub(crate) use vocabulary::{NAMES, TEXTS};

/// One change to a token in compact form. A change that does not apply leaves the token as it is.
///
/// ```
/// use entra_test_harness::{Json, Mutation, Signer, World};
///
/// let world = World::now("https://mock-idp.example");
/// let honest = world.token().sign();
/// let unsigned = Mutation::Sign(Signer::Nobody).apply(&world, &honest);
/// assert!(unsigned.ends_with('.'));
/// assert_eq!(Mutation::RemoveMember(Json::Payload, "no-such-claim".to_owned()).apply(&world, &honest), honest);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
pub enum Mutation {
    /// Sets a member of the header's or payload's JSON, or adds it.
    SetMember(Json, #[cfg_attr(feature = "arbitrary", arbitrary(with = drawn::name))] String, NewValue),
    /// Removes a member.
    RemoveMember(Json, #[cfg_attr(feature = "arbitrary", arbitrary(with = drawn::name))] String),
    /// Writes a member's value as another type: a number as text, text as an array, ...
    RetypeMember(Json, #[cfg_attr(feature = "arbitrary", arbitrary(with = drawn::name))] String, Retype),
    /// Writes a second member of that name, after all others or before them.
    DuplicateMember(
        Json,
        #[cfg_attr(feature = "arbitrary", arbitrary(with = drawn::name))] String,
        NewValue,
        Side,
    ),
    /// Inserts text anywhere into the JSON.
    InsertJson(Json, u16, String),
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
    Surround(String, Side),
}

/// Another type for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
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

impl Mutation {
    /// The changed token. Places wrap around: in a part of ten bytes, place 12 is the third byte.
    #[must_use]
    pub fn apply(&self, world: &World, token: &str) -> String {
        if let Self::Surround(text, side) = self {
            return match side {
                Side::Before => format!("{text}{token}"),
                Side::After => format!("{token}{text}"),
            };
        }
        let Some(mut draft) = Draft::of(token) else { return token.to_owned() };
        self.change(world, &mut draft);
        draft.compact()
    }

    fn change(&self, world: &World, draft: &mut Draft) {
        match self {
            Self::SetMember(json, name, value) => draft.members(*json, |members| {
                members.insert(name.clone(), value.json(world));
            }),
            Self::RemoveMember(json, name) => draft.members(*json, |members| _ = members.remove(name)),
            Self::RetypeMember(json, name, retype) => draft.members(*json, |members| {
                if let Some(value) = members.get_mut(name) {
                    *value = retype.apply(value);
                }
            }),
            Self::DuplicateMember(json, name, value, side) => {
                let member = format!("{}:{}", Value::from(name.as_str()), value.json(world));
                draft.json(*json, |json| match (json.strip_prefix('{'), json.strip_suffix('}'), side) {
                    (_, Some(open), Side::After) => format!("{open},{member}}}"),
                    (Some(rest), _, Side::Before) => format!("{{{member},{rest}"),
                    _ => json,
                });
            }
            Self::InsertJson(json, place, text) => draft.json(*json, |mut json| {
                json.insert_str(draft::place(&json, *place), text);
                json
            }),
            Self::Swap(part, which) => draft.swap(*part, world.genuine(*which)),
            Self::Exchange(one, other) => draft.exchange(*one, *other),
            Self::Sign(signer) => signer.sign(world, draft),
            Self::Respell(part, spelling) => draft.respell(*part, *spelling),
            _ => self.change_text(draft),
        }
    }

    /// The changes that know nothing of JSON.
    fn change_text(&self, draft: &mut Draft) {
        match *self {
            Self::FlipBits(part, place, mask) => draft.bytes(part, |bytes| {
                let length = bytes.len().max(1);
                if let Some(byte) = bytes.get_mut(usize::from(place) % length) {
                    *byte ^= mask;
                }
            }),
            Self::Resize(part, length) => draft.bytes(part, |bytes| bytes.resize(length.into(), 0)),
            Self::ReplaceCharacter(part, at, new) => draft.text(part, |text| {
                let at = draft::place(text, at);
                if at < text.len() {
                    text.remove(at);
                    text.insert(at, new);
                }
            }),
            Self::InsertCharacter(part, at, new) => {
                draft.text(part, |text| text.insert(draft::place(text, at), new));
            }
            Self::DeleteCharacters(part, at, count) => draft.text(part, |text| {
                for _ in 0..count {
                    let at = draft::place(text, at);
                    if at < text.len() {
                        text.remove(at);
                    }
                }
            }),
            _ => {}
        }
    }
}

impl Retype {
    fn apply(self, value: &Value) -> Value {
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
