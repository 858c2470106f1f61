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
    Act::{self, AskedAtMost, Flood, Heal, Herd, Inject, Pass, Rotate, Send, Until},
    Attacker::{self, Anyone, Provider},
    Attempt,
    Expect::{self, Accept, Refuse},
    Moment, Scenario,
    Severity::{self, Critical, High, Medium},
    Start,
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

/// The scenarios, with the name of their group in their ids.
pub(super) fn all() -> impl Iterator<Item = Scenario> {
    let id = |scenario: &Scenario| format!("{}::{}", GROUP.name, scenario.id).leak();
    SCENARIOS.iter().map(move |scenario| Scenario { id: id(scenario), ..*scenario })
}

/// A scenario that begins right after the start of the API, which has no keys yet.
const fn cold(
    severity: Severity,
    name: &'static str,
    summary: &'static str,
    acts: &'static [Act],
) -> Scenario {
    let references = &[GROUP.reference];
    Scenario { id: name, summary, mounted_by: Anyone, severity, references, start: Start::Cold, acts }
}

/// A scenario that begins when the API has accepted an honest token, so that it has the keys.
const fn warm(
    severity: Severity,
    name: &'static str,
    summary: &'static str,
    acts: &'static [Act],
) -> Scenario {
    Scenario { start: Start::Warm, ..cold(severity, name, summary, acts) }
}

impl Scenario {
    const fn by(self, mounted_by: Attacker) -> Self {
        Self { mounted_by, ..self }
    }

    const fn see(self, references: &'static [&'static str]) -> Self {
        Self { references, ..self }
    }
}

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

const SCENARIOS: &[Scenario] = &[
    warm(
        Critical,
        "planned-rotation",
        "The keys rotate, with the next key published in advance, and every request is accepted",
        &[Rotate(Planned), Send(honest, Accept), Send(of_the_first_key, Accept), AskedAtMost(Jwks, 2)],
    )
    .by(Provider),
    warm(
        Critical,
        "new-key",
        "The API meets a new key, fetches the key set once and accepts the token",
        &[
            Rotate(Planned),
            Rotate(Planned),
            Until(honest, Accept, 300),
            Send(of_the_first_key, Accept),
            AskedAtMost(Jwks, 4),
        ],
    )
    .by(Provider),
    warm(
        Critical,
        "emergency-rotation",
        "All keys are replaced at once; the API accepts the new key and refuses the old ones",
        &[
            Rotate(Emergency),
            Until(honest, Accept, 300),
            Until(of_the_first_key, UNKNOWN_KEY, 300),
            AskedAtMost(Jwks, 6),
        ],
    )
    .by(Provider),
    warm(
        Critical,
        "rotation-after-a-flood",
        "The keys rotate after a flood of unknown keys, and the API still learns the new key",
        &[Flood(50, unknown_key, UNKNOWN_KEY), Rotate(Emergency), Until(honest, Accept, 300)],
    )
    .see(&["CVE-2026-48524"]),
    warm(
        Critical,
        "unknown-key-flood",
        "100 tokens with 100 unknown keys cause at most a few fetches",
        &[
            Flood(100, unknown_key, UNKNOWN_KEY),
            AskedAtMost(Jwks, 3),
            AskedAtMost(Discovery, 3),
            Send(honest, Accept),
        ],
    )
    .see(&["CVE-2026-48524"]),
    warm(
        Critical,
        "unknown-key-herd",
        "50 concurrent tokens with unknown keys cause at most a few fetches",
        &[Herd(50, unknown_key, UNKNOWN_KEY), AskedAtMost(Jwks, 3), AskedAtMost(Discovery, 3)],
    )
    .see(&["CVE-2026-48524"]),
    warm(
        High,
        "junk-flood",
        "100 junk tokens cause no fetch",
        &[Flood(100, junk, Refuse("auth_token_invalid")), AskedAtMost(Jwks, 0), AskedAtMost(Discovery, 0)],
    )
    .see(&["RFC 6750 §3.1"]),
    warm(
        High,
        "broken-signature-flood",
        "100 tokens with broken signatures under a known key cause no fetch",
        &[Flood(100, tampered, BROKEN), AskedAtMost(Jwks, 0), AskedAtMost(Discovery, 0)],
    )
    .see(&["RFC 7515 §5.2"]),
    warm(
        High,
        "honest-flood",
        "100 honest requests are served from cached keys",
        &[Flood(100, honest, Accept), AskedAtMost(Jwks, 1), AskedAtMost(Discovery, 1)],
    ),
    cold(
        High,
        "herd-at-start",
        "50 concurrent requests to a freshly started API share one fetch",
        &[Herd(50, honest, Accept), AskedAtMost(Jwks, 2), AskedAtMost(Discovery, 2)],
    )
    .by(Provider)
    .see(&["RFC 9111 §4"]),
    warm(
        Critical,
        "outage-when-warm",
        "The identity provider is down, and the API goes on with its cached keys",
        &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Flood(10, honest, Accept),
            Send(tampered, BROKEN),
            Send(unknown_key, NO_KEYS),
            Send(honest, Accept),
        ],
    )
    .by(Provider)
    .see(&["Entra: resilience"]),
    cold(
        High,
        "outage-when-cold",
        "The identity provider is down when the API starts: requests get 503 until it is back",
        &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Send(honest, NO_METADATA),
            Heal,
            Until(honest, Accept, 300),
        ],
    )
    .by(Provider)
    .see(&["RFC 9110 §15.6.4"]),
    cold(
        High,
        "outage-is-no-storm",
        "50 requests during an outage cause at most a few fetches",
        &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Flood(50, honest, NO_METADATA),
            AskedAtMost(Discovery, 5),
            AskedAtMost(Jwks, 5),
        ],
    )
    .see(&["RFC 9110 §10.2.3"]),
    cold(
        High,
        "one-error",
        "The key set URL fails once, and the API recovers by itself",
        &[Inject(|_| Fault::Status(500).on(Jwks).times(1)), Until(honest, Accept, 300)],
    )
    .by(Provider)
    .see(&["RFC 9110 §15.6.4"]),
    cold(
        Critical,
        "slow-metadata",
        "The metadata takes a minute, and the API still answers in time",
        &[Inject(|_| Fault::DelayMs(60_000).on(Discovery)), Send(honest, NO_METADATA)],
    )
    .by(Provider)
    .see(&["CWE-400"]),
    cold(
        Critical,
        "slow-keys",
        "The key set takes a minute, and the API still answers in time",
        &[Inject(|_| Fault::DelayMs(60_000).on(Jwks)), Send(honest, NO_KEYS)],
    )
    .by(Provider)
    .see(&["CWE-400"]),
    warm(
        High,
        "slow-keys-when-warm",
        "The key set is slow while a stranger's token asks for a new key, and nobody else waits",
        &[Inject(|_| Fault::DelayMs(60_000).on(Jwks)), Send(unknown_key, NO_KEYS), Flood(10, honest, Accept)],
    )
    .see(&["CWE-400"]),
    cold(
        High,
        "connection-dropped",
        "The connection drops during the metadata",
        &[Inject(|_| Fault::Drop.on(Discovery)), Send(honest, NO_METADATA)],
    )
    .by(Provider)
    .see(&["RFC 9112 §8"]),
    cold(
        High,
        "connection-dropped-amid-keys",
        "The connection drops during the key set",
        &[Inject(|_| Fault::Drop.on(Jwks)), Send(honest, NO_KEYS)],
    )
    .by(Provider)
    .see(&["RFC 9112 §8"]),
    cold(
        High,
        "keys-cut-off",
        "The key set ends in the middle",
        &[Inject(|_| Fault::Truncate(500).on(Jwks)), Send(honest, NO_KEYS)],
    )
    .by(Provider)
    .see(&["RFC 7517 §5"]),
    cold(
        High,
        "endless-metadata",
        "The metadata never ends, and the API stops reading it",
        &[Inject(|_| Fault::Endless.on(Discovery)), Send(honest, NO_METADATA)],
    )
    .by(Provider)
    .see(&["CWE-770"]),
    cold(
        High,
        "endless-keys",
        "The key set never ends, and the API stops reading it",
        &[Inject(|_| Fault::Endless.on(Jwks)), Send(honest, NO_KEYS)],
    )
    .by(Provider)
    .see(&["CWE-770"]),
    cold(
        Medium,
        "metadata-redirected-in-a-circle",
        "The metadata redirects to itself forever",
        &[
            Inject(|world| Fault::Redirect(world.discovery_url()).on(Discovery)),
            Send(honest, NO_METADATA),
            AskedAtMost(Discovery, 30),
        ],
    )
    .by(Provider)
    .see(&["RFC 9110 §15.4"]),
    cold(
        Medium,
        "keys-redirected-in-a-circle",
        "The key set redirects to itself forever",
        &[
            Inject(|world| Fault::Redirect(world.jwks_uri()).on(Jwks)),
            Send(honest, NO_KEYS),
            AskedAtMost(Jwks, 30),
        ],
    )
    .by(Provider)
    .see(&["RFC 9110 §15.4"]),
    warm(
        High,
        "keys-gone",
        "The key set becomes empty, and the API goes on with its cached keys",
        &[
            Inject(|_| Fault::Body(json!({"keys": []}).to_string()).on(Jwks)),
            Send(unknown_key, NO_KEYS),
            Send(honest, Accept),
        ],
    )
    .by(Provider)
    .see(&["RFC 7517 §5"]),
    warm(
        High,
        "keys-become-unusable",
        "The key set holds nothing but an EC key, and the API goes on with its cached keys",
        &[
            Inject(|_| {
                // RFC 7517, appendix A.1: no token that is signed with RS256 can be verified with it.
                let ec = json!({
                    "kty": "EC", "crv": "P-256", "use": "sig", "kid": "1",
                    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
                });
                Fault::Body(json!({"keys": [ec]}).to_string()).on(Jwks)
            }),
            Send(unknown_key, NO_KEYS),
            Send(honest, Accept),
        ],
    )
    .by(Provider)
    .see(&["RFC 7517 §5"]),
    warm(
        High,
        "keys-become-a-page",
        "A proxy replaces the key set with an HTML page, and the API goes on with its cached keys",
        &[
            Inject(|_| Fault::Body("<html>sign in to the hotel's network</html>".to_owned()).on(Jwks)),
            Send(unknown_key, NO_KEYS),
            Send(honest, Accept),
        ],
    )
    .by(Provider)
    .see(&["RFC 7517 §5"]),
    warm(
        Critical,
        "issuer-changes",
        "The metadata suddenly names another issuer, whose tokens are refused",
        &[
            Inject(|world| Fault::Body(world.discovery_document("https://evil.example/v2.0")).on(Discovery)),
            Send(unknown_key, UNKNOWN_KEY),
            Send(
                |moment| Attempt::token(moment.now.token().claim("iss", "https://evil.example/v2.0").sign()),
                Refuse("auth_token_issuer_untrusted"),
            ),
            Send(honest, Accept),
        ],
    )
    .by(Provider)
    .see(&["OpenID Connect Discovery §4.3"]),
    warm(
        Critical,
        "good-then-tampered",
        "A token is accepted and then sent with a broken signature, which is refused",
        &[
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
    )
    .see(&["CVE-2026-35030", "GHSA-rp9m-7r4c-75qg"]),
    warm(
        Medium,
        "refused-then-good",
        "A tampered token is refused, and the good one it was made from is accepted",
        &[Send(tampered, BROKEN), Send(honest, Accept)],
    )
    .see(&["CVE-2026-35030"]),
    warm(
        Critical,
        "expires-while-remembered",
        "A cached token is refused after it has expired",
        &[
            Send(of_the_first_key, Accept),
            Pass(26 * 3600),
            Send(of_the_first_key, EXPIRED),
            Send(honest, Accept),
        ],
    )
    .see(&["RFC 7519 §4.1.4"]),
    warm(
        Critical,
        "key-withdrawn-while-remembered",
        "A cached token is refused after its key was withdrawn",
        &[
            Send(of_the_first_key, Accept),
            Rotate(Emergency),
            Until(honest, Accept, 300),
            Until(of_the_first_key, UNKNOWN_KEY, 300),
        ],
    )
    .by(Provider),
    warm(
        High,
        "day-after-day",
        "Three days pass, and each day's tokens are accepted with only a few fetches",
        &[
            Pass(86_400),
            Send(honest, Accept),
            Pass(86_400),
            Send(honest, Accept),
            Pass(86_400),
            Send(honest, Accept),
            AskedAtMost(Jwks, 8),
        ],
    )
    .by(Provider),
    warm(
        High,
        "another-key-under-the-name",
        "A known `kid` gets another key, and the API switches to it within a day",
        &[
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
    )
    .by(Provider)
    .see(&["RFC 7517 §4.5"]),
    warm(
        Medium,
        "outage-of-a-week",
        "After a week without the identity provider, the cached keys are no longer trusted",
        &[
            Inject(|_| Fault::Status(503).on(Discovery)),
            Inject(|_| Fault::Status(503).on(Jwks)),
            Pass(7 * 86_400),
            Send(honest, NO_METADATA),
            Heal,
            Until(honest, Accept, 300),
        ],
    )
    .by(Provider),
];
