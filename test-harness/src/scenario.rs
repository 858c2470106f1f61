//! What a scripted scenario is: the identity provider acts, the API is asked meanwhile.

use entra_mock_idp::{Endpoint, FaultRule};

use crate::{Attacker, Attempt, Expect, Severity, World};

/// A scenario in acts. What goes wrong is not a token but what happens around it: keys that rotate, a provider that is down,
/// a flood of requests.
///
/// Exhaustive on purpose: a scenario is a literal, and one that leaves a field out should not compile.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// `scenario::what-happens`, unique and stable.
    pub id: &'static str,
    /// What happens, and what a right API does, in one sentence.
    pub summary: &'static str,
    /// Who can bring it about.
    pub mounted_by: Attacker,
    /// How bad it is if the API does otherwise.
    pub severity: Severity,
    /// Where the rule stands, or where it was broken.
    pub references: &'static [&'static str],
    /// Whether the API has the provider's keys when the scenario begins.
    pub start: Start,
    /// What happens, in this order.
    pub acts: &'static [Act],
}

/// What the API knows when a scenario begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It was started just now and has no keys.
    Cold,
    /// It has let an honest token in, and so has the keys.
    Warm,
}

/// One act of a scenario. Exhaustive: who plays scenarios must know every act.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// A request is sent, and must end so.
    Send(Request, Expect),
    /// A request is sent every second until it ends so, at most for so many seconds.
    Until(Request, Expect, u32),
    /// So many requests are sent, one after the other; each must end so.
    Flood(u32, Request, Expect),
    /// So many requests are sent at once; each must end so.
    Herd(u32, Request, Expect),
    /// The provider goes wrong.
    Inject(fn(&World) -> FaultRule),
    /// The provider is well again.
    Heal,
    /// The provider signs with another key; the old ones stay published, or not.
    Rotate {
        /// Whether the old keys stay published.
        keep_old: bool,
    },
    /// So many seconds pass, for the API and for the provider.
    Pass(u32),
    /// Since the scenario began, or the last such act for this endpoint, the API has asked it at most so often.
    AskedAtMost(Endpoint, usize),
}

/// Builds what an act sends.
pub type Request = fn(&Moment<'_>) -> Attempt;

/// What an act's request is made from.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The provider as it was when the scenario began.
    pub first: &'a World,
    /// The provider as it is now.
    pub now: &'a World,
    /// Which of an act's requests this is, counted from 0.
    pub turn: u32,
}
