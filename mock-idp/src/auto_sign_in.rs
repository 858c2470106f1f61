//! Who answers the pages.

/// Who answers the pages that ask a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum AutoSignIn {
    /// A person.
    #[default]
    Off,
    /// This user, at once.
    User(String),
    /// Whoever `login_hint` names, at once; a person where nobody is named.
    Hint,
}

impl AutoSignIn {
    /// The user who answers a page that was opened with this `login_hint`.
    pub(crate) fn user<'a>(&'a self, login_hint: Option<&'a str>) -> Option<&'a str> {
        match self {
            Self::Off => None,
            Self::User(user) => Some(user),
            Self::Hint => login_hint,
        }
    }
}
