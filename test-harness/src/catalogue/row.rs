//! One row of the catalogue: what is a case's own. The rest is its group's.

use entra_mock_idp::TokenBuilder;
use serde_json::Value;

use crate::{Attacker, Attempt, Setting, Severity, World};

/// A case before its group is added to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(super) defect: &'static str,
    pub(super) summary: &'static str,
    pub(super) severity: Severity,
    pub(super) verdict: Verdict,
    pub(super) code: Code,
    pub(super) mounted_by: Attacker,
    pub(super) setting: Setting,
    /// Instead of the group's reference, if there are any.
    pub(super) references: &'static [&'static str],
    pub(crate) sent: Sent,
    pub(crate) documents: Documents,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Verdict {
    Accept,
    Refuse,
    Either(&'static str),
}

/// Which code a refusal carries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Code {
    /// The group's first.
    First,
    /// Another one of the group's.
    Own(&'static str),
    /// Another group's: the defect is found there.
    Foreign(&'static str),
}

/// How the request is made.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Sent {
    Token(fn(&World) -> TokenBuilder),
    Text(fn(&World) -> String),
    Request(fn(&World) -> Attempt),
}

/// What the identity provider publishes meanwhile.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Documents {
    Honest,
    /// The honest key set and this key, which comes first.
    Key(fn(&World) -> Value),
    KeySet(fn(&World) -> Value),
    /// This status and body in place of the discovery document.
    Discovery(u16, fn(&World) -> String),
    /// This status and body in place of the key set.
    Keys(u16, fn(&World) -> String),
}

type Text = &'static str;

/// A token that must be refused.
pub(super) const fn refuse(
    severity: Severity,
    defect: Text,
    summary: Text,
    token: fn(&World) -> TokenBuilder,
) -> Row {
    row(severity, defect, summary, Verdict::Refuse, Sent::Token(token))
}

/// The same for a token that no builder makes.
pub(super) const fn refuse_text(
    severity: Severity,
    defect: Text,
    summary: Text,
    token: fn(&World) -> String,
) -> Row {
    row(severity, defect, summary, Verdict::Refuse, Sent::Text(token))
}

/// The same for a request that is not one bearer token.
pub(super) const fn refuse_request(
    severity: Severity,
    defect: Text,
    summary: Text,
    request: fn(&World) -> Attempt,
) -> Row {
    row(severity, defect, summary, Verdict::Refuse, Sent::Request(request))
}

/// A token that must be accepted.
pub(super) const fn accept(
    severity: Severity,
    defect: Text,
    summary: Text,
    token: fn(&World) -> TokenBuilder,
) -> Row {
    row(severity, defect, summary, Verdict::Accept, Sent::Token(token))
}

/// The same for a request that is not one bearer token.
pub(super) const fn accept_request(
    severity: Severity,
    defect: Text,
    summary: Text,
    request: fn(&World) -> Attempt,
) -> Row {
    row(severity, defect, summary, Verdict::Accept, Sent::Request(request))
}

const fn row(severity: Severity, defect: Text, summary: Text, verdict: Verdict, sent: Sent) -> Row {
    Row {
        defect,
        summary,
        severity,
        verdict,
        code: Code::First,
        mounted_by: Attacker::KeyHolder,
        setting: Setting::Plain,
        references: &[],
        sent,
        documents: Documents::Honest,
    }
}

impl Row {
    /// Who can send it, if not only the holder of the signing key.
    pub(super) const fn by(self, mounted_by: Attacker) -> Self {
        Self { mounted_by, ..self }
    }

    /// What the API must be set up with.
    pub(super) const fn on(self, setting: Setting) -> Self {
        Self { setting, ..self }
    }

    /// References in place of the group's.
    pub(super) const fn see(self, references: &'static [&'static str]) -> Self {
        Self { references, ..self }
    }

    /// Accepting it is right, too, and why.
    pub(super) const fn either(self, why: Text) -> Self {
        Self { verdict: Verdict::Either(why), ..self }
    }

    /// One of the group's codes, if not the first.
    pub(super) const fn code(self, code: Text) -> Self {
        Self { code: Code::Own(code), ..self }
    }

    /// The code of another group: an earlier or a later step finds the defect.
    pub(super) const fn caught_as(self, code: Text) -> Self {
        Self { code: Code::Foreign(code), ..self }
    }

    /// While the key set holds this key as well, in first place.
    pub(super) const fn publishing(self, jwk: fn(&World) -> Value) -> Self {
        Self { documents: Documents::Key(jwk), ..self }
    }

    /// While this key set is published.
    pub(super) const fn key_set(self, key_set: fn(&World) -> Value) -> Self {
        Self { documents: Documents::KeySet(key_set), ..self }
    }

    /// While the discovery document's URL answers with this status and body.
    pub(super) const fn discovery(self, status: u16, body: fn(&World) -> String) -> Self {
        Self { documents: Documents::Discovery(status, body), ..self }
    }

    /// While the key set's URL answers with this status and body.
    pub(super) const fn keys(self, status: u16, body: fn(&World) -> String) -> Self {
        Self { documents: Documents::Keys(status, body), ..self }
    }
}
