// express-openid-connect: a web application's sign-in by code, and userinfo.

import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import openid from "express-openid-connect";
import { browse, listen, startMock } from "./mock.mjs";

test("a protected page sends to sign-in and comes back with userinfo", async (t) => {
  const idp = await startMock();
  t.after(idp.stop);
  const app = express();
  const { port, close } = await listen(app);
  t.after(close);
  const { client_id: clientID, client_secret: clientSecret } = idp.apps["orders-web"];
  app.use(
    openid.auth({
      issuerBaseURL: `${idp.authority}/v2.0`,
      baseURL: `http://localhost:${port}`,
      clientID,
      clientSecret,
      secret: "a secret of this test, for its cookies only",
      authorizationParams: { response_type: "code", response_mode: "query", scope: "openid profile email" },
    }),
  );
  app.get("/", async (request, response) => {
    response.json({ user: request.oidc.user, userinfo: await request.oidc.fetchUserInfo() });
  });
  const { response, text } = await browse(`http://localhost:${port}/`);
  assert.equal(response.status, 200, text);
  const { user, userinfo } = JSON.parse(text);
  assert.equal(user.preferred_username, "alice@contoso.example");
  assert.deepEqual([userinfo.sub, userinfo.email], [user.sub, "alice@contoso.example"]);
});
