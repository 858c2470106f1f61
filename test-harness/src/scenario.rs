//! A scenario: the identity provider acts, and the API is asked meanwhile.

use entra_mock_idp::{Endpoint, FaultRule, Rotation};

use crate::{Attacker, Attempt, Expect, Severity, World};

/// A sequence of acts. What goes wrong is not a token but what happens around it: keys rotate, the identity provider is
/// down, strangers send floods of requests.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Scenario {
    /// `scenario::what-happens`, unique and stable.
    pub id: &'static str,
    /// What happens, and what a correct API does, in one sentence.
    pub summary: &'static str,
    /// Who can cause it.
    pub mounted_by: Attacker,
    /// How severe it is if the API does otherwise.
    pub severity: Severity,
    /// The rule, or where it was broken.
    pub references: &'static [&'static str],
    /// Whether the API has the identity provider's keys when the scenario begins.
    pub start: Start,
    /// What happens, in this order.
    pub acts: &'static [Act],
}

/// What the API knows when a scenario begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// It has just started and has no keys.
    Cold,
    /// It has accepted an honest token, so it has the keys.
    Warm,
}

/// One act of a scenario. Exhaustive: a player of scenarios must know every act.
#[derive(Debug, Clone, Copy)]
pub enum Act {
    /// Sends one request, which must end like this.
    Send(Request, Expect),
    /// Sends a request every second until it ends like this, for at most this many seconds.
    Until(Request, Expect, u32),
    /// Sends this many requests one after the other. Each must end like this.
    Flood(u32, Request, Expect),
    /// Sends this many requests at once. Each must end like this.
    Herd(u32, Request, Expect),
    /// The identity provider goes wrong.
    Inject(fn(&World) -> FaultRule),
    /// The identity provider recovers.
    Heal,
    /// The identity provider signs with another key.
    Rotate(Rotation),
    /// This many seconds pass, for the API and for the identity provider.
    Pass(u32),
    /// Since the scenario began, or since the last such act for this endpoint, the API has sent it at most this many
    /// requests.
    AskedAtMost(Endpoint, usize),
}

/// Builds what an act sends.
pub type Request = fn(&Moment<'_>) -> Attempt;

/// What an act's request is made from.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The world as it was when the scenario began.
    pub first: &'a World,
    /// The world as it is now.
    pub now: &'a World,
    /// Which of the act's requests this is, counted from 0.
    pub turn: u32,
}
