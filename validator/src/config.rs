//! Configuration from the environment, with flask-entra-auth's names.

use std::{error::Error, fmt};

use crate::{Authority, Validator};

/// The settings of flask-entra-auth, read from variables of the same names.
///
/// | variable | |
/// |---|---|
/// | `ENTRA_AUTH_CLIENT_ID` | the API's application (client) ID: the audience |
/// | `ENTRA_AUTH_OIDC_ENDPOINT` | the URL of the discovery document; its issuer is trusted |
/// | `ENTRA_AUTH_ALLOWED_SUBJECTS` | optional: the accepted `sub` or `oid` values, separated by commas |
/// | `ENTRA_AUTH_ALLOWED_APPS` | optional: the accepted client applications, separated by commas |
/// | `ENTRA_AUTH_CONTACT` | optional: a web or `mailto:` URL for the responses to refused requests |
///
/// ```
/// use entra_validator::Config;
///
/// let config = Config::from_lookup(|name| match name {
///     "ENTRA_AUTH_CLIENT_ID" => Some("6e74172b-be56-4843-9ff4-e66a39bb12e3".into()),
///     "ENTRA_AUTH_OIDC_ENDPOINT" => Some("https://issuer.example.com/.well-known/openid-configuration".into()),
///     _ => None,
/// })?;
/// let validator = config.validator()?;
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
    /// The URL of the discovery document.
    pub oidc_endpoint: String,
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
            oidc_endpoint: required("ENTRA_AUTH_OIDC_ENDPOINT")?,
            allowed_subjects: list("ENTRA_AUTH_ALLOWED_SUBJECTS")?,
            allowed_apps: list("ENTRA_AUTH_ALLOWED_APPS")?,
            contact: optional("ENTRA_AUTH_CONTACT"),
        })
    }

    /// The validator that these settings describe.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the discovery URL is neither `https` nor `http` on loopback.
    pub fn validator(&self) -> Result<Validator, ConfigError> {
        let authority = Authority::from_discovery_url(&self.oidc_endpoint).map_err(|error| ConfigError {
            variable: "ENTRA_AUTH_OIDC_ENDPOINT",
            reason: error.to_string(),
        })?;
        Ok(self.apply(Validator::new(authority, &self.client_id)))
    }

    /// Adds the allow-lists to a validator of another authority.
    ///
    /// ```
    /// # use entra_validator::{Authority, Config, Validator};
    /// # let config = Config::from_lookup(|_| Some("https://issuer.example.com".into())).unwrap();
    /// let authority = Authority::tenant("72f988bf-86f1-41af-91ab-2d7cd011db47")?;
    /// let validator = config.apply(Validator::new(authority, &config.client_id));
    /// # Ok::<_, entra_validator::AuthorityError>(())
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
