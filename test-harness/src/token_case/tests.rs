//! The catalogue as tests.

use std::sync::{LazyLock, OnceLock};

use crate::{Expect, World, catalogue};

use super::TokenCase;

/// Nobody serves this URL: a case contains what it needs from the identity provider.
static WORLD: LazyLock<World> = LazyLock::new(|| World::now("https://mock-idp.example"));

type Judge = fn(&TokenCase) -> Result<(), String>;

/// What `catalogue_tests!` makes: a judge, and whether it accepts an honest token.
#[doc(hidden)]
#[derive(Debug)]
pub struct CatalogueTests {
    judge: Judge,
    honest: OnceLock<Result<(), String>>,
}

impl CatalogueTests {
    #[must_use]
    pub const fn new(judge: Judge) -> Self {
        Self { judge, honest: OnceLock::new() }
    }

    /// Judges one case. A refusal proves nothing unless an honest token is accepted.
    ///
    /// # Panics
    ///
    /// If the verdict is not the expected one.
    #[track_caller]
    pub fn test(&self, id: &str) {
        let case = catalogue().find(|case| case.id == id).expect("the catalogue has the case");
        let case = case.for_function(&WORLD).unwrap_or_else(|reason| panic!("{id} is {reason}"));
        let verdict = (self.judge)(&case);
        match (case.expect, verdict) {
            (Expect::Accept, Err(error)) => {
                panic!("refused, and must be accepted: {}: {error}", case.summary)
            }
            (Expect::Refuse(_), Ok(())) => panic!("accepted, and must be refused: {}", case.summary),
            (Expect::Refuse(_), Err(_)) => {
                if let Err(error) = self.honest.get_or_init(|| self.honest()) {
                    panic!("refused like everything, an honest token too: {error}");
                }
            }
            (Expect::Accept, Ok(())) | (Expect::Either { .. }, _) => {}
        }
    }

    fn honest(&self) -> Result<(), String> {
        let honest = catalogue().filter(|case| case.expect == Expect::Accept);
        let first = honest.map(|case| case.for_function(&WORLD)).find_map(Result::ok);
        (self.judge)(&first.expect("the catalogue has an honest token"))
    }
}
