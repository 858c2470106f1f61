//! A token that is being changed.

use aws_lc_rs::digest;
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};

use super::part::{Json, Part, Spelling};

/// A token in compact form, in its parts.
pub(super) struct Draft([String; 3]);

impl Draft {
    /// `None` if it does not have three parts.
    pub(super) fn of(token: &str) -> Option<Self> {
        let mut parts = token.split('.').map(str::to_owned);
        let three = [parts.next()?, parts.next()?, parts.next()?];
        parts.next().is_none().then_some(Self(three))
    }

    pub(super) fn compact(&self) -> String {
        self.0.join(".")
    }

    pub(super) fn signing_input(&self) -> String {
        self.0[..2].join(".")
    }

    fn part(&mut self, part: Part) -> &mut String {
        &mut self.0[part as usize]
    }

    pub(super) fn text(&mut self, part: Part, change: impl FnOnce(&mut String)) {
        change(self.part(part));
    }

    pub(super) fn bytes(&mut self, part: Part, change: impl FnOnce(&mut Vec<u8>)) {
        if let Ok(mut bytes) = URL_SAFE_NO_PAD.decode(&*self.part(part)) {
            change(&mut bytes);
            *self.part(part) = URL_SAFE_NO_PAD.encode(bytes);
        }
    }

    pub(super) fn json(&mut self, part: impl Into<Part>, change: impl FnOnce(String) -> String) {
        self.bytes(part.into(), |bytes| {
            if let Ok(json) = String::from_utf8(bytes.clone()) {
                *bytes = change(json).into_bytes();
            }
        });
    }

    pub(super) fn members(&mut self, json: Json, change: impl FnOnce(&mut Map<String, Value>)) {
        self.json(json, |json| {
            let Ok(before) = serde_json::from_str::<Map<String, Value>>(&json) else { return json };
            let mut members = before.clone();
            change(&mut members);
            // Written anew, the members would stand in another order than the issuer's.
            if members == before { json } else { Value::Object(members).to_string() }
        });
    }

    /// Takes that part of another token.
    pub(super) fn swap(&mut self, part: Part, other: &str) {
        if let Some(Self(mut other)) = Self::of(other) {
            *self.part(part) = std::mem::take(&mut other[part as usize]);
        }
    }

    pub(super) fn exchange(&mut self, one: Part, other: Part) {
        self.0.swap(one as usize, other as usize);
    }

    pub(super) fn respell(&mut self, part: Part, spelling: Spelling) {
        if let Spelling::LooseJson = spelling {
            return self.json(part, |json| json.replacen(':', ": ", 1));
        }
        let text = self.part(part);
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(&*text) else { return };
        *text = match spelling {
            Spelling::Padded => URL_SAFE.encode(bytes),
            Spelling::StandardAlphabet => STANDARD_NO_PAD.encode(bytes),
            Spelling::LeftOverBits => with_other_last_bit(text),
            Spelling::LineBreak => format!("{}\n{}", &text[..text.len() / 2], &text[text.len() / 2..]),
            Spelling::PercentEncoded => match text.pop() {
                Some(last) => format!("{text}%{:02X}", u32::from(last)),
                None => String::new(),
            },
            Spelling::Hexadecimal | Spelling::LooseJson => {
                bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hexadecimal_digit).collect()
            }
        };
    }
}

/// The same text with another value in the lowest bit of its last character.
fn with_other_last_bit(text: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let Some(last) = text.chars().next_back() else { return String::new() };
    let place = ALPHABET.find(last).unwrap_or_default();
    format!("{}{}", &text[..text.len() - 1], &ALPHABET[(place ^ 1)..=(place ^ 1)])
}

fn hexadecimal_digit(value: u8) -> char {
    char::from_digit(value.into(), 16).unwrap_or('0')
}

/// A position in a text where a character begins, or its end.
pub(super) fn place(text: &str, at: u16) -> usize {
    let at = usize::from(at) % (text.len() + 1);
    (at..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or_default()
}

/// The block that an honest RSA signature decrypts to (EMSA-PKCS1-v1_5 with SHA-256, RFC 8017 §9.2).
pub(super) fn padded_hash(message: &[u8]) -> Vec<u8> {
    const DIGEST_INFO: [u8; 19] = [
        0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
        0x04, 0x20,
    ];
    let hash = digest::digest(&digest::SHA256, message);
    [&[0x00, 0x01], &[0xff; 202][..], &[0x00], &DIGEST_INFO, hash.as_ref()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhIjoxfQ.eyJiIjoyfQ.AAAA-w";

    fn draft() -> Draft {
        Draft::of(TOKEN).unwrap()
    }

    #[test]
    fn every_other_spelling_of_a_part_is_another_text() {
        for spelling in Spelling::ALL {
            let part = if let Spelling::LooseJson = spelling { Part::Header } else { Part::Signature };
            let mut draft = draft();
            draft.respell(part, spelling);
            assert_ne!(draft.compact(), TOKEN, "{spelling:?}");
        }
    }

    #[test]
    fn members_that_are_set_to_what_they_were_leave_the_token_as_it_was() {
        let mut draft = draft();
        draft.members(Json::Header, |_| ());
        draft.members(Json::Payload, |_| ());
        assert_eq!(draft.compact(), TOKEN);
    }

    #[test]
    fn only_three_parts_are_a_token() {
        assert!(Draft::of("a.b").is_none() && Draft::of("a.b.c.d").is_none());
    }

    #[test]
    fn a_place_is_where_a_character_begins() {
        assert_eq!([0, 1, 2, 3, 4].map(|at| place("aä", at)), [0, 1, 3, 3, 0]);
    }
}
