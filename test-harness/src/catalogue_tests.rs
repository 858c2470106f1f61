//! The macro that makes tests of the catalogue.

/// One test for each case of the catalogue, in a module of this name: `hostile::audience::empty` is a test that `cargo test`
/// and `cargo nextest` find by its name. The tokens are made when the tests run, so they are good or bad at the present time.
///
/// The judge gets a [`TokenCase`](crate::TokenCase) and returns `Ok` if it accepts the token. It is used as a function, so it captures nothing.
/// Cases that no function can judge are ignored, each with the reason. The honest tokens, which must be accepted, are tests as
/// well; and while an honest token is refused, no case counts as refused.
///
/// ```
/// use std::time::SystemTime;
/// use entra_test_harness::{TokenCase, catalogue_tests};
/// use jsonwebtoken::{DecodingKey, Validation, decode, jwk::JwkSet};
/// # #[derive(serde::Deserialize)] struct Claims {}
///
/// fn my_validator(token: &str, keys: &JwkSet, issuer: &str, audience: &str) -> Result<(), String> {
///     # let text = |error: jsonwebtoken::errors::Error| error.to_string();
///     // ..
///     # let kid = jsonwebtoken::decode_header(token).map_err(text)?.kid.ok_or("no kid")?;
///     # let key = DecodingKey::from_jwk(keys.find(&kid).ok_or("unknown key")?).map_err(text)?;
///     # let mut policy = Validation::new(jsonwebtoken::Algorithm::RS256);
///     # (policy.set_issuer(&[issuer]), policy.set_audience(&[audience]));
///     # decode::<Claims>(token, &key, &policy).map(drop).map_err(text)
/// }
///
/// catalogue_tests!(hostile, |case: &TokenCase| {
///     let keys = serde_json::from_value(case.keys.clone()).map_err(|error| error.to_string())?;
///     my_validator(&case.token, &keys, &case.issuer, &case.audience)
/// });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! catalogue_tests {
    ($name:ident, $judge:expr $(,)?) => {
        mod $name {
            #[allow(unused_imports, reason = "the judge may need them")]
            use super::*;

            // Neither name may hide one that the judge uses.
            static __CASES: $crate::CatalogueTests = $crate::CatalogueTests::new(|__case| {
                let judge: fn(&$crate::TokenCase) -> ::std::result::Result<(), ::std::string::String> =
                    $judge;
                judge(__case)
            });

            $crate::__catalogue_cases!(super::__CASES);
        }
    };
}
