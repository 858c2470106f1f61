//! Entra's error numbers: one table, from which responses, README and tests follow.

/// One row for each number: its name, `error` and HTTP status, and the situation that it is for.
macro_rules! aadsts {
    ($($name:ident = $number:literal, $row:expr, $situation:literal;)*) => {
        /// An AADSTS number ([reference](https://learn.microsoft.com/entra/identity-platform/reference-error-codes)).
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u32)]
        #[expect(clippy::unreadable_literal, reason = "a number is looked for as it appears on the wire")]
        pub(crate) enum Aadsts {
            $(#[doc = $situation] $name = $number,)*
        }

        impl Aadsts {
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            pub(crate) const fn row(self) -> Row {
                match self {
                    $(Self::$name => $row,)*
                }
            }

            /// When Entra, and so the mock, responds with it.
            pub(crate) const fn situation(self) -> &'static str {
                match self {
                    $(Self::$name => $situation,)*
                }
            }
        }
    };
}

aadsts! {
    InvalidRequest = 9002313, error(400, "invalid_request"), "A parameter or header is malformed, repeated, too long or not supported.";
    ParameterMissing = 900144, error(400, "invalid_request"), "A required parameter is missing.";
    PostExpected = 900561, error(400, "invalid_request"), "The endpoint accepts POST requests only.";
    GrantTypeUnsupported = 70003, error(400, "unsupported_grant_type").without_uri(), "The grant type is not supported.";
    ResponseTypeUnsupported = 70005, error(400, "unsupported_response_type"), "The response type is not supported.";
    ResponseModeUnsupported = 70007, error(400, "invalid_request"), "A token would travel in a query.";
    TenantRequired = 9001023, error(400, "invalid_request"), "The grant needs a tenant, not `common` or `organizations`.";
    ResourceMismatch = 9010010, error(400, "invalid_target"), "`resource` is not the resource of the scopes.";
    CrossOriginRefused = 9002326, error(400, "invalid_request"), "A page redeems what was not issued to a single-page app.";
    CrossOriginRequired = 9002327, error(400, "invalid_request").without_uri(), "A program redeems what was issued to a single-page app.";
    CodeChallengeMethodInvalid = 50149, error(400, "invalid_request"), "The code challenge method does not exist, or has no challenge.";
    CodeChallengeInvalid = 501491, error(400, "invalid_request"), "The code challenge has an invalid length or character.";
    CodeChallengeMissing = 9002325, error(400, "invalid_request"), "A single-page app requests a code without PKCE.";

    TenantUnknown = 90002, error(400, "invalid_tenant"), "The tenant does not exist.";
    InstanceUnknown = 50049, error(400, "invalid_instance"), "Instance discovery is asked about another host.";
    ConsumersUnsupported = 90130, error(400, "invalid_request"), "An app uses `consumers`, which is for personal accounts: the directory has none.";
    SingleTenantApp = 50194, error(400, "invalid_request"), "A single-tenant app uses `common` or `organizations`.";
    ClientUnknown = 700016, error(400, "unauthorized_client"), "The client id does not exist in the tenant.";
    ClientIdInvalid = 700038, error(400, "unauthorized_client").without_uri(), "The client id is the nil GUID.";
    ClientDisabled = 7000112, error(400, "unauthorized_client"), "The app is disabled.";
    RedirectUriMismatch = 50011, error(400, "invalid_request"), "The redirect URI is not registered.";
    ResourceIsClient = 90009, error(400, "invalid_request"), "An app requests a token for itself by its identifier URI, or refreshes one without naming a scope of itself.";

    CredentialMissing = 7000218, error(401, "invalid_client"), "A confidential client sends neither secret nor assertion.";
    SecretWrong = 7000215, error(401, "invalid_client"), "The client secret is wrong.";
    SecretExpired = 7000222, error(401, "invalid_client"), "The client secret has expired.";
    ClientIsPublic = 700025, error(401, "invalid_client"), "A public client sends a secret or an assertion.";
    AssertionMalformed = 50027, error(401, "invalid_client"), "The client assertion is not a signed JSON Web Token.";
    AssertionSubjectWrong = 700021, error(401, "invalid_client"), "The client assertion's `sub` is not the client id.";
    AssertionAudienceWrong = 700023, error(401, "invalid_client"), "The client assertion's `aud` is not the token endpoint.";
    AssertionOutOfTime = 700024, error(401, "invalid_client"), "The client assertion is expired or not yet valid.";
    AssertionUnverified = 700027, error(401, "invalid_client"), "No certificate of the app verifies the client assertion.";
    AssertionUnnamed = 5002723, error(401, "invalid_client"), "The client assertion's header names no certificate: it has no `x5t`, `x5t#S256` or `kid`.";
    CertificateOutOfTime = 1000502, error(401, "invalid_client"), "The certificate of the client assertion has expired or is not yet valid.";
    FederatedIssuerUnknown = 700211, error(401, "invalid_client"), "No federated credential has the assertion's issuer.";
    FederatedAudienceUnknown = 700212, error(401, "invalid_client"), "No federated credential has the assertion's audience.";
    FederatedSubjectUnknown = 700213, error(401, "invalid_client"), "No federated credential has the assertion's subject.";

    SeveralResources = 28000, error(400, "invalid_request"), "A token request names scopes of more than one resource.";
    ScopeInvalid = 70011, error(400, "invalid_scope"), "A scope does not exist, or the scopes do not go together.";
    DefaultScopeExpected = 1002012, error(400, "invalid_scope"), "Client credentials with another scope than `/.default`.";
    ResourceUnknown = 500011, error(400, "invalid_resource"), "The resource does not exist in the tenant.";
    ConsentMissing = 65001, error(400, "invalid_grant").suberror("consent_required"), "A scope was not consented to.";
    UserDeclined = 65004, error(400, "access_denied"), "The user declined to consent.";
    AdminConsentRequired = 90094, error(400, "access_denied"), "Only an administrator can consent, and the user is none: on the page.";
    ImplicitTokenDisabled = 700051, error(400, "unsupported_response_type"), "The response type `token` is not enabled for the app.";
    ImplicitIdTokenDisabled = 700054, error(400, "unsupported_response_type"), "The response type `id_token` is not enabled for the app.";

    InvalidGrant = 70000, error(400, "invalid_grant"), "The code or refresh token is unknown, another client's, or its user is gone.";
    CodeRedeemed = 54005, error(400, "invalid_grant"), "The authorization or device code was redeemed before.";
    CodeExpired = 70008, error(400, "invalid_grant"), "The authorization code has expired.";
    CodeOfOtherTenant = 700005, error(400, "invalid_grant"), "The authorization code was issued for another tenant.";
    CodeRedirectUriMismatch = 500112, error(400, "invalid_grant"), "The redirect URI is not the one of the authorization request.";
    CodeVerifierWrong = 501481, error(400, "invalid_grant").without_uri(), "The code verifier does not match the code challenge, or there was none.";
    RefreshTokenExpired = 700082, error(400, "invalid_grant"), "The refresh token was not used for 90 days.";
    SpaRefreshTokenExpired = 700084, error(400, "invalid_grant").suberror("bad_token"), "The refresh token of a single-page app is 24 hours old.";
    GrantRevoked = 50173, error(400, "invalid_grant").suberror("bad_token"), "The user's sessions or the refresh token were revoked.";

    DevicePending = 70016, error(400, "authorization_pending"), "The user has not yet approved the device.";
    DeviceDeclined = 70017, error(400, "authorization_declined"), "The user declined the device.";
    DeviceCodeUnknown = 70018, error(400, "bad_verification_code"), "The device code is unknown.";
    DeviceCodeExpired = 70019, error(400, "expired_token"), "The device code has expired.";

    UserAssertionInvalid = 50013, error(400, "invalid_grant"), "The assertion's signature, issuer or kind is not valid.";
    UserAssertionForOther = 500131, error(400, "invalid_grant"), "The on-behalf-of assertion is for another app.";
    UserAssertionExpired = 500133, error(400, "invalid_grant"), "The on-behalf-of assertion has expired or is not yet valid.";

    UserOfOtherTenant = 50020, error(400, "invalid_grant"), "The user is of another tenant, and no guest in this one.";
    UserUnknown = 50034, error(400, "invalid_grant").suberror("bad_token"), "The user does not exist in the tenant.";
    UserLocked = 50053, error(400, "invalid_grant"), "The account is locked.";
    PasswordExpired = 50055, error(400, "invalid_grant").suberror("user_password_expired"), "The password has expired.";
    UserDisabled = 50057, error(400, "invalid_grant"), "The account is disabled.";
    SignInRequired = 50058, error(400, "login_required"), "Silent sign-in (`prompt=none`) without a session.";
    MfaRequired = 50076, error(400, "invalid_grant").suberror("basic_action"), "Multi-factor authentication is required.";
    MfaEnrollmentRequired = 50079, error(400, "invalid_grant").suberror("basic_action"), "Multi-factor authentication must be set up first.";
    UserNotAssigned = 50105, error(400, "invalid_grant"), "The user has no app role of an API that requires one.";
    PasswordWrong = 50126, error(400, "invalid_grant"), "The password is wrong.";
    AppNotAssigned = 501051, error(400, "invalid_grant"), "The client has no app role of an API that requires one.";
    DeviceNotCompliant = 53000, error(400, "invalid_grant"), "Conditional Access requires a compliant device.";
    AccessBlocked = 53003, error(400, "invalid_grant").suberror("message_only"), "Conditional Access blocks the access.";
}

/// What the response says beside the number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// The `error` member.
    pub(crate) error: &'static str,
    pub(crate) status: u16,
    pub(crate) suberror: Option<&'static str>,
    /// Entra leaves the URL of an explanation out of a few.
    pub(crate) has_uri: bool,
}

const fn error(status: u16, error: &'static str) -> Row {
    Row { error, status, suberror: None, has_uri: true }
}

impl Row {
    const fn suberror(self, suberror: &'static str) -> Self {
        Self { suberror: Some(suberror), ..self }
    }

    const fn without_uri(self) -> Self {
        Self { has_uri: false, ..self }
    }
}

impl Aadsts {
    pub(crate) const fn number(self) -> u32 {
        self as u32
    }

    /// The README's list.
    pub(crate) fn markdown() -> String {
        let row = |code: &Self| {
            let Row { error, status, suberror, .. } = code.row();
            let suberror = suberror.map(|suberror| format!(", `{suberror}`")).unwrap_or_default();
            format!("| {} | `{error}`{suberror} | {status} | {} |\n", code.number(), code.situation())
        };
        let rows: String = Self::ALL.iter().map(row).collect();
        format!("| AADSTS | `error`, `suberror` | HTTP | when |\n|---|---|---|---|\n{rows}")
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::Aadsts;

    /// Whether the text has the number as it appears on the wire.
    fn names(text: &str, number: u32) -> bool {
        let wanted = number.to_string();
        text.split(|character: char| !character.is_ascii_digit() && character != '_')
            .any(|word| word == wanted)
    }

    #[test]
    fn every_number_is_produced_in_a_test() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
        let texts: Vec<String> = fs::read_dir(directory)
            .unwrap()
            .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
            .collect();
        let untested: Vec<_> = Aadsts::ALL
            .iter()
            .filter(|code| !texts.iter().any(|text| names(text, code.number())))
            .map(|code| format!("AADSTS{} ({code:?})", code.number()))
            .collect();
        assert!(untested.is_empty(), "no test in tests/it expects {untested:?}: add one that produces it");
    }
}
