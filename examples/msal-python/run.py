"""MSAL Python, as it comes from PyPI, against mock-idp over TLS; its tokens against protected-api.

Each step prints what MSAL got and what the API answered, and fails the run if either is not as expected.
"""

import base64
import contextlib
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

import msal
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BIN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "debug"

# The programs' logs would bury the output.
QUIET = {"RUST_LOG": "warn"}


@contextlib.contextmanager
def started(command, env=None):
    """Starts a program and yields the address in its first line, `... listening on ADDRESS`."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**QUIET, **os.environ, **(env or {})})
    try:
        first = process.stdout.readline().strip()
        if " listening on " not in first:
            sys.exit(f"{command[0]} did not start: {first or 'it ended without a word'}")
        yield first.split(" listening on ")[1]
    finally:
        process.terminate()
        status = process.wait(timeout=10)
    if status not in (0, -15):
        sys.exit(f"{command[0]} ended with status {status}")


def claims(token):
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def expect(what, condition, detail=""):
    if not condition:
        sys.exit(f"FAILED: {what} {detail}")


def certificate():
    """A client's private key and its self-signed certificate, both in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "orders-daemon (test only)")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    signed = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), signed


def config_with(daemon_certificate):
    """The built-in directory, with this certificate registered for the daemon."""
    builtin = subprocess.run([BIN / "mock-idp", "config"], check=True, capture_output=True, text=True).stdout
    secret = re.search(r'client_secret = "orders-daemon-.*"\n', builtin)
    return f'{builtin[: secret.end()]}certificates = ["""\n{daemon_certificate}"""]\n{builtin[secret.end() :]}'


class WithPort(requests.Session):
    """MSAL Python asks the user realm of an authority's host without its port: this puts the port back."""

    def __init__(self, idp):
        super().__init__()
        self.idp = idp

    def request(self, method, url, **kwargs):
        bare = f"https://{urllib.parse.urlsplit(self.idp).hostname}/"
        return super().request(method, url.replace(bare, f"{self.idp}/", 1), **kwargs)


class Story:
    def __init__(self, idp, api, private_key, daemon_certificate):
        self.idp = idp
        self.api = api
        self.private_key = private_key
        self.daemon_certificate = daemon_certificate
        directory = requests.get(f"{idp}/_mock/directory", timeout=10).json()
        self.apps = {app["name"]: app for app in directory["apps"]}
        self.users = {user["name"]: user for user in directory["users"]}
        self.authority = f"{idp}/{directory['tenants'][0]['tenant_id']}"
        self.scopes = ["api://orders/Orders.Read"]

    def options(self, app):
        return {
            "client_id": self.apps[app]["client_id"],
            "authority": self.authority,
            "instance_discovery": False,
        }

    def confidential(self, app):
        return msal.ConfidentialClientApplication(
            client_credential=self.apps[app]["client_secret"], **self.options(app)
        )

    def call(self, step, result, app_only):
        """Shows what MSAL got, and what the API says to it."""
        expect(step, "access_token" in result, json.dumps(result, indent=2))
        got = claims(result["access_token"])
        permission = "roles " + " ".join(got["roles"]) if app_only else "scp " + got["scp"]
        expect(step, got["aud"] == self.apps["orders-api"]["client_id"], f"has the audience {got['aud']}")
        answer = requests.get(
            f"{self.api}/restricted", headers={"Authorization": f"Bearer {result['access_token']}"}, timeout=10
        )
        expect(step, answer.status_code == 200, f"got {answer.status_code}: {answer.text}")
        print(f"{step}\n    token   {got['ver']} {permission} for {got.get('preferred_username', got['azp'])}")
        print(f"    source  {result.get('token_source', 'identity_provider')}")
        print(f"    API     {answer.status_code} {answer.text.strip()}")
        return result

    def sign_in(self, client, redirect_uri, user):
        """What a browser does: follows the address that MSAL made, and brings back what the redirect carries."""
        flow = client.initiate_auth_code_flow(self.scopes, redirect_uri=redirect_uri, login_hint=user["upn"])
        expect("PKCE", "code_challenge_method=S256" in flow["auth_uri"], flow["auth_uri"])
        page = requests.get(flow["auth_uri"], allow_redirects=False, timeout=10)
        expect("the authorize page redirects", page.status_code in (302, 303), f"{page.status_code}: {page.text[:500]}")
        location = urllib.parse.urlsplit(page.headers["Location"])
        expect("the redirect goes to the app", page.headers["Location"].startswith(redirect_uri), location.geturl())
        return client.acquire_token_by_auth_code_flow(flow, dict(urllib.parse.parse_qsl(location.query)))

    def client_credentials(self):
        client = self.confidential("orders-daemon")
        scopes = ["api://orders/.default"]
        self.call("client credentials", client.acquire_token_for_client(scopes), app_only=True)
        again = self.call("client credentials again, from MSAL's cache", client.acquire_token_for_client(scopes), True)
        expect("the cache", again.get("token_source") == "cache", json.dumps(again.get("token_source")))
        wrong = msal.ConfidentialClientApplication(client_credential="wrong", **self.options("orders-daemon"))
        refused = wrong.acquire_token_for_client(scopes)
        expect("a wrong secret is refused", refused.get("error") == "invalid_client", json.dumps(refused))
        print(f"a wrong secret\n    error   {refused['error']} {refused['error_codes']}")

    def authorization_code(self, name, client, redirect_uri, user):
        user = self.users[user]
        signed_in = self.sign_in(client, redirect_uri, user)
        self.call(f"authorization code with PKCE ({name})", signed_in, app_only=False)
        who = signed_in["id_token_claims"]
        expect("the ID token names the user", who["preferred_username"] == user["upn"], json.dumps(who))
        accounts = client.get_accounts(username=user["upn"])
        expect("MSAL knows the account", len(accounts) == 1, json.dumps(accounts))
        cached = client.acquire_token_silent(self.scopes, accounts[0])
        self.call("silently, from MSAL's cache", cached, app_only=False)
        expect("the same token", cached["access_token"] == signed_in["access_token"])
        fresh = client.acquire_token_silent(self.scopes, accounts[0], force_refresh=True)
        self.call("silently, by refresh token", fresh, app_only=False)
        expect("a new token", fresh["access_token"] != signed_in["access_token"])

    def certificate(self):
        client = msal.ConfidentialClientApplication(
            client_credential={"private_key": self.private_key, "public_certificate": self.daemon_certificate},
            **self.options("orders-daemon"),
        )
        result = self.call("client credentials by certificate", client.acquire_token_for_client(["api://orders/.default"]), True)
        expect("the token says so", claims(result["access_token"])["azpacr"] == "2")
        stranger, _ = certificate()
        wrong = msal.ConfidentialClientApplication(
            client_credential={"private_key": stranger, "public_certificate": self.daemon_certificate},
            **self.options("orders-daemon"),
        )
        refused = wrong.acquire_token_for_client(["api://orders/.default"])
        expect("another key is refused", refused.get("error_codes") == [700027], json.dumps(refused))
        print(f"a stranger's key under the same certificate\n    error   {refused['error']} {refused['error_codes']}")

    def device_code(self):
        client = msal.PublicClientApplication(**self.options("orders-spa"))
        flow = client.initiate_device_flow(scopes=self.scopes)
        expect("a device code", "user_code" in flow, json.dumps(flow))
        # A person opens the page, types the code, and picks an account.
        form = {"user_code": flow["user_code"], "mock_user": self.users["alice"]["oid"]}
        page = requests.post(flow["verification_uri"], data=form, timeout=10)
        expect("the page says so", "signed in on your device" in page.text, page.text)
        result = client.acquire_token_by_device_flow(flow)
        self.call("device code", result, app_only=False)
        silent = client.acquire_token_silent(self.scopes, client.get_accounts()[0])
        expect("the token is found in MSAL's cache", silent and silent["token_source"] == "cache", json.dumps(silent))

    def password(self):
        client = msal.PublicClientApplication(http_client=WithPort(self.idp), **self.options("orders-spa"))
        bob = self.users["bob"]
        self.call("password", client.acquire_token_by_username_password(bob["upn"], bob["password"], self.scopes), False)
        refused = client.acquire_token_by_username_password(bob["upn"], "wrong", self.scopes)
        expect("a wrong password is refused", refused.get("error_codes") == [50126], json.dumps(refused))
        print(f"a wrong password\n    error   {refused['error']} {refused['error_codes']}")

    def on_behalf_of(self):
        """The API passes alice's token on to Microsoft Graph."""
        web = self.confidential("orders-web")
        signed_in = self.sign_in(web, "http://localhost:3000/callback", self.users["alice"])
        api = self.confidential("orders-api")
        result = api.acquire_token_on_behalf_of(signed_in["access_token"], ["https://graph.microsoft.com/User.Read"])
        expect("on-behalf-of", "access_token" in result, json.dumps(result))
        me = requests.get(
            f"{self.idp}/v1.0/me", headers={"Authorization": f"Bearer {result['access_token']}"}, timeout=10
        )
        expect("Graph answers", me.status_code == 200, me.text)
        print(f"on-behalf-of\n    token   scp {claims(result['access_token'])['scp']} for Microsoft Graph")
        print(f"    Graph   {me.status_code} {me.json()['userPrincipalName']}")

    def hostile(self):
        """The API says no to an ID token, and why."""
        client = self.confidential("orders-web")
        result = self.sign_in(client, "http://localhost:3000/callback", self.users["bob"])
        answer = requests.get(
            f"{self.api}/restricted", headers={"Authorization": f"Bearer {result['id_token']}"}, timeout=10
        )
        expect("an ID token is refused", answer.status_code == 401, answer.text)
        print(f"an ID token instead\n    API     {answer.status_code} {answer.json()['type']}")


def main():
    with tempfile.TemporaryDirectory() as state:
        private_key, daemon_certificate = certificate()
        config = pathlib.Path(state) / "directory.toml"
        config.write_text(config_with(daemon_certificate))
        idp_command = [BIN / "mock-idp", "--tls", "--listen", "127.0.0.1:0", "--state-dir", state, "--config", config]
        # There is no person at the page: whoever MSAL hints at signs in.
        idp_command += ["--sign-in", "hint"]
        with started(idp_command) as idp:
            ca = subprocess.run(
                [BIN / "mock-idp", "ca", "--state-dir", state], check=True, capture_output=True, text=True
            ).stdout.strip()
            # Overrides every other setting of `requests`, which MSAL uses.
            os.environ["REQUESTS_CA_BUNDLE"] = ca
            tenant = requests.get(f"{idp}/_mock/directory", timeout=10).json()["tenants"][0]["tenant_id"]
            settings = {"LISTEN": "127.0.0.1:0", "AUTHORITY": f"{idp}/{tenant}", "SSL_CERT_FILE": ca}
            with started([BIN / "protected-api"], settings) as api:
                story = Story(idp, api, private_key, daemon_certificate)
                story.client_credentials()
                story.certificate()
                web = story.confidential("orders-web")
                story.authorization_code("confidential", web, "http://localhost:3000/callback", "alice")
                public = msal.PublicClientApplication(**story.options("orders-spa"))
                story.authorization_code("public", public, "http://localhost:52817", "bob")
                story.device_code()
                story.password()
                story.on_behalf_of()
                story.hostile()
    print(f"MSAL Python {msal.__version__}: all steps passed")


if __name__ == "__main__":
    main()
