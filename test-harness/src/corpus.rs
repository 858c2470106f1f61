//! What a fuzzer of somebody's validator starts from.

use crate::{World, catalogue};

/// Names and values of tokens, in libFuzzer's format: a file for its option `-dict`.
pub const DICTIONARY: &str = include_str!("../jose.dict");

/// The catalogue's tokens as seeds: the name of a file, and the token. They are made for the present time, at which the honest
/// ones are accepted: a fuzzer that starts from expired tokens only never gets past their dates.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// # let folder = std::env::temp_dir().join(format!("entra-corpus-{}", std::process::id()));
/// # std::fs::create_dir(&folder)?;
/// for (name, token) in entra_test_harness::corpus() {
///     std::fs::write(folder.join(name), token)?;
/// }
/// # std::fs::remove_dir_all(&folder) }
/// ```
pub fn corpus() -> impl Iterator<Item = (String, String)> {
    let world = World::now("https://mock-idp.example");
    catalogue().filter_map(move |case| {
        let token = case.forge(&world).bearer()?.to_owned();
        // Not every file system takes a colon.
        (token.len() <= LONGEST).then(|| (case.id.replace("::", "."), token))
    })
}

/// In bytes. Longer ones teach a fuzzer nothing new.
const LONGEST: usize = 20 * 1024;
