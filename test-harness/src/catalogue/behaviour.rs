//! Scenes: what the identity provider does, and what strangers make the API ask of it.

use entra_mock_idp::{
    Endpoint::{Discovery, Jwks},
    Fault, Signature,
};
use serde_json::json;

use crate::{
    Attacker::{Anyone, Provider},
    Attempt, Behaviour,
    Expect::{self, Accept, Refuse},
    Moment, Severity,
    Start::{Cold, Warm},
    Step::{AskedAtMost, Flood, Heal, Herd, Inject, Pass, Rotate, Send, Until},
};

const NO_METADATA: Expect = Refuse("auth_oidc_error");
const NO_KEYS: Expect = Refuse("auth_jwks_error");
const UNKNOWN_KEY: Expect = Refuse("auth_token_key_unknown");
const BROKEN: Expect = Refuse("auth_token_signature_untrusted");
const EXPIRED: Expect = Refuse("auth_token_expired");

fn honest(moment: &Moment<'_>) -> Attempt {
    Attempt::token(moment.now.token().sign())
}

fn of_the_first_key(moment: &Moment<'_>) -> Attempt {
    Attempt::token(moment.first.token().sign())
}

fn unknown_key(moment: &Moment<'_>) -> Attempt {
    Attempt::token(moment.now.token().header("kid", format!("nobody-has-{}", moment.turn)).sign())
}

fn tampered(moment: &Moment<'_>) -> Attempt {
    Attempt::token(moment.now.token().signature(Signature::Tampered).sign())
}

fn junk(_: &Moment<'_>) -> Attempt {
    Attempt::token("junk")
}

pub(super) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        id: "behaviour::planned-rotation",
        summary: "Keys rotate as Entra rotates them, the next one published ahead: nobody notices.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[
            Rotate { keep_old: true },
            Send(honest, Accept),
            Send(of_the_first_key, Accept),
            AskedAtMost(Jwks, 2),
        ],
    },
    Behaviour {
        id: "behaviour::new-key",
        summary: "A token is signed by a key that the API has never seen: it asks once, and lets the token in.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[
            Rotate { keep_old: true },
            Rotate { keep_old: true },
            Until(honest, Accept, 300),
            Send(of_the_first_key, Accept),
            AskedAtMost(Jwks, 4),
        ],
    },
    Behaviour {
        id: "behaviour::emergency-rotation",
        summary: "All keys are replaced at once: the new one is taken, and the old ones are refused from then on.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[
            Rotate { keep_old: false },
            Until(honest, Accept, 300),
            Until(of_the_first_key, UNKNOWN_KEY, 300),
            AskedAtMost(Jwks, 6),
        ],
    },
    Behaviour {
        id: "behaviour::rotation-after-a-flood",
        summary: "Strangers flood the API with unknown keys, then the keys really rotate: the flood must not keep the new key out.",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-48524"],
        start: Warm,
        steps: &[Flood(50, unknown_key, UNKNOWN_KEY), Rotate { keep_old: false }, Until(honest, Accept, 300)],
    },
    Behaviour {
        id: "behaviour::unknown-key-flood",
        summary: "A hundred tokens name a hundred keys that nobody has: the provider is asked once, not a hundred times.",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-48524"],
        start: Warm,
        steps: &[
            Flood(100, unknown_key, UNKNOWN_KEY),
            AskedAtMost(Jwks, 3),
            AskedAtMost(Discovery, 3),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::unknown-key-herd",
        summary: "Fifty such tokens at once.",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-48524"],
        start: Warm,
        steps: &[Herd(50, unknown_key, UNKNOWN_KEY), AskedAtMost(Jwks, 3), AskedAtMost(Discovery, 3)],
    },
    Behaviour {
        id: "behaviour::junk-flood",
        summary: "A hundred tokens that are none: nobody is asked for keys.",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["RFC 6750 §3.1"],
        start: Warm,
        steps: &[
            Flood(100, junk, Refuse("auth_token_invalid")),
            AskedAtMost(Jwks, 0),
            AskedAtMost(Discovery, 0),
        ],
    },
    Behaviour {
        id: "behaviour::broken-signature-flood",
        summary: "A hundred broken signatures under a known key: the key is at hand, and nobody is asked for it again.",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["RFC 7515 §5.2"],
        start: Warm,
        steps: &[Flood(100, tampered, BROKEN), AskedAtMost(Jwks, 0), AskedAtMost(Discovery, 0)],
    },
    Behaviour {
        id: "behaviour::honest-flood",
        summary: "A hundred honest requests: keys are kept, not fetched for each.",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[Flood(100, honest, Accept), AskedAtMost(Jwks, 1), AskedAtMost(Discovery, 1)],
    },
    Behaviour {
        id: "behaviour::herd-at-start",
        summary: "Fifty honest requests at once, right after the start: one fetch serves them all.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9111 §4"],
        start: Cold,
        steps: &[Herd(50, honest, Accept), AskedAtMost(Jwks, 2), AskedAtMost(Discovery, 2)],
    },
    Behaviour {
        id: "behaviour::outage-when-warm",
        summary: "The provider is down: the keys that are at hand go on serving.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: resilience"],
        start: Warm,
        steps: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Flood(10, honest, Accept),
            Send(tampered, BROKEN),
            Send(unknown_key, UNKNOWN_KEY),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::outage-when-cold",
        summary: "The provider is down when the API starts: requests are refused as not to be judged now, and let in once it is back.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9110 §15.6.4"],
        start: Cold,
        steps: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Send(honest, NO_METADATA),
            Heal,
            Until(honest, Accept, 300),
        ],
    },
    Behaviour {
        id: "behaviour::outage-is-no-storm",
        summary: "Fifty requests while the provider is down: it is not asked fifty times.",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["RFC 9110 §10.2.3"],
        start: Cold,
        steps: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Flood(50, honest, NO_METADATA),
            AskedAtMost(Discovery, 5),
            AskedAtMost(Jwks, 5),
        ],
    },
    Behaviour {
        id: "behaviour::one-error",
        summary: "The provider fails once: the API recovers by itself.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9110 §15.6.4"],
        start: Cold,
        steps: &[Inject(|_| Fault::Status(500).on(Jwks).times(1)), Until(honest, Accept, 300)],
    },
    Behaviour {
        id: "behaviour::slow-metadata",
        summary: "The provider takes a minute for its metadata: the request is answered all the same.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["CWE-400"],
        start: Cold,
        steps: &[Inject(|_| Fault::DelayMs(60_000).on(Discovery)), Send(honest, NO_METADATA)],
    },
    Behaviour {
        id: "behaviour::slow-keys",
        summary: "The provider takes a minute for its keys: the request is answered all the same.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["CWE-400"],
        start: Cold,
        steps: &[Inject(|_| Fault::DelayMs(60_000).on(Jwks)), Send(honest, NO_KEYS)],
    },
    Behaviour {
        id: "behaviour::slow-keys-when-warm",
        summary: "The provider takes a minute, and a stranger's token asks for new keys: others are not kept waiting.",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["CWE-400"],
        start: Warm,
        steps: &[
            Inject(|_| Fault::DelayMs(60_000).on(Jwks)),
            Send(unknown_key, UNKNOWN_KEY),
            Flood(10, honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::connection-dropped",
        summary: "The provider ends the connection amid its metadata.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9112 §8"],
        start: Cold,
        steps: &[Inject(|_| Fault::Drop.on(Discovery)), Send(honest, NO_METADATA)],
    },
    Behaviour {
        id: "behaviour::connection-dropped-amid-keys",
        summary: "The provider ends the connection amid its keys.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9112 §8"],
        start: Cold,
        steps: &[Inject(|_| Fault::Drop.on(Jwks)), Send(honest, NO_KEYS)],
    },
    Behaviour {
        id: "behaviour::keys-cut-off",
        summary: "The key set ends in its middle.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §5"],
        start: Cold,
        steps: &[Inject(|_| Fault::Truncate(500).on(Jwks)), Send(honest, NO_KEYS)],
    },
    Behaviour {
        id: "behaviour::endless-metadata",
        summary: "The metadata never ends: it is given up, and the memory holds.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["CWE-770"],
        start: Cold,
        steps: &[Inject(|_| Fault::Endless.on(Discovery)), Send(honest, NO_METADATA)],
    },
    Behaviour {
        id: "behaviour::endless-keys",
        summary: "The key set never ends: it is given up, and the memory holds.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["CWE-770"],
        start: Cold,
        steps: &[Inject(|_| Fault::Endless.on(Jwks)), Send(honest, NO_KEYS)],
    },
    Behaviour {
        id: "behaviour::metadata-redirected-in-a-circle",
        summary: "The metadata redirects to itself, without end.",
        mounted_by: Provider,
        severity: Severity::Medium,
        references: &["RFC 9110 §15.4"],
        start: Cold,
        steps: &[
            Inject(|scene| Fault::Redirect(scene.discovery_url()).on(Discovery)),
            Send(honest, NO_METADATA),
            AskedAtMost(Discovery, 30),
        ],
    },
    Behaviour {
        id: "behaviour::keys-redirected-in-a-circle",
        summary: "The key set redirects to itself, without end.",
        mounted_by: Provider,
        severity: Severity::Medium,
        references: &["RFC 9110 §15.4"],
        start: Cold,
        steps: &[
            Inject(|scene| Fault::Redirect(scene.jwks_uri()).on(Jwks)),
            Send(honest, NO_KEYS),
            AskedAtMost(Jwks, 30),
        ],
    },
    Behaviour {
        id: "behaviour::keys-gone",
        summary: "The key set is empty all of a sudden: the keys that are at hand go on serving.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §5"],
        start: Warm,
        steps: &[
            Inject(|_| Fault::Body(json!({"keys": []}).to_string()).on(Jwks)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::keys-become-a-page",
        summary: "A proxy answers with a page for people in the key set's place: the keys that are at hand go on serving.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §5"],
        start: Warm,
        steps: &[
            Inject(|_| Fault::Body("<html>sign in to the hotel's network</html>".to_owned()).on(Jwks)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::issuer-changes",
        summary: "The metadata names another issuer all of a sudden: tokens of that issuer are refused, and ours let in.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["OpenID Connect Discovery §4.3"],
        start: Warm,
        steps: &[
            Inject(|scene| Fault::Body(scene.discovery_document("https://evil.example/v2.0")).on(Discovery)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(
                |moment| Attempt::token(moment.now.token().claim("iss", "https://evil.example/v2.0").sign()),
                Refuse("auth_token_issuer_untrusted"),
            ),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::good-then-tampered",
        summary: "A token is let in, then the same with a broken signature: what was remembered of the first says nothing of the second.",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-35030", "GHSA-rp9m-7r4c-75qg"],
        start: Warm,
        steps: &[
            Send(honest, Accept),
            Send(honest, Accept),
            Send(tampered, BROKEN),
            Send(
                |moment| {
                    let other = moment.now.token().claim("oid", "another").claim("sub", "another");
                    Attempt::token(moment.now.spliced(&other))
                },
                BROKEN,
            ),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::refused-then-good",
        summary: "A token is refused, then a good one with the same beginning is let in: what was remembered of the first says nothing of the second.",
        mounted_by: Anyone,
        severity: Severity::Medium,
        references: &["CVE-2026-35030"],
        start: Warm,
        steps: &[Send(tampered, BROKEN), Send(honest, Accept)],
    },
    Behaviour {
        id: "behaviour::expires-while-remembered",
        summary: "A token is let in, and again after its end: it is refused, however well it is remembered.",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["RFC 7519 §4.1.4"],
        start: Warm,
        steps: &[
            Send(of_the_first_key, Accept),
            Pass(26 * 3600),
            Send(of_the_first_key, EXPIRED),
            Send(honest, Accept),
        ],
    },
    Behaviour {
        id: "behaviour::key-withdrawn-while-remembered",
        summary: "A token is let in, then its key is withdrawn: it is refused, however well it is remembered.",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[
            Send(of_the_first_key, Accept),
            Rotate { keep_old: false },
            Until(honest, Accept, 300),
            Until(of_the_first_key, UNKNOWN_KEY, 300),
        ],
    },
    Behaviour {
        id: "behaviour::day-after-day",
        summary: "Three days pass: keys are refreshed now and then, and every day's tokens are let in.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[
            Pass(86_400),
            Send(honest, Accept),
            Pass(86_400),
            Send(honest, Accept),
            Pass(86_400),
            Send(honest, Accept),
            AskedAtMost(Jwks, 8),
        ],
    },
    Behaviour {
        id: "behaviour::another-key-under-the-name",
        summary: "The provider publishes another key under a known name: within a day it is the one that counts.",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §4.5"],
        start: Warm,
        steps: &[
            Inject(|scene| {
                let jwk = scene.other_jwk(json!({"kid": scene.kid()}));
                Fault::Body(json!({"keys": [jwk]}).to_string()).on(Jwks)
            }),
            Pass(25 * 3600),
            Until(
                |moment| {
                    let scene = moment.now;
                    let token = scene.token().signed_by(scene.other_key()).header("kid", scene.kid());
                    Attempt::token(token.sign())
                },
                Accept,
                300,
            ),
            Send(honest, BROKEN),
        ],
    },
    Behaviour {
        id: "behaviour::outage-of-a-week",
        summary: "The provider is down for a week: keys that old prove nothing any more.",
        mounted_by: Provider,
        severity: Severity::Medium,
        references: &["Entra: signing key rollover"],
        start: Warm,
        steps: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Pass(7 * 86_400),
            Send(honest, NO_METADATA),
            Heal,
            Until(honest, Accept, 300),
        ],
    },
];
