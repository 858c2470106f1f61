// Better Auth's Microsoft provider needs a mail address of the person.

import assert from "node:assert/strict";
import { test } from "node:test";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { toNodeHandler } from "better-auth/node";
import express from "express";
import { browse, listen, startMock } from "./mock.mjs";

test("a person signs in and has a session", async (t) => {
  const change = (toml) => toml.replaceAll("http://localhost:3000/callback", "http://localhost:3000/api/auth/callback/microsoft");
  const idp = await startMock({ change });
  t.after(idp.stop);
  const app = express();
  const { port, close } = await listen(app);
  t.after(close);
  const { client_id: clientId, client_secret: clientSecret } = idp.apps["orders-web"];
  const auth = betterAuth({
    baseURL: `http://localhost:${port}`,
    secret: "a secret of this test, for its cookies only",
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    socialProviders: {
      microsoft: { clientId, clientSecret, tenantId: idp.tenantId, authority: idp.url, disableProfilePhoto: true },
    },
    telemetry: { enabled: false },
  });
  app.all("/api/auth/{*rest}", toNodeHandler(auth));
  app.get("/", (request, response) => response.send("home"));

  const start = await fetch(`http://localhost:${port}/api/auth/sign-in/social`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: `http://localhost:${port}` },
    body: JSON.stringify({ provider: "microsoft", callbackURL: "/", errorCallbackURL: "/failed" }),
  });
  const { url } = await start.json();
  const cookies = start.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const { response, text, cookies: after } = await browse(url, cookies);
  assert.equal(text, "home", response.url);
  const cookie = [...after].map(([name, value]) => `${name}=${value}`).join("; ");
  const session = await fetch(`http://localhost:${port}/api/auth/get-session`, { headers: { cookie } });
  assert.equal((await session.json()).user.email, "alice@contoso.example");
});
