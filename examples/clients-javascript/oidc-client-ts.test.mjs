// oidc-client-ts in a page: sign-in, and userinfo across origins.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inChromium, openBrowser, servePage } from "./chromium.mjs";
import { startMock } from "./mock.mjs";

const script = (idp) => `
  const { UserManager } = oidc;
  const manager = new UserManager({
    authority: ${JSON.stringify(`${idp.authority}/v2.0`)},
    client_id: ${JSON.stringify(idp.apps["orders-spa"].client_id)},
    redirect_uri: location.origin + "/",
    scope: "openid profile email",
    loadUserInfo: true,
  });
  if (location.search.includes("code=")) {
    const user = await manager.signinRedirectCallback().catch((error) => ({ failed: String(error) }));
    window.result = user.failed ? user : { profile: user.profile };
  } else {
    await manager.signinRedirect();
  }
`;

test("a page signs in and loads userinfo", inChromium, async (t) => {
  const idp = await startMock();
  t.after(idp.stop);
  const { origin, close } = await servePage(["oidc-client-ts/dist/browser/oidc-client-ts.js"], script(idp));
  t.after(close);
  const page = await openBrowser(t);
  await page.goto(origin);
  const result = await (await page.waitForFunction(() => window.result)).jsonValue();
  assert.equal(result.failed, undefined);
  assert.deepEqual([result.profile.name, result.profile.email], ["Alice Adams", "alice@contoso.example"]);
});
