//! The groups of the catalogue: what their cases have in common, and what it costs to let one in.

/// A group of cases, one of the validation steps mostly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The part of a case's id before `::`.
    pub name: &'static str,
    /// What is bent in its cases.
    pub about: &'static str,
    /// What goes wrong if a case ends otherwise than it should.
    pub harm: &'static str,
}

const fn group(name: &'static str, about: &'static str, harm: &'static str) -> Group {
    Group { name, about, harm }
}

/// All groups, in the order of the validation steps.
///
/// ```
/// use entra_test_harness::{catalogue, groups};
///
/// assert!(catalogue().all(|case| groups().iter().any(|group| group.name == case.group())));
/// ```
#[must_use]
pub fn groups() -> &'static [Group] {
    GROUPS
}

const GROUPS: &[Group] = &[
    group(
        "control",
        "Honest tokens, some of them unusual.",
        "People and programs who may come in stay outside; and a test that refuses everything proves nothing.",
    ),
    group(
        "authorization",
        "The `Authorization` header: scheme, separators, several credentials, tokens in other places.",
        "A proxy and the API behind it judge different tokens; tokens are taken from places that end up in logs, \
         caches and other people's pages.",
    ),
    group(
        "compact",
        "The three parts and how they are spelt; other serialisations; encrypted tokens.",
        "One token has many spellings, and block lists and caches miss it; an encrypted token passes for a signed one; \
         a small request costs a lot of memory or time.",
    ),
    group(
        "header",
        "The header as JSON: types, duplicates, extensions, size.",
        "Two readers see two headers, an extension that changes the meaning is ignored, or a crash is one request away.",
    ),
    group(
        "algorithm",
        "`alg`: none at all, symmetric ones with the public key for a secret, others than RS256.",
        "Whoever can read the public key, which is everyone, writes tokens with any claims for any user.",
    ),
    group(
        "typ",
        "`typ` and `cty`: tokens of another kind, signed by the same keys.",
        "A logout token, a proof or an event that somebody rightly holds becomes a key to the API.",
    ),
    group(
        "key",
        "Which key verifies: by `kid` alone, from the key set alone, and good enough.",
        "The attacker brings the key, or the API verifies with one that proves nothing; one odd key in the set locks \
         everyone out.",
    ),
    group(
        "signature",
        "The signature: missing, cut, of another key or token, or built by hand.",
        "Any claims for any user: nothing that the token says was said by Entra.",
    ),
    group(
        "claims",
        "The claims set: as JSON, its types, what must be there, what contradicts itself.",
        "A check that does not find what it looks for is passed over; two readers see two users; an ID token opens an API.",
    ),
    group(
        "version",
        "`ver`: tokens of the version that the API does not take.",
        "Issuer, audience and client stand in other claims and forms than the API reads.",
    ),
    group(
        "tenant",
        "`tid`: whose directory the token is of.",
        "Entra signs for all tenants with the same keys: every organisation in the world comes in.",
    ),
    group(
        "issuer",
        "`iss`, and what the key's own entry says of whom it may sign for.",
        "Another tenant's, another cloud's or an attacker's issuer counts as ours; a stolen key for personal accounts \
         opens organisations (Storm-0558).",
    ),
    group(
        "audience",
        "`aud`: for which API the token was issued.",
        "Any other API that somebody signs in to, and whoever runs it, can use that person's tokens here.",
    ),
    group(
        "lifetime",
        "`exp`, `nbf` and `iat`: when the token holds.",
        "A token that leaked once works for ever.",
    ),
    group(
        "permission",
        "`scp` and `roles`: whether the token permits anything at all.",
        "Every application of the tenant comes in: Entra gives any of them a token without permissions for any API.",
    ),
    group(
        "client",
        "`azp` or `appid`, where only some applications are let in.",
        "Applications that nobody approved act for users.",
    ),
    group(
        "subject",
        "`sub` and `oid`, where only some subjects are let in.",
        "People come in whom nobody put on the list.",
    ),
    group(
        "scope",
        "What the route asks for: scopes and app roles, whole, with their case, each in its own claim.",
        "Whoever may read may write; a user who consents to a scope gets what an administrator's role protects.",
    ),
    group(
        "provider",
        "What the identity provider answers to an API that has no keys yet.",
        "Keys of another issuer are trusted, or a broken answer is taken for a verdict on the token.",
    ),
    group(
        "scenario",
        "Scenarios: keys rotate, the provider is down or slow, strangers send floods.",
        "The API stops when the provider does, never learns new keys, trusts old ones for ever, or is a weapon against \
         the provider.",
    ),
];
