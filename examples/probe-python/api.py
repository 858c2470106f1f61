"""An API that is protected by Microsoft Entra ID: Flask, waitress and PyJWT."""

import json
import logging
import os
import re
import threading
import time
import urllib.request

import jwt
from flask import Flask, jsonify, request
from waitress import serve

ISSUER = os.environ["ISSUER"]
AUDIENCE = os.environ["AUDIENCE"]
# PyJWT does not know tenants, so `tid` is compared with the last part of the authority.
TENANT_ID = os.environ["AUTHORITY"].rstrip("/").rsplit("/", 1)[1]

# One scheme, one space, three parts of base64url. Several headers arrive joined with commas, and are refused.
BEARER = re.compile(r"(?i:bearer) ((?:[A-Za-z0-9_-]+\.){2}[A-Za-z0-9_-]+)", re.ASCII)
LONGEST_TOKEN = 16 * 1024
LONGEST_KEY_SET = 256 * 1024
RETRY_AFTER_SECONDS = 2

app = Flask(__name__)
log = logging.getLogger("api")


class Refused(Exception):
    """The response to a refused request."""

    def __init__(self, status, challenge, reason):
        super().__init__(reason)
        self.status, self.challenge = status, challenge


def unauthorized(reason):
    return Refused(401, 'Bearer error="invalid_token"', reason)


class EntraKeys(jwt.PyJWKClient):
    """PyJWK has no place for Entra's own member of a key: the issuer that it may sign for."""

    issuers = {}

    def fetch_data(self):
        # Reads from another server are limited in length and in time.
        deadline, body = time.monotonic() + self.timeout, b""
        with urllib.request.urlopen(self.uri, timeout=self.timeout) as response:
            while chunk := response.read1(64 * 1024):
                body += chunk
                if len(body) > LONGEST_KEY_SET or time.monotonic() > deadline:
                    raise ConnectionError("the key set is too long, or too slow")
        key_set = json.loads(body)
        keys = [key for key in key_set["keys"] if isinstance(key, dict)]
        # A set without a usable key must not replace a good one.
        if not any(key.get("kty") == "RSA" for key in keys):
            raise ConnectionError("no key in the set verifies RS256")
        self.jwk_set_cache.put(key_set)
        # A key of another form must not spoil the others.
        self.issuers = {
            str(key.get("kid")): str(key.get("issuer", ISSUER)).replace("{tenantid}", TENANT_ID) for key in keys
        }
        return key_set


class Keys:
    """PyJWKClient keeps keys; what becomes of a request while there are none is left to its caller."""

    def __init__(self, uri):
        # Its default timeout of 30 seconds is longer than most callers wait.
        # During the cool-down, tokens with a new key are refused: for 10 seconds instead of 30.
        self.client = EntraKeys(uri, timeout=5, cooldown_duration=10)
        self.lock = threading.Lock()
        self.retry_at = 0.0

    def find(self, kid):
        # One request fetches; concurrent requests wait for it.
        with self.lock:
            try:
                # How often to retry a failed fetch is up to this API: an outage must not cause a storm of requests.
                if time.monotonic() < self.retry_at:
                    raise ConnectionError("the last fetch failed just now")
                self.client.get_jwk_set()
            except Exception as error:
                if time.monotonic() >= self.retry_at:
                    self.retry_at = time.monotonic() + RETRY_AFTER_SECONDS
                raise Refused(503, None, f"no keys: {error}") from error
            key = self.client.get_signing_key(kid)
            if self.client.issuers.get(kid) != ISSUER:
                raise unauthorized("a key of another issuer")
            return key


KEYS = Keys(os.environ["JWKS_URI"])


def validate(token):
    header = jwt.get_unverified_header(token)
    # PyJWT leaves `typ` and `cty` to its caller. RFC 9068 names the second form of `typ`.
    if str(header.get("typ", "JWT")).lower() not in ("jwt", "at+jwt") or "cty" in header:
        raise unauthorized("another kind of token")
    key = KEYS.find(header["kid"])
    claims = jwt.decode(
        token,
        key,
        algorithms=["RS256"],
        issuer=ISSUER,
        audience=AUDIENCE,
        leeway=60,
        options={
            "require": ["exp", "nbf", "iat", "iss", "aud", "sub"],
            # By default PyJWT only warns about short keys.
            "enforce_minimum_key_length": True,
        },
    )
    check_entra(claims)
    return claims


def check_entra(claims):
    """What makes a token one of Entra's. No general library checks it."""
    if claims.get("tid") != TENANT_ID:
        raise unauthorized("another tenant")
    if claims.get("ver") != "2.0":
        raise unauthorized("not a v2.0 token")
    # An ID token does not have `azp`. It says who signed in to a client, and must not open an API.
    if not is_text(claims.get("azp")):
        raise unauthorized("no client")
    if not is_text(claims["sub"]) or not is_text(claims.get("oid", claims["sub"])):
        raise unauthorized("no subject")
    if not all(type(claims[name]) in (int, float) for name in ("exp", "nbf", "iat")):
        raise unauthorized("a date that is no number")
    # A token that is bound to a key requires a proof, which a bearer token does not have.
    if "cnf" in claims:
        raise unauthorized("bound to a key")
    # Entra gives any client of the tenant a token for any API, without permissions.
    scopes, roles = claims.get("scp", ""), claims.get("roles", [])
    if not isinstance(scopes, str) or not isinstance(roles, list) or not all(map(is_text, roles)):
        raise unauthorized("permissions of another type")
    # A slash means no scope.
    if not set(scopes.split()) - {"/"} and not roles:
        raise Refused(403, 'Bearer error="insufficient_scope"', "no permission at all")


def is_text(value):
    return isinstance(value, str) and value.strip() != ""


@app.before_request
def authenticate():
    header = request.headers.get("Authorization")
    if header is None:
        raise Refused(401, "Bearer", "no credentials")
    match = BEARER.fullmatch(header)
    if match is None or len(match[1]) > LONGEST_TOKEN:
        raise unauthorized("not one bearer token")
    try:
        request.claims = validate(match[1])
    except Refused:
        raise
    # Every exception, not only jwt.PyJWTError: a stranger's token must not cause a 500.
    except Exception as error:
        raise unauthorized(f"{type(error).__name__}: {error}") from error


@app.errorhandler(Refused)
def refuse(refused):
    # The reason goes to the log only, because it says what was in the token.
    log.info("refused: %s", refused)
    answer = jsonify(error={401: "unauthorized", 403: "forbidden", 503: "unavailable"}[refused.status])
    if refused.challenge:
        answer.headers["WWW-Authenticate"] = refused.challenge
    else:
        answer.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return answer, refused.status


@app.get("/orders")
def orders():
    return jsonify(subject=request.claims["sub"])


if __name__ == "__main__":
    serve(app, host="127.0.0.1", port=int(os.environ.get("PORT", "3011")), threads=8)
