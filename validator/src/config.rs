//! Configuration from the environment: the authority, or flask-entra-auth's names.

use std::{error::Error, fmt};

use crate::{Authority, Validator};

/// What an API trusts, read from the environment; most names are flask-entra-auth's.
///
/// | variable | |
/// |---|---|
/// | `AUTHORITY` | the authority, `https://login.microsoftonline.com/{tenant id}`: every token must name its tenant |
/// | `ENTRA_AUTH_CLIENT_ID` | the API's application (client) ID: the audience |
/// | `ENTRA_AUTH_OIDC_ENDPOINT` | in place of `AUTHORITY`, the URL of any provider's discovery document: its issuer is trusted, and a token need not have a `tid` |
/// | `ENTRA_AUTH_ALLOWED_SUBJECTS` | optional: the accepted `sub` or `oid` values, separated by commas |
/// | `ENTRA_AUTH_ALLOWED_APPS` | optional: the accepted client applications, separated by commas |
/// | `ENTRA_AUTH_CONTACT` | optional: a web or `mailto:` URL for the responses to refused requests |
///
/// ```
/// use entra_validator::Config;
///
/// let config = Config::from_lookup(|name| match name {
///     "ENTRA_AUTH_CLIENT_ID" => Some("6e74172b-be56-4843-9ff4-e66a39bb12e3".into()),
///     "AUTHORITY" => Some("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47".into()),
///     _ => None,
/// })?;
/// let validator = config.validator();
///
/// let error = Config::from_lookup(|_| None).unwrap_err();
/// assert!(error.to_string().contains("ENTRA_AUTH_CLIENT_ID"));
/// # Ok::<_, entra_validator::ConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The audience.
    pub client_id: String,
    /// Whose tokens are accepted.
    pub authority: Authority,
    /// The accepted subjects; empty means everyone.
    pub allowed_subjects: Vec<String>,
    /// The accepted client applications; empty means all.
    pub allowed_apps: Vec<String>,
    /// Where to ask for help.
    pub contact: Option<String>,
}

impl Config {
    /// Reads the process's environment.
    ///
    /// ```
    /// // Without the variables, it says which one is missing.
    /// let error = entra_validator::Config::from_env().unwrap_err();
    /// assert_eq!(error.to_string(), "ENTRA_AUTH_CLIENT_ID is not set");
    /// ```
    ///
    /// # Errors
    ///
    /// [`ConfigError`], which names the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads variables from wherever `lookup` finds them.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], which names the variable.
    pub fn from_lookup(lookup: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let optional =
            |name| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let required = |variable| {
            optional(variable).ok_or_else(|| ConfigError { variable, reason: "is not set".to_owned() })
        };
        let list = |variable| match optional(variable) {
            None => Ok(Vec::new()),
            Some(value) => {
                let items: Vec<_> = value.split(',').map(|item| item.trim().to_owned()).collect();
                if items.iter().any(String::is_empty) {
                    // Dropping the empty entries could leave a list that accepts everyone.
                    return Err(ConfigError {
                        variable,
                        reason: "has an empty entry between commas".to_owned(),
                    });
                }
                Ok(items)
            }
        };
        Ok(Self {
            client_id: required("ENTRA_AUTH_CLIENT_ID")?,
            authority: authority(optional("AUTHORITY"), optional(OIDC_ENDPOINT))?,
            allowed_subjects: list("ENTRA_AUTH_ALLOWED_SUBJECTS")?,
            allowed_apps: list("ENTRA_AUTH_ALLOWED_APPS")?,
            contact: optional("ENTRA_AUTH_CONTACT"),
        })
    }

    /// The validator that these settings describe, for tokens of either version.
    #[must_use]
    pub fn validator(&self) -> Validator {
        self.apply(Validator::for_app(self.authority.clone(), &self.client_id))
    }

    /// Adds the allow-lists to another validator.
    ///
    /// ```
    /// # use entra_validator::{Config, Validator};
    /// # let config = Config::from_lookup(|name| match name {
    /// #     "AUTHORITY" => Some("https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47".into()),
    /// #     "ENTRA_AUTH_CLIENT_ID" => Some("6e74172b-be56-4843-9ff4-e66a39bb12e3".into()),
    /// #     _ => None,
    /// # })?;
    /// let v2_only = config.apply(Validator::new(config.authority.clone(), &config.client_id));
    /// # Ok::<_, entra_validator::ConfigError>(())
    /// ```
    #[must_use]
    pub fn apply(&self, mut validator: Validator) -> Validator {
        if !self.allowed_apps.is_empty() {
            validator = validator.allow_clients(&self.allowed_apps);
        }
        if !self.allowed_subjects.is_empty() {
            validator = validator.allow_subjects(&self.allowed_subjects);
        }
        validator
    }
}

const OIDC_ENDPOINT: &str = "ENTRA_AUTH_OIDC_ENDPOINT";

/// One of the two: which of them would count is nothing to guess.
fn authority(authority: Option<String>, endpoint: Option<String>) -> Result<Authority, ConfigError> {
    let (variable, read) = match (authority, endpoint) {
        (Some(url), None) => ("AUTHORITY", Authority::from_url(&url).map_err(|error| error.to_string())),
        (None, Some(url)) => {
            (OIDC_ENDPOINT, Authority::from_discovery_url(&url).map_err(|error| error.to_string()))
        }
        (None, None) => {
            ("AUTHORITY", Err(format!("is not set, and neither is {OIDC_ENDPOINT}: one is needed")))
        }
        (Some(_), Some(_)) => ("AUTHORITY", Err(format!("and {OIDC_ENDPOINT} are both set: unset one"))),
    };
    read.map_err(|reason| ConfigError { variable, reason })
}

/// A variable that is missing or invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    variable: &'static str,
    reason: String,
}

impl ConfigError {
    /// The variable's name.
    #[must_use]
    pub fn variable(&self) -> &'static str {
        self.variable
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.variable, self.reason)
    }
}

impl Error for ConfigError {}
