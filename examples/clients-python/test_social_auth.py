"""social-auth's backend for one tenant uses the older endpoints, and takes a person's names from the ID token."""

import unittest

from social_core.backends.azuread_tenant import AzureADTenantOAuth2
from social_core.strategy import BaseStrategy

from mock import Mock, parameters, redirected

REDIRECT = "http://localhost:3000/callback"


class Storage:
    """Keeps what is used once, as a database would."""

    class nonce:
        kept = set()

        @classmethod
        def use(cls, scope, timestamp, salt):
            cls.kept.add((scope, timestamp, salt))
            return True

        @classmethod
        def consume(cls, scope, timestamp, salt):
            known = (scope, timestamp, salt) in cls.kept
            cls.kept.discard((scope, timestamp, salt))
            return known


class Strategy(BaseStrategy):
    """What a web framework does, without one."""

    def __init__(self, settings):
        super().__init__(storage=Storage)
        self.settings, self.session, self.data = settings, {}, {}

    def get_setting(self, name):
        return self.settings[name]

    def request_data(self, merge=True):
        return self.data

    def build_absolute_uri(self, path=None):
        return path or REDIRECT

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)

    def authenticate(self, backend, *args, **kwargs):
        return backend.get_user_details(kwargs["response"])


class SocialAuth(unittest.TestCase):
    def test_a_version_one_sign_in_has_the_persons_names(self):
        idp = Mock()
        app = idp.apps["orders-web"]
        strategy = Strategy(
            {
                "SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_KEY": app["client_id"],
                "SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_SECRET": app["client_secret"],
                "SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_TENANT_ID": idp.tenant_id,
                "SOCIAL_AUTH_AZUREAD_TENANT_OAUTH2_AUTHORITY_HOST": idp.url.removeprefix("https://"),
            }
        )
        backend = AzureADTenantOAuth2(strategy, redirect_uri=REDIRECT)
        strategy.data.update(parameters(redirected(backend.auth_url())))
        backend.data = strategy.data
        details = backend.auth_complete()
        self.assertEqual((details["first_name"], details["last_name"]), ("Alice", "Adams"))
