//! Scenarios: what the identity provider does, and what strangers make the API ask of it.

use entra_mock_idp::{
    Endpoint::{Discovery, Jwks},
    Fault,
    Rotation::{Emergency, Planned},
    Signature,
};
use serde_json::json;

use super::Group;
use crate::{
    Act::{AskedAtMost, Flood, Heal, Herd, Inject, Pass, Rotate, Send, Until},
    Attacker::{Anyone, Provider},
    Attempt,
    Expect::{self, Accept, Refuse},
    Moment, Scenario, Severity,
    Start::{Cold, Warm},
};

pub(super) const GROUP: Group = Group {
    step: None,
    name: "scenario",
    codes: &[],
    reference: "Entra: signing key rollover",
    about: "Sequences of acts: keys rotate, the identity provider is down or slow, strangers send floods \
        of requests.",
    harm: "The API stops when the identity provider does, never learns new keys, trusts old ones \
        forever, or becomes a weapon against the identity provider.",
    rows: &[],
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

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "scenario::planned-rotation",
        summary: "The keys rotate, with the next key published in advance, and every request is accepted",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[Rotate(Planned), Send(honest, Accept), Send(of_the_first_key, Accept), AskedAtMost(Jwks, 2)],
    },
    Scenario {
        id: "scenario::new-key",
        summary: "The API meets a new key, fetches the key set once and accepts the token",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[
            Rotate(Planned),
            Rotate(Planned),
            Until(honest, Accept, 300),
            Send(of_the_first_key, Accept),
            AskedAtMost(Jwks, 4),
        ],
    },
    Scenario {
        id: "scenario::emergency-rotation",
        summary: "All keys are replaced at once; the API accepts the new key and refuses the old ones",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[
            Rotate(Emergency),
            Until(honest, Accept, 300),
            Until(of_the_first_key, UNKNOWN_KEY, 300),
            AskedAtMost(Jwks, 6),
        ],
    },
    Scenario {
        id: "scenario::rotation-after-a-flood",
        summary: "The keys rotate after a flood of unknown keys, and the API still learns the new key",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-48524"],
        start: Warm,
        acts: &[Flood(50, unknown_key, UNKNOWN_KEY), Rotate(Emergency), Until(honest, Accept, 300)],
    },
    Scenario {
        id: "scenario::unknown-key-flood",
        summary: "100 tokens with 100 unknown keys cause at most a few fetches",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-48524"],
        start: Warm,
        acts: &[
            Flood(100, unknown_key, UNKNOWN_KEY),
            AskedAtMost(Jwks, 3),
            AskedAtMost(Discovery, 3),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::unknown-key-herd",
        summary: "50 concurrent tokens with unknown keys cause at most a few fetches",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-48524"],
        start: Warm,
        acts: &[Herd(50, unknown_key, UNKNOWN_KEY), AskedAtMost(Jwks, 3), AskedAtMost(Discovery, 3)],
    },
    Scenario {
        id: "scenario::junk-flood",
        summary: "100 junk tokens cause no fetch",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["RFC 6750 §3.1"],
        start: Warm,
        acts: &[
            Flood(100, junk, Refuse("auth_token_invalid")),
            AskedAtMost(Jwks, 0),
            AskedAtMost(Discovery, 0),
        ],
    },
    Scenario {
        id: "scenario::broken-signature-flood",
        summary: "100 tokens with broken signatures under a known key cause no fetch",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["RFC 7515 §5.2"],
        start: Warm,
        acts: &[Flood(100, tampered, BROKEN), AskedAtMost(Jwks, 0), AskedAtMost(Discovery, 0)],
    },
    Scenario {
        id: "scenario::honest-flood",
        summary: "100 honest requests are served from cached keys",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[Flood(100, honest, Accept), AskedAtMost(Jwks, 1), AskedAtMost(Discovery, 1)],
    },
    Scenario {
        id: "scenario::herd-at-start",
        summary: "50 concurrent requests to a freshly started API share one fetch",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9111 §4"],
        start: Cold,
        acts: &[Herd(50, honest, Accept), AskedAtMost(Jwks, 2), AskedAtMost(Discovery, 2)],
    },
    Scenario {
        id: "scenario::outage-when-warm",
        summary: "The identity provider is down, and the API goes on with its cached keys",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: resilience"],
        start: Warm,
        acts: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Flood(10, honest, Accept),
            Send(tampered, BROKEN),
            Send(unknown_key, UNKNOWN_KEY),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::outage-when-cold",
        summary: "The identity provider is down when the API starts: requests get 503 until it is back",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9110 §15.6.4"],
        start: Cold,
        acts: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Send(honest, NO_METADATA),
            Heal,
            Until(honest, Accept, 300),
        ],
    },
    Scenario {
        id: "scenario::outage-is-no-storm",
        summary: "50 requests during an outage cause at most a few fetches",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["RFC 9110 §10.2.3"],
        start: Cold,
        acts: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Flood(50, honest, NO_METADATA),
            AskedAtMost(Discovery, 5),
            AskedAtMost(Jwks, 5),
        ],
    },
    Scenario {
        id: "scenario::one-error",
        summary: "The key set URL fails once, and the API recovers by itself",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9110 §15.6.4"],
        start: Cold,
        acts: &[Inject(|_| Fault::Status(500).on(Jwks).times(1)), Until(honest, Accept, 300)],
    },
    Scenario {
        id: "scenario::slow-metadata",
        summary: "The metadata takes a minute, and the API still answers in time",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["CWE-400"],
        start: Cold,
        acts: &[Inject(|_| Fault::DelayMs(60_000).on(Discovery)), Send(honest, NO_METADATA)],
    },
    Scenario {
        id: "scenario::slow-keys",
        summary: "The key set takes a minute, and the API still answers in time",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["CWE-400"],
        start: Cold,
        acts: &[Inject(|_| Fault::DelayMs(60_000).on(Jwks)), Send(honest, NO_KEYS)],
    },
    Scenario {
        id: "scenario::slow-keys-when-warm",
        summary: "The key set is slow while a stranger's token asks for a new key, and nobody else waits",
        mounted_by: Anyone,
        severity: Severity::High,
        references: &["CWE-400"],
        start: Warm,
        acts: &[
            Inject(|_| Fault::DelayMs(60_000).on(Jwks)),
            Send(unknown_key, UNKNOWN_KEY),
            Flood(10, honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::connection-dropped",
        summary: "The connection drops during the metadata",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9112 §8"],
        start: Cold,
        acts: &[Inject(|_| Fault::Drop.on(Discovery)), Send(honest, NO_METADATA)],
    },
    Scenario {
        id: "scenario::connection-dropped-amid-keys",
        summary: "The connection drops during the key set",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 9112 §8"],
        start: Cold,
        acts: &[Inject(|_| Fault::Drop.on(Jwks)), Send(honest, NO_KEYS)],
    },
    Scenario {
        id: "scenario::keys-cut-off",
        summary: "The key set ends in the middle",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §5"],
        start: Cold,
        acts: &[Inject(|_| Fault::Truncate(500).on(Jwks)), Send(honest, NO_KEYS)],
    },
    Scenario {
        id: "scenario::endless-metadata",
        summary: "The metadata never ends, and the API stops reading it",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["CWE-770"],
        start: Cold,
        acts: &[Inject(|_| Fault::Endless.on(Discovery)), Send(honest, NO_METADATA)],
    },
    Scenario {
        id: "scenario::endless-keys",
        summary: "The key set never ends, and the API stops reading it",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["CWE-770"],
        start: Cold,
        acts: &[Inject(|_| Fault::Endless.on(Jwks)), Send(honest, NO_KEYS)],
    },
    Scenario {
        id: "scenario::metadata-redirected-in-a-circle",
        summary: "The metadata redirects to itself forever",
        mounted_by: Provider,
        severity: Severity::Medium,
        references: &["RFC 9110 §15.4"],
        start: Cold,
        acts: &[
            Inject(|world| Fault::Redirect(world.discovery_url()).on(Discovery)),
            Send(honest, NO_METADATA),
            AskedAtMost(Discovery, 30),
        ],
    },
    Scenario {
        id: "scenario::keys-redirected-in-a-circle",
        summary: "The key set redirects to itself forever",
        mounted_by: Provider,
        severity: Severity::Medium,
        references: &["RFC 9110 §15.4"],
        start: Cold,
        acts: &[
            Inject(|world| Fault::Redirect(world.jwks_uri()).on(Jwks)),
            Send(honest, NO_KEYS),
            AskedAtMost(Jwks, 30),
        ],
    },
    Scenario {
        id: "scenario::keys-gone",
        summary: "The key set becomes empty, and the API goes on with its cached keys",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §5"],
        start: Warm,
        acts: &[
            Inject(|_| Fault::Body(json!({"keys": []}).to_string()).on(Jwks)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::keys-become-a-page",
        summary: "A proxy replaces the key set with an HTML page, and the API goes on with its cached keys",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §5"],
        start: Warm,
        acts: &[
            Inject(|_| Fault::Body("<html>sign in to the hotel's network</html>".to_owned()).on(Jwks)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::issuer-changes",
        summary: "The metadata suddenly names another issuer, whose tokens are refused",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["OpenID Connect Discovery §4.3"],
        start: Warm,
        acts: &[
            Inject(|world| Fault::Body(world.discovery_document("https://evil.example/v2.0")).on(Discovery)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(
                |moment| Attempt::token(moment.now.token().claim("iss", "https://evil.example/v2.0").sign()),
                Refuse("auth_token_issuer_untrusted"),
            ),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::good-then-tampered",
        summary: "A token is accepted and then sent with a broken signature, which is refused",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["CVE-2026-35030", "GHSA-rp9m-7r4c-75qg"],
        start: Warm,
        acts: &[
            Send(honest, Accept),
            Send(honest, Accept),
            Send(tampered, BROKEN),
            Send(
                |moment| {
                    let other = moment.now.token().claim("oid", "another").claim("sub", "another");
                    Attempt::token(moment.now.forge().spliced(&other))
                },
                BROKEN,
            ),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::refused-then-good",
        summary: "A tampered token is refused, and the good one it was made from is accepted",
        mounted_by: Anyone,
        severity: Severity::Medium,
        references: &["CVE-2026-35030"],
        start: Warm,
        acts: &[Send(tampered, BROKEN), Send(honest, Accept)],
    },
    Scenario {
        id: "scenario::expires-while-remembered",
        summary: "A cached token is refused after it has expired",
        mounted_by: Anyone,
        severity: Severity::Critical,
        references: &["RFC 7519 §4.1.4"],
        start: Warm,
        acts: &[
            Send(of_the_first_key, Accept),
            Pass(26 * 3600),
            Send(of_the_first_key, EXPIRED),
            Send(honest, Accept),
        ],
    },
    Scenario {
        id: "scenario::key-withdrawn-while-remembered",
        summary: "A cached token is refused after its key was withdrawn",
        mounted_by: Provider,
        severity: Severity::Critical,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[
            Send(of_the_first_key, Accept),
            Rotate(Emergency),
            Until(honest, Accept, 300),
            Until(of_the_first_key, UNKNOWN_KEY, 300),
        ],
    },
    Scenario {
        id: "scenario::day-after-day",
        summary: "Three days pass, and each day's tokens are accepted with only a few fetches",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[
            Pass(86_400),
            Send(honest, Accept),
            Pass(86_400),
            Send(honest, Accept),
            Pass(86_400),
            Send(honest, Accept),
            AskedAtMost(Jwks, 8),
        ],
    },
    Scenario {
        id: "scenario::another-key-under-the-name",
        summary: "A known `kid` gets another key, and the API switches to it within a day",
        mounted_by: Provider,
        severity: Severity::High,
        references: &["RFC 7517 §4.5"],
        start: Warm,
        acts: &[
            Inject(|world| {
                let jwk = world.other_jwk(json!({"kid": world.kid()}));
                Fault::Body(json!({"keys": [jwk]}).to_string()).on(Jwks)
            }),
            Pass(25 * 3600),
            Until(
                |moment| {
                    let world = moment.now;
                    let token = world.token().signed_by(world.other_key()).header("kid", world.kid());
                    Attempt::token(token.sign())
                },
                Accept,
                300,
            ),
            Send(honest, BROKEN),
        ],
    },
    Scenario {
        id: "scenario::outage-of-a-week",
        summary: "After a week without the identity provider, the cached keys are no longer trusted",
        mounted_by: Provider,
        severity: Severity::Medium,
        references: &["Entra: signing key rollover"],
        start: Warm,
        acts: &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Pass(7 * 86_400),
            Send(honest, NO_METADATA),
            Heal,
            Until(honest, Accept, 300),
        ],
    },
];
