//! What a scripted scene is: the identity provider acts, the API is asked meanwhile.

use entra_mock_idp::{Endpoint, FaultRule};

use crate::{Attacker, Attempt, Expect, Scene, Severity};

/// A scene in steps. What goes wrong is not a token but what happens around it: keys that rotate, a provider that is down,
/// a flood of requests.
///
/// Exhaustive on purpose: a behaviour is a literal, and one that leaves a field out should not compile.
#[derive(Debug, Clone, Copy)]
pub struct Behaviour {
    /// `behaviour::what-happens`, unique and stable.
    pub id: &'static str,
    /// What happens, and what a right API does, in one sentence.
    pub summary: &'static str,
    /// Who can bring it about.
    pub mounted_by: Attacker,
    /// How bad it is if the API does otherwise.
    pub severity: Severity,
    /// Where the rule stands, or where it was broken.
    pub references: &'static [&'static str],
    /// Whether the API has the provider's keys when the scene begins.
    pub start: Start,
    /// What happens, in this order.
    pub steps: &'static [Step],
}

/// What the API knows when a scene begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It was started just now and has no keys.
    Cold,
    /// It has let an honest token in, and so has the keys.
    Warm,
}

/// One step of a scene. Exhaustive: who plays scenes must know every step.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A request is sent, and must end so.
    Send(Forge, Expect),
    /// A request is sent every second until it ends so, at most for so many seconds.
    Until(Forge, Expect, u32),
    /// So many requests are sent, one after the other; each must end so.
    Flood(u32, Forge, Expect),
    /// So many requests are sent at once; each must end so.
    Herd(u32, Forge, Expect),
    /// The provider goes wrong.
    Inject(fn(&Scene) -> FaultRule),
    /// The provider is well again.
    Heal,
    /// The provider signs with another key; the old ones stay published, or not.
    Rotate {
        /// Whether the old keys stay published.
        keep_old: bool,
    },
    /// So many seconds pass, for the API and for the provider.
    Pass(u32),
    /// Since the scene began, or the last such step for this endpoint, the API has asked it at most so often.
    AskedAtMost(Endpoint, usize),
}

/// Builds what a step sends.
pub type Forge = fn(&Moment<'_>) -> Attempt;

/// What a step's request is made from.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The provider as it was when the scene began.
    pub first: &'a Scene,
    /// The provider as it is now.
    pub now: &'a Scene,
    /// Which of a step's requests this is, counted from 0.
    pub turn: u32,
}
