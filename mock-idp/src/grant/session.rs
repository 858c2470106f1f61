//! Who is signed in at which browser.

use crate::random;

use super::bounded::Bounded;

/// How long a session stays valid unused, in seconds: 24 hours, as Entra's without "stay signed in"
/// ([lifetimes](https://learn.microsoft.com/entra/identity-platform/configurable-token-lifetimes)).
const SESSION_LIFETIME: i64 = 24 * 3600;

/// Somebody is signed in at a browser.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// The `sid` of its ID tokens.
    pub(crate) id: String,
    pub(crate) user: String,
    /// The client ids of the apps that were signed in to.
    pub(crate) clients: Vec<String>,
    /// Whether the user gave a second factor.
    pub(crate) second_factor: bool,
    expires: i64,
}

/// A sign-in: which session, which user (object id), to which client (client id), and whether with a second factor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedIn<'a> {
    pub(crate) session: &'a str,
    pub(crate) user: &'a str,
    pub(crate) client: &'a str,
    pub(crate) second_factor: bool,
}

/// Browsers that someone has signed in at, by their cookie.
#[derive(Debug)]
pub(crate) struct Sessions(Bounded<String, Session>);

impl Sessions {
    /// Of more than this many the oldest is forgotten.
    pub(super) fn new(most: usize) -> Self {
        Self(Bounded::new(most))
    }

    /// The session at the browser with this cookie, unless it has expired.
    pub(crate) fn get(&self, cookie: &str, now: i64) -> Option<&Session> {
        self.0.get(cookie).filter(|session| session.expires > now)
    }

    /// Remembers that this user signed in to this app at the browser with this cookie, and returns the cookie of the
    /// session: another one if another user was signed in there, whose session ends.
    pub(crate) fn sign_in(&mut self, cookie: Option<&str>, signed_in: &SignedIn<'_>, now: i64) -> String {
        let SignedIn { session: id, user, client, second_factor } = *signed_in;
        let expires = now.saturating_add(SESSION_LIFETIME);
        if let Some(cookie) = cookie {
            match self.0.get_mut(cookie) {
                Some(session) if session.id == id => {
                    session.expires = expires;
                    session.second_factor |= second_factor;
                    if !session.clients.iter().any(|known| known == client) {
                        session.clients.push(client.to_owned());
                    }
                    return cookie.to_owned();
                }
                _ => _ = self.0.remove(cookie),
            }
        }
        let cookie = random::secret();
        let clients = vec![client.to_owned()];
        let (id, user) = (id.to_owned(), user.to_owned());
        let session = Session { id, user, clients, second_factor, expires };
        self.0.insert(cookie.clone(), session);
        cookie
    }

    pub(crate) fn sign_out(&mut self, cookie: &str) -> Option<Session> {
        self.0.remove(cookie)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: SignedIn<'_> = SignedIn { session: "1", user: "alice", client: "web", second_factor: false };

    #[test]
    fn a_session_ends_a_day_after_its_last_use() {
        let mut sessions = Sessions::new(9);
        let cookie = sessions.sign_in(None, &ALICE, 0);
        assert!(sessions.get(&cookie, SESSION_LIFETIME - 1).is_some());
        assert!(sessions.get(&cookie, SESSION_LIFETIME).is_none());
        sessions.sign_in(Some(&cookie), &ALICE, 1);
        assert!(sessions.get(&cookie, SESSION_LIFETIME).is_some());
    }

    #[test]
    fn whoever_signs_in_at_a_browser_ends_the_session_of_whoever_was_there() {
        let mut sessions = Sessions::new(9);
        let first = sessions.sign_in(None, &ALICE, 0);
        assert_eq!(sessions.sign_in(Some(&first), &SignedIn { client: "spa", ..ALICE }, 0), first);
        assert_eq!(sessions.get(&first, 0).unwrap().clients, ["web", "spa"]);
        let second = sessions.sign_in(Some(&first), &SignedIn { session: "2", user: "bob", ..ALICE }, 0);
        assert!(sessions.get(&first, 0).is_none(), "the old cookie is worth nothing");
        assert_eq!(sessions.get(&second, 0).unwrap().user, "bob");
    }

    #[test]
    fn of_too_many_sessions_the_oldest_is_forgotten_and_no_other() {
        let mut sessions = Sessions::new(2);
        let cookies = [(); 3].map(|()| sessions.sign_in(None, &ALICE, 0));
        assert_eq!(cookies.map(|cookie| sessions.get(&cookie, 0).is_some()), [false, true, true]);
    }
}
