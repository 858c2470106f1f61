//! One change to a token.

use proptest::prelude::*;

use super::json_value;
use crate::mutation::{Json, Mutation, NAMES, NewValue, Part, Retype, Side, Signer, Spelling, TEXTS};

/// Any one [`Mutation`]. Where it does not apply to a token, `apply` returns the token as it was.
pub fn mutation() -> impl Strategy<Value = Mutation> {
    let json = || prop::sample::select(vec![Json::Header, Json::Payload]);
    let part = || prop::sample::select(vec![Part::Header, Part::Payload, Part::Signature]);
    let side = || prop::sample::select(vec![Side::Before, Side::After]);
    let name = || prop_oneof![4 => prop::sample::select(NAMES.as_slice()).prop_map(str::to_owned), 1 => "[a-z_]{1,8}"];
    let value = || {
        prop_oneof![
            3 => json_value().prop_map(NewValue::Json),
            1 => prop::sample::select(TEXTS.as_slice()).prop_map(|text| NewValue::Json(text.into())),
            1 => any::<i16>().prop_map(NewValue::Moment),
            1 => any::<u8>().prop_map(NewValue::Honest),
        ]
    };
    let place = || 0_u16..2000;
    let character =
        || prop_oneof![9 => "[A-Za-z0-9_.-]", 1 => "."].prop_map(|text| text.chars().next().unwrap_or('.'));
    let retype = prop::sample::select(vec![
        Retype::Text,
        Retype::Array,
        Retype::Object,
        Retype::Float,
        Retype::Number,
    ]);
    let spelling = prop::sample::select(Spelling::ALL.as_slice());
    let signer = prop::sample::select(vec![
        Signer::Stranger,
        Signer::StrangerByName,
        Signer::StrangerWithKey,
        Signer::PublicKeyAsSecret,
        Signer::ModulusAsSecret,
        Signer::Nobody,
        Signer::Unencrypted,
    ]);
    prop_oneof![
        4 => (json(), name(), value()).prop_map(|(json, name, value)| Mutation::SetMember(json, name, value)),
        2 => (json(), name()).prop_map(|(json, name)| Mutation::RemoveMember(json, name)),
        2 => (json(), name(), retype).prop_map(|(json, name, retype)| Mutation::RetypeMember(json, name, retype)),
        2 => (json(), name(), value(), side())
            .prop_map(|(json, name, value, side)| Mutation::DuplicateMember(json, name, value, side)),
        1 => (json(), place(), "[a-z\",:{} ]{1,3}").prop_map(|(json, at, text)| Mutation::InsertJson(json, at, text)),
        2 => (part(), place(), 1_u8..).prop_map(|(part, at, bits)| Mutation::FlipBits(part, at, bits)),
        1 => (part(), place()).prop_map(|(part, length)| Mutation::Resize(part, length)),
        2 => (part(), place(), character()).prop_map(|(part, at, new)| Mutation::ReplaceCharacter(part, at, new)),
        1 => (part(), place(), character()).prop_map(|(part, at, new)| Mutation::InsertCharacter(part, at, new)),
        1 => (part(), place(), 1_u8..4).prop_map(|(part, at, count)| Mutation::DeleteCharacters(part, at, count)),
        1 => (part(), spelling).prop_map(|(part, spelling)| Mutation::Respell(part, spelling)),
        1 => (part(), any::<u8>()).prop_map(|(part, which)| Mutation::Swap(part, which)),
        1 => (part(), part()).prop_map(|(one, other)| Mutation::Exchange(one, other)),
        2 => signer.prop_map(Mutation::Sign),
    ]
}
