//! JSON read strictly: what [RFC 8259 §4] leaves open, and what JOSE forbids ([RFC 7515 §4], [RFC 7519 §4]), is refused.
//!
//! No duplicate member at any depth (compared after unescaping), no number that is not finite, no nesting beyond
//! [`MAX_DEPTH`], no more values than the caller allows, nothing after the value. Strings borrow from the input wherever
//! they hold no escape. The work is bounded by the number of values: a byte of `[{},{},..]` costs as much as ten bytes of
//! an honest document, so a limit on bytes alone bounds nothing.
//!
//! [RFC 8259 §4]: https://www.rfc-editor.org/rfc/rfc8259#section-4
//! [RFC 7515 §4]: https://www.rfc-editor.org/rfc/rfc7515#section-4
//! [RFC 7519 §4]: https://www.rfc-editor.org/rfc/rfc7519#section-4

use std::{borrow::Cow, cell::Cell, collections::BTreeSet, fmt};

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// How deep objects and arrays may be nested.
pub(crate) const MAX_DEPTH: usize = 32;

/// Objects up to this size are checked for duplicates without a set, which takes longer to build than a token to read.
const SMALL_OBJECT: usize = 32;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// Also integers beyond `i64`: nothing in a token needs them exactly.
    Float(f64),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Object<'a>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// Reads one JSON object of at most `most` values, itself included, and nothing else. The error says what is wrong and
    /// where, never what the text holds.
    pub(crate) fn parse(bytes: &'a [u8], most: usize) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let limits = Limits { values: Cell::new(most), exceeded: Cell::new(None) };
        match (Strict { depth: 0, limits: &limits })
            .deserialize(&mut deserializer)
            .and_then(|v| deserializer.end().map(|()| v))
        {
            Ok(Value::Object(object)) => Ok(object),
            Ok(_) => Err("not a JSON object".into()),
            Err(error) => Err(describe(&error, limits.exceeded.get())),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    fn has_duplicates(&self) -> bool {
        let names = self.0.iter().map(|(name, _)| name.as_ref());
        if self.0.len() > SMALL_OBJECT {
            return names.collect::<BTreeSet<_>>().len() < self.0.len();
        }
        // Equal names fall into one of 128 bins; only where two do are names compared.
        let mut bins = 0_u128;
        names.enumerate().any(|(place, name)| {
            let bin = 1 << (rough_hash(name) % 128);
            let seen = bins & bin != 0;
            bins |= bin;
            seen && self.0[..place].iter().any(|(earlier, _)| earlier == name)
        })
    }
}

/// The names of claims differ in their length or in one of these letters.
fn rough_hash(name: &str) -> usize {
    let letter = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let bytes = name.as_bytes();
    letter(bytes.first()) * 31 + letter(bytes.get(1)) * 3 + letter(bytes.last()) * 7 + bytes.len()
}

impl<'a> Value<'a> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&[Value<'a>]> {
        match self {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// An array in which every item is a string.
    pub(crate) fn as_strings(&self) -> Option<Vec<String>> {
        self.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    }
}

impl PartialEq<serde_json::Value> for Value<'_> {
    fn eq(&self, other: &serde_json::Value) -> bool {
        use serde_json::Value as Other;
        match (self, other) {
            (Value::Null, Other::Null) => true,
            (Value::Bool(a), Other::Bool(b)) => a == b,
            (Value::Integer(a), Other::Number(b)) => b.as_i64() == Some(*a),
            (Value::Float(a), Other::Number(b)) => b.as_f64() == Some(*a),
            (Value::String(a), Other::String(b)) => a == b,
            (Value::Array(a), Other::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b),
            (Value::Object(a), Other::Object(b)) => {
                a.0.len() == b.len() && b.iter().all(|(name, b)| a.get(name).is_some_and(|a| a == b))
            }
            _ => false,
        }
    }
}

/// serde's own text for a wrong value quotes it; only the texts below and the place are safe to pass on.
fn describe(error: &serde_json::Error, reason: Option<&str>) -> String {
    let reason = reason.unwrap_or(match error.classify() {
        serde_json::error::Category::Data => "unusable value",
        _ => "not JSON",
    });
    format!("{reason} at line {} column {}", error.line(), error.column())
}

const DUPLICATE: &str = "duplicate member";
const TOO_DEEP: &str = "nested too deeply";
const TOO_MANY: &str = "too many values";
/// The member in which `serde_json` hands over a number under its feature `arbitrary_precision`.
const ARBITRARY_PRECISION: &str = "$serde_json::private::Number";

/// What a document may still have, and what it has had too much of.
struct Limits {
    values: Cell<usize>,
    exceeded: Cell<Option<&'static str>>,
}

impl Limits {
    fn refuse<E: de::Error>(&self, reason: &'static str) -> E {
        self.exceeded.set(Some(reason));
        E::custom(reason)
    }
}

/// A value at this depth.
#[derive(Clone, Copy)]
struct Strict<'l> {
    depth: usize,
    limits: &'l Limits,
}

impl Strict<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        if self.depth == MAX_DEPTH {
            return Err(self.limits.refuse(TOO_DEEP));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        let Some(left) = self.limits.values.get().checked_sub(1) else {
            return Err(self.limits.refuse(TOO_MANY));
        };
        self.limits.values.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Integer(value))
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "only taken beyond i64, where no claim needs the exact value"
    )]
    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Owned(value.to_owned())))
    }

    /// An owned string is no string of the text, all of which are visited as `&str`: it is a number that is not an integer, as
    /// `serde_json` spells it if any crate in the build turns on its feature `arbitrary_precision`.
    fn visit_string<E: de::Error>(self, digits: String) -> Result<Value<'de>, E> {
        let finite = digits.parse().ok().filter(|number: &f64| number.is_finite());
        finite.map(Value::Float).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        let inner = self.deeper()?;
        // Room for an honest header or claims set; what is nested in it is mostly empty, or small.
        let mut members = Vec::with_capacity(if self.depth == 0 { 32 } else { 0 });
        while let Some(name) = access.next_key_seed(Name)? {
            members.push((name, access.next_value_seed(inner)?));
        }
        if let [(name, number @ Value::Float(_))] = members.as_slice()
            && name == ARBITRARY_PRECISION
        {
            return Ok(number.clone());
        }
        let object = Object(members);
        if object.has_duplicates() {
            return Err(self.limits.refuse(DUPLICATE));
        }
        Ok(Value::Object(object))
    }
}

struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a member name")
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(value.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: usize = 1_000;

    fn parse(text: &str) -> Result<Object<'_>, String> {
        Object::parse(text.as_bytes(), ENOUGH)
    }

    #[track_caller]
    fn refused(text: &str, reason: &str) {
        let error = parse(text).expect_err(text);
        assert!(error.contains(reason), "{text}: {error}");
    }

    #[test]
    fn duplicate_members_are_refused_at_any_depth_and_however_they_are_escaped() {
        refused(r#"{"a":1,"a":1}"#, "duplicate member");
        refused(r#"{"tid":"x","t\u0069d":"y"}"#, "duplicate member");
        refused(r#"{"x":[{"a":1,"b":2,"a":3}]}"#, "duplicate member");
        let many = (0..100).map(|n| format!("\"m{n}\":0,")).collect::<Vec<_>>().concat();
        refused(&format!("{{{many}\"m7\":1}}"), "duplicate member");
        assert!(parse(&format!("{{{many}\"m100\":1}}")).is_ok());
    }

    #[test]
    fn numbers_beyond_every_float_are_refused() {
        refused(r#"{"exp":1e400}"#, "line 1");
        refused(&format!(r#"{{"exp":{}}}"#, "9".repeat(400)), "line 1");
        refused(r#"{"exp":NaN}"#, "not JSON");
    }

    /// What `serde_json` does under its feature `arbitrary_precision`, which any crate in a build can turn on.
    #[test]
    fn a_number_in_arbitrary_precision_is_the_number() {
        let visited = |digits: &str| {
            let members = [(ARBITRARY_PRECISION, digits.to_owned())].into_iter();
            let map = de::value::MapDeserializer::<_, serde_json::Error>::new(members);
            let limits = Limits { values: Cell::new(ENOUGH), exceeded: Cell::new(None) };
            Strict { depth: 0, limits: &limits }.deserialize(map)
        };
        assert_eq!(visited("1767229200.5").unwrap(), Value::Float(1_767_229_200.5));
        assert_eq!(visited("99999999999999999999").unwrap(), Value::Float(1e20));
        assert!(visited("1e400").is_err() && visited("x").is_err());
        assert!(parse(r#"{"exp":1.5}"#).is_ok(), "any other object is an object");
    }

    #[test]
    fn nesting_is_limited_and_the_limit_itself_is_allowed() {
        let nested = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH - 1)).is_ok());
        refused(&nested(MAX_DEPTH), "nested too deeply");
        refused(&nested(100_000), "nested too deeply");
    }

    #[test]
    fn only_one_whole_object_in_utf8_is_json_here() {
        for text in ["", "[]", "null", "\"x\"", "{", "{} {}", "{}x", "\u{feff}{}", "{'a':1}", r#"{"a":01}"#] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(Object::parse(b"{\"x\":\"\xff\"}", ENOUGH).is_err());
        assert!(parse(r#"{"x":"\ud800"}"#).is_err());
        assert!(parse(" {\r\n \"x\" : 1 } ").is_ok());
    }

    #[test]
    fn an_error_never_quotes_the_text() {
        let error = parse(r#"{"secret-name":"secret-value","secret-name":1}"#).unwrap_err();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn values_are_counted_at_every_depth_and_the_last_one_that_is_allowed_is_read() {
        let five = r#"{"a":[{},"x"],"b":1}"#;
        assert!(Object::parse(five.as_bytes(), 5).is_ok());
        let error = Object::parse(five.as_bytes(), 4).unwrap_err();
        assert!(error.starts_with("too many values at line 1"), "{error}");
    }
}
