"""requests-oauthlib is strict: scopes that come back otherwise than asked for are an error."""

import unittest

import requests_oauthlib

from mock import Mock, redirected

REDIRECT = "http://localhost:3000/callback"


class RequestsOauthlib(unittest.TestCase):
    def test_scopes_of_graph_come_back_as_they_were_asked_for(self):
        idp = Mock()
        app = idp.apps["orders-web"]
        scope = ["openid", "profile", "email", "https://graph.microsoft.com/User.Read"]
        session = requests_oauthlib.OAuth2Session(app["client_id"], redirect_uri=REDIRECT, scope=scope)
        url, _ = session.authorization_url(f"{idp.authority}/oauth2/v2.0/authorize")
        # It insists on HTTPS for the answer, too.
        back = redirected(url).replace("http://", "https://", 1)
        token = session.fetch_token(
            f"{idp.authority}/oauth2/v2.0/token",
            authorization_response=back,
            client_secret=app["client_secret"],
        )
        self.assertEqual(set(token["scope"]), set(scope))
        profile = session.get(f"{idp.url}/v1.0/me").json()
        self.assertEqual(profile["mail"], "alice@contoso.example")
