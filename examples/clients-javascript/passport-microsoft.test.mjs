// passport-microsoft asks for `user.read`, as Microsoft's documentation spells it, and for the profile at Graph.

import assert from "node:assert/strict";
import { test } from "node:test";
import express from "express";
import session from "express-session";
import passport from "passport";
import { Strategy } from "passport-microsoft";
import { browse, listen, startMock } from "./mock.mjs";

test("a sign-in ends with the profile", async (t) => {
  const idp = await startMock();
  t.after(idp.stop);
  const app = express();
  const { port, close } = await listen(app);
  t.after(close);
  const { client_id: clientID, client_secret: clientSecret } = idp.apps["orders-web"];
  const strategy = new Strategy(
    {
      clientID,
      clientSecret,
      callbackURL: `http://localhost:${port}/callback`,
      scope: ["user.read"],
      authorizationURL: `${idp.authority}/oauth2/v2.0/authorize`,
      tokenURL: `${idp.authority}/oauth2/v2.0/token`,
      apiEntryPoint: idp.url,
    },
    (accessToken, refreshToken, profile, done) => done(null, profile),
  );
  passport.use(strategy);
  app.use(session({ secret: "a secret of this test", resave: false, saveUninitialized: false }));
  app.get("/login", passport.authenticate("microsoft", { session: false }));
  app.get("/callback", passport.authenticate("microsoft", { session: false }), (request, response) => {
    response.json(request.user);
  });
  const { response, text } = await browse(`http://localhost:${port}/login`);
  assert.equal(response.status, 200, text);
  const { displayName, emails, userPrincipalName } = JSON.parse(text);
  assert.deepEqual([displayName, userPrincipalName], ["Alice Adams", "alice@contoso.example"]);
  assert.equal(emails[0].value, "alice@contoso.example");
});
