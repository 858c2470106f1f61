// MSAL Node raises the classes that its documentation promises, and asks the virtual machine's metadata service.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as msal from "@azure/msal-node";
import { claims, redirected, startMock } from "./mock.mjs";

const REDIRECT = "http://localhost:3000/callback";

function client(idp, name = "orders-web") {
  const { client_id: clientId, client_secret: clientSecret } = idp.apps[name];
  return new msal.ConfidentialClientApplication({
    auth: { clientId, clientSecret, authority: idp.authority, knownAuthorities: [new URL(idp.url).host] },
  });
}

async function signedIn(app, scopes, extra = {}) {
  const url = await app.getAuthCodeUrl({ scopes, redirectUri: REDIRECT, ...extra });
  const code = (await redirected(url)).searchParams.get("code");
  return app.acquireTokenByCode({ code, scopes, redirectUri: REDIRECT });
}

test("a silent request after the sessions were revoked needs interaction", async (t) => {
  const soon = Math.floor(Date.now() / 1000) + 3600;
  const change = (toml) => toml.replace('name = "alice"', `name = "alice"\nsessions_valid_from = ${soon}`);
  const idp = await startMock({ change });
  t.after(idp.stop);
  const app = client(idp);
  const scopes = ["api://orders/Orders.Read"];
  const { account } = await signedIn(app, scopes);
  await assert.rejects(app.acquireTokenSilent({ account, scopes, forceRefresh: true }), (error) => {
    assert.ok(error instanceof msal.InteractionRequiredAuthError, `${error.name} ${error.errorCode}`);
    assert.equal(error.subError, "bad_token");
    return true;
  });
});

test("a scope that nobody consented to needs interaction", async (t) => {
  const idp = await startMock({ change: (toml) => toml.replaceAll('["Orders.Read", "Orders.Write"]\n"https', '["Orders.Read"]\n"https') });
  t.after(idp.stop);
  const app = client(idp);
  const { account } = await signedIn(app, ["api://orders/Orders.Read"]);
  const silent = app.acquireTokenSilent({ account, scopes: ["api://orders/Orders.Write"] });
  await assert.rejects(silent, (error) => error instanceof msal.InteractionRequiredAuthError && error.subError === "consent_required");
});

test("a token for Microsoft Graph is found in the cache under the scopes that were asked for", async (t) => {
  const idp = await startMock();
  t.after(idp.stop);
  const app = client(idp);
  const scopes = ["https://graph.microsoft.com/User.Read"];
  const first = await signedIn(app, scopes);
  const again = await app.acquireTokenSilent({ account: first.account, scopes });
  assert.equal(again.fromCache, true);
  assert.equal(claims(first.accessToken).ver, "1.0");
});

test("further resources are consented to at sign-in", async (t) => {
  const idp = await startMock();
  t.after(idp.stop);
  const app = client(idp);
  const extra = { extraScopesToConsent: ["https://graph.microsoft.com/User.Read"] };
  const { account, scopes } = await signedIn(app, ["api://orders/Orders.Read"], extra);
  assert.ok(scopes.includes("api://orders/Orders.Read"), scopes.join(" "));
  const graph = await app.acquireTokenSilent({ account, scopes: ["User.Read"] });
  assert.equal(claims(graph.accessToken).aud, "00000003-0000-0000-c000-000000000000");
});
