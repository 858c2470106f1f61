//! Seeds from the cases of the catalogue.

use std::collections::BTreeMap;

use entra_test_harness::{Attempt, Case};

use crate::fixture::ATTEMPTS;

/// Longer seeds teach the fuzzer nothing new.
const LONGEST: usize = 20 * 1024;

/// The seeds of one target by the names of their files.
pub type Seeds = BTreeMap<String, Vec<u8>>;

/// One seed for each case, except for cases without a seed and seeds that are too long.
pub(super) fn of_cases(seed: impl Fn(&Case, &Attempt) -> Option<Vec<u8>>) -> Seeds {
    let seeds = ATTEMPTS.iter().filter_map(|(case, attempt)| Some((file_name(case), seed(case, attempt)?)));
    seeds.filter(|(_, seed)| seed.len() <= LONGEST).collect()
}

/// Not every file system takes a colon.
fn file_name(case: &Case) -> String {
    case.id.replace("::", ".")
}
