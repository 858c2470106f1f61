//! The parts of a token, and the ways to spell them.

use arbitrary::Arbitrary;

/// A part that is JSON.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Json {
    /// The first.
    Header,
    /// The second.
    Payload,
}

/// A part of a token.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Part {
    /// The first.
    Header,
    /// The second.
    Payload,
    /// The third.
    Signature,
}

impl From<Json> for Part {
    fn from(json: Json) -> Self {
        match json {
            Json::Header => Self::Header,
            Json::Payload => Self::Payload,
        }
    }
}

/// Another way to spell the same bytes.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub enum Spelling {
    /// `=` at the end.
    Padded,
    /// `+` and `/` for `-` and `_`.
    StandardAlphabet,
    /// Other bits in the last character, which no byte needs.
    LeftOverBits,
    /// A line break in the middle.
    LineBreak,
    /// The last character as a URL escapes it.
    PercentEncoded,
    /// Hexadecimal.
    Hexadecimal,
    /// JSON with other white space: other bytes, but the same members.
    LooseJson,
}
