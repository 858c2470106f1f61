//! The parts of a token, and the ways to write them.

/// A part of a token that is JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Json {
    /// The first.
    Header,
    /// The second.
    Payload,
}

/// A part of a token in compact form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
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

/// Before everything else, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Side {
    /// Before.
    Before,
    /// After.
    After,
}

/// Another way to write the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[non_exhaustive]
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

#[cfg(any(test, feature = "proptest"))]
impl Spelling {
    pub(crate) const ALL: [Self; 7] = [
        Self::Padded,
        Self::StandardAlphabet,
        Self::LeftOverBits,
        Self::LineBreak,
        Self::PercentEncoded,
        Self::Hexadecimal,
        Self::LooseJson,
    ];
}
