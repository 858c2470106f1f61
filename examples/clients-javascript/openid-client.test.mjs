// openid-client holds userinfo's `sub` against the ID token's, as OpenID Connect demands.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as client from "openid-client";
import { redirected, startMock } from "./mock.mjs";

test("a sign-in with PKCE ends at userinfo", async (t) => {
  const idp = await startMock();
  t.after(idp.stop);
  const { client_id, client_secret } = idp.apps["orders-web"];
  const config = await client.discovery(new URL(`${idp.authority}/v2.0`), client_id, client_secret);
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [client.randomState(), client.randomNonce()];
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: "http://localhost:3000/callback",
    scope: "openid profile email",
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: "S256",
    state: expectedState,
    nonce: expectedNonce,
  });
  const back = await redirected(url);
  const tokens = await client.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState, expectedNonce });
  const { sub, preferred_username } = tokens.claims();
  assert.equal(preferred_username, "alice@contoso.example");
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub);
  assert.deepEqual([userinfo.name, userinfo.email], ["Alice Adams", "alice@contoso.example"]);
});
