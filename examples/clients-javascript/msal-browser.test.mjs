// MSAL Browser reads the errors of the token endpoint, and does what its documentation promises.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inChromium, openBrowser, servePage } from "./chromium.mjs";
import { claims, startMock } from "./mock.mjs";

const LIBRARIES = [
  "@azure/msal-browser/lib/msal-browser.min.js",
  "@azure/msal-browser/lib/redirect-bridge/msal-redirect-bridge.min.js",
];

const script = (idp) => `
  if (window !== window.parent) {
    // In the hidden frame of a silent sign-in: hand the response to the page around it.
    await msalRedirectBridge.broadcastResponseToMainFrame();
  } else {
    const auth = ${JSON.stringify({
      clientId: idp.apps["orders-spa"].client_id,
      authority: idp.authority,
      knownAuthorities: [new URL(idp.url).host],
    })};
    const client = await msal.createStandardPublicClientApplication({
      auth: { ...auth, redirectUri: location.origin + "/" },
      cache: { cacheLocation: "sessionStorage" },
    });
    const back = await client.handleRedirectPromise();
    const account = () => client.getAllAccounts()[0];
    const outcome = (request) =>
      request.then(
        ({ accessToken, fromCache }) => ({ accessToken, fromCache }),
        (error) => ({
          name: error.name,
          code: error.errorCode,
          suberror: error.subError,
          interaction: error instanceof msal.InteractionRequiredAuthError,
        }),
      );
    window.app = {
      back: () => back?.accessToken,
      signIn: (scopes) => client.loginRedirect({ scopes }),
      redirect: (scopes) => client.acquireTokenRedirect({ scopes, account: account() }),
      silent: (scopes, forceRefresh) => outcome(client.acquireTokenSilent({ scopes, account: account(), forceRefresh })),
    };
    document.title = account() ? "signed in" : "signed out";
  }
`;

async function signedIn(t, idp) {
  const { origin, close } = await servePage(LIBRARIES, script(idp));
  t.after(close);
  const page = await openBrowser(t);
  await page.goto(origin);
  await page.waitForFunction(() => document.title === "signed out");
  await page.evaluate(() => void window.app.signIn(["api://orders/Orders.Read"]));
  await page.getByRole("button", { name: /Alice Adams/ }).click();
  await page.waitForFunction(() => document.title === "signed in");
  return page;
}

test("a refresh token that has ended is replaced by way of the hidden frame", inChromium, async (t) => {
  const idp = await startMock({ signIn: null });
  t.after(idp.stop);
  const page = await signedIn(t, idp);
  // The session goes on, because another app uses it; the refresh token ends after 24 hours however often it is used.
  await idp.put("clock", { offset_seconds: 20 * 3600 });
  const { client_id } = idp.apps["orders-web"];
  const query = { client_id, response_type: "code", redirect_uri: "http://localhost:3000/callback", scope: "openid" };
  const tab = await page.context().newPage();
  await tab.goto(`${idp.authority}/oauth2/v2.0/authorize?${new URLSearchParams(query)}`).catch(() => {});
  await tab.close();
  await idp.put("clock", { offset_seconds: 25 * 3600 });
  const renewed = await page.evaluate(() => window.app.silent(["api://orders/Orders.Read"], true));
  assert.ok(renewed.accessToken, JSON.stringify(renewed));
  const asked = await idp.requests("token");
  assert.deepEqual(
    asked.slice(-2).map(({ grant, error }) => [grant, error ?? null]),
    [
      ["refresh_token", "AADSTS700084"],
      ["authorization_code", null],
    ],
  );
});

test("a scope that nobody consented to needs interaction, which asks and grants", inChromium, async (t) => {
  const read = '["Orders.Read"]\n"https';
  const idp = await startMock({ signIn: null, change: (toml) => toml.replaceAll('["Orders.Read", "Orders.Write"]\n"https', read) });
  t.after(idp.stop);
  const page = await signedIn(t, idp);
  const write = ["api://orders/Orders.Write"];
  const refused = await page.evaluate((scopes) => window.app.silent(scopes), write);
  assert.equal(refused.interaction, true, JSON.stringify(refused));
  assert.equal(refused.suberror, "consent_required");

  await page.evaluate((scopes) => void window.app.redirect(scopes), write);
  await page.getByText("Orders.Write").waitFor();
  await page.getByRole("button", { name: "Accept" }).click();
  await page.waitForFunction(() => document.title === "signed in");
  const granted = await page.evaluate((scopes) => window.app.silent(scopes), write);
  assert.equal(claims(granted.accessToken).scp, "Orders.Read Orders.Write");
});
