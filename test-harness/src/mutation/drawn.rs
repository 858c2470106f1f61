//! Changes out of a fuzzer's bytes.

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Value, json};

use super::vocabulary::{NAMES, NewValue, TEXTS};

/// One with a meaning, mostly.
pub(super) fn name(bytes: &mut Unstructured<'_>) -> Result<String> {
    if bytes.ratio(7, 8)? { known(bytes, &NAMES) } else { String::arbitrary(bytes) }
}

fn known(bytes: &mut Unstructured<'_>, texts: &[&str]) -> Result<String> {
    bytes.choose(texts).map(|text| (*text).to_owned())
}

impl Arbitrary<'_> for NewValue {
    fn arbitrary(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let json: Value = match bytes.int_in_range(0..=9)? {
            0 => return Ok(Self::Moment(bytes.arbitrary()?)),
            1 => return Ok(Self::Honest(bytes.arbitrary()?)),
            2 => Value::Null,
            3 => json!(bool::arbitrary(bytes)?),
            4 => json!(i64::arbitrary(bytes)?),
            5 => json!(f64::arbitrary(bytes)?),
            6 => json!(String::arbitrary(bytes)?),
            7 => (0..bytes.int_in_range(0..=8)?).map(|_| known(bytes, &TEXTS)).collect::<Result<_>>()?,
            // This many nested arrays.
            8 => (0..u8::arbitrary(bytes)?).fold(json!(0), |inner, _| json!([inner])),
            _ => json!(known(bytes, &TEXTS)?),
        };
        Ok(Self::Json(json))
    }
}
