//! JSON, valid and hostile.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any JSON value, a few levels deep.
pub fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,6}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Any header: the usual members with usual and unusual values, and other members.
pub fn header() -> impl Strategy<Value = Map<String, Value>> {
    let name = prop_oneof![
        4 => prop::sample::select(vec![
            "alg", "typ", "kid", "cty", "crit", "b64", "zip", "enc", "jwk", "jku", "x5u", "x5c", "x5t", "nonce",
        ]).prop_map(str::to_owned),
        1 => "[a-z0-9_]{1,8}",
    ];
    let value = prop_oneof![
        prop::sample::select(vec![
            json!("RS256"),
            json!("none"),
            json!("HS256"),
            json!("JWT"),
            json!("at+jwt"),
            json!(["exp"]),
            json!(["b64"]),
            json!(false),
            json!("DEF"),
            json!(""),
        ]),
        json_value(),
    ];
    prop::collection::btree_map(name, value, 0..8).prop_map(|members| members.into_iter().collect())
}

/// Numbers that JSON does not have, or that not every type can hold.
const NUMBERS: &[&str] = &[
    "1e400",
    "-1e400",
    "01",
    "0x10",
    "+1",
    "1_000",
    ".5",
    "5.",
    "NaN",
    "Infinity",
    "-0",
    "18446744073709551616",
];

/// Text that resembles JSON, with one of the defects about which parsers disagree: duplicates, unusual numbers, unusual
/// characters, depth, something before or after it. Some of it is valid.
pub fn hostile_json() -> impl Strategy<Value = Vec<u8>> {
    let object = prop::collection::btree_map("[a-z]{1,5}", json_value(), 0..6)
        .prop_map(|members| Value::Object(members.into_iter().collect()).to_string());
    let behind = prop::sample::select(vec!["", "x", "{}", "\0", ",", "}", " \r\n\t "]);
    let front = prop::sample::select(vec!["", "\u{feff}", " ", "[", "//\n"]);
    let member = prop_oneof![
        prop::sample::select(NUMBERS).prop_map(|number| format!("\"n\":{number}")),
        "[a-z]{1,3}".prop_map(|name| format!("\"{name}\":1,\"{name}\":2")),
        (1_usize..200).prop_map(|depth| format!("\"d\":{}{}", "[".repeat(depth), "]".repeat(depth))),
        Just("\"s\":\"\\ud800\"".to_owned()),
        Just("\"s\":\"a\nb\"".to_owned()),
        Just("'q':'single'".to_owned()),
        Just("\"s\\u0075b\":1".to_owned()),
    ];
    let text =
        (front, object, prop::option::of(member), behind).prop_map(|(front, object, member, behind)| {
            let body = match member {
                Some(member) if object == "{}" => format!("{{{member}}}"),
                Some(member) => format!("{{{member},{}", &object[1..]),
                None => object,
            };
            format!("{front}{body}{behind}").into_bytes()
        });
    let text = text.boxed();
    prop_oneof![
        8 => text.clone(),
        1 => text.prop_map(|text| String::from_utf8_lossy(&text).encode_utf16().flat_map(u16::to_le_bytes).collect()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
    ]
}
