// MSAL Node, as it comes from the npm registry, against mock-idp over TLS; its tokens against protected-api.
//
// Each step prints what MSAL got and what the API answered, and fails the run if either is not as expected.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { X509Certificate, createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as msal from "@azure/msal-node";

const { STATE, BIN } = process.env;
const running = [];

/** Starts a program and gives the address in its first line, `... listening on ADDRESS`. */
async function started(name, args, env) {
  const child = spawn(join(BIN, name), args, {
    env: { RUST_LOG: "warn", ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    const [, address] = line.split(" listening on ");
    if (address) return address;
    break;
  }
  throw new Error(`${name} did not start`);
}

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const json = async (url, options) => (await fetch(url, options)).json();

/** A client's key and certificate, and the built-in directory with the certificate registered for the daemon. */
function withCertificate() {
  const [key, certificate] = [join(STATE, "key.pem"), join(STATE, "certificate.pem")];
  const subject = ["-subj", "/CN=orders-daemon (test only)", "-days", "1"];
  const files = ["-keyout", key, "-out", certificate];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", ...files, ...subject], { stdio: "ignore" });
  const pem = readFileSync(certificate, "utf8");
  const builtin = execFileSync(join(BIN, "mock-idp"), ["config"], { encoding: "utf8" });
  const config = builtin.replace(/client_secret = "orders-daemon-.*"\n/, (line) => `${line}certificates = ["""\n${pem}"""]\n`);
  writeFileSync(join(STATE, "directory.toml"), config);
  const thumbprintSha256 = createHash("sha256").update(new X509Certificate(pem).raw).digest("hex");
  return { thumbprintSha256, privateKey: readFileSync(key, "utf8") };
}

async function main() {
  const certificate = withCertificate();
  const idp = await started("mock-idp", [
    // There is no person at the page: whoever MSAL hints at signs in.
    ...["--tls", "--listen", "127.0.0.1:0", "--sign-in", "hint"],
    ...["--state-dir", STATE, "--config", join(STATE, "directory.toml")],
  ]);
  const directory = await json(`${idp}/_mock/directory`);
  const apps = Object.fromEntries(directory.apps.map((app) => [app.name, app]));
  const users = Object.fromEntries(directory.users.map((user) => [user.name, user]));
  const authority = `${idp}/${directory.tenants[0].tenant_id}`;
  const api = await started("protected-api", [], {
    LISTEN: "127.0.0.1:0",
    AUTHORITY: authority,
    SSL_CERT_FILE: process.env.NODE_EXTRA_CA_CERTS,
  });
  const scopes = ["api://orders/Orders.Read"];
  const settings = (name, credential) => ({
    auth: { clientId: apps[name].client_id, authority, knownAuthorities: [new URL(idp).host], ...credential },
  });
  const confidential = (name, credential = { clientSecret: apps[name].client_secret }) =>
    new msal.ConfidentialClientApplication(settings(name, credential));

  /** Shows what MSAL got, and what the API says to it. */
  async function call(step, result, token = result.accessToken) {
    const got = claims(token);
    const answer = await fetch(`${api}/restricted`, { headers: { Authorization: `Bearer ${token}` } });
    const text = (await answer.text()).trim();
    assert.equal(answer.status, 200, `${step}: ${text}`);
    console.log(`${step}\n    token   ${got.ver} ${got.scp ? `scp ${got.scp}` : `roles ${got.roles.join(" ")}`}`);
    console.log(`    source  ${result.fromCache ? "cache" : "identity provider"}\n    API     ${answer.status} ${text}`);
    return got;
  }

  async function refused(step, number, request) {
    const error = await request.then(() => assert.fail(`${step} was not refused`), (error) => error);
    assert.match(error.errorMessage, new RegExp(`AADSTS${number}`), step);
    console.log(`${step}\n    error   ${error.errorCode} [${number}]`);
  }

  // Client credentials.
  const forApi = { scopes: ["api://orders/.default"] };
  const daemon = confidential("orders-daemon");
  await call("client credentials", await daemon.acquireTokenByClientCredential(forApi));
  const again = await daemon.acquireTokenByClientCredential(forApi);
  assert.ok(again.fromCache);
  await call("client credentials again, from MSAL's cache", again);
  const wrong = confidential("orders-daemon", { clientSecret: "wrong" });
  await refused("a wrong secret", 7000215, wrong.acquireTokenByClientCredential(forApi));
  const certified = confidential("orders-daemon", { clientCertificate: certificate });
  const byCertificate = await certified.acquireTokenByClientCredential(forApi);
  assert.equal((await call("client credentials by certificate", byCertificate)).azpacr, "2");

  // Authorization code with PKCE, as a browser would follow it; then silently.
  const crypto = new msal.CryptoProvider();
  async function signIn(client, redirectUri, user, extra = {}) {
    const { verifier, challenge } = await crypto.generatePkceCodes();
    const url = await client.getAuthCodeUrl({
      scopes, redirectUri, loginHint: user.upn, codeChallenge: challenge, codeChallengeMethod: "S256", ...extra,
    });
    const page = await fetch(url, { redirect: "manual" });
    assert.equal(page.status, 302, await page.text());
    const location = new URL(page.headers.get("location"));
    assert.ok(location.href.startsWith(redirectUri), location.href);
    const code = location.searchParams.get("code");
    return client.acquireTokenByCode({ code, scopes, redirectUri, codeVerifier: verifier });
  }
  async function authorizationCode(name, client, redirectUri, user) {
    const result = await signIn(client, redirectUri, user);
    await call(`authorization code with PKCE (${name})`, result);
    assert.equal(result.account.username, user.upn);
    const cached = await client.acquireTokenSilent({ account: result.account, scopes });
    assert.equal(cached.accessToken, result.accessToken);
    await call("silently, from MSAL's cache", cached);
    const fresh = await client.acquireTokenSilent({ account: result.account, scopes, forceRefresh: true });
    assert.notEqual(fresh.accessToken, result.accessToken);
    await call("silently, by refresh token", fresh);
    return result;
  }
  const web = confidential("orders-web");
  const signedIn = await authorizationCode("confidential", web, "http://localhost:3000/callback", users.alice);
  const publicClient = () => new msal.PublicClientApplication(settings("orders-spa"));
  await authorizationCode("public", publicClient(), "http://localhost:52817", users.bob);

  // Device code: a person opens the page, types the code, and picks an account.
  const device = publicClient();
  const byDevice = await device.acquireTokenByDeviceCode({
    scopes,
    deviceCodeCallback: (codes) => {
      const form = new URLSearchParams({ user_code: codes.userCode, mock_user: users.alice.oid });
      fetch(codes.verificationUri, { method: "POST", body: form });
    },
  });
  await call("device code", byDevice);

  // Password.
  const byPassword = (password) =>
    publicClient().acquireTokenByUsernamePassword({ scopes, username: users.bob.upn, password });
  await call("password", await byPassword(users.bob.password));
  await refused("a wrong password", 50126, byPassword("wrong"));

  // On behalf of: the API passes alice's token on to Microsoft Graph.
  const passedOn = await confidential("orders-api").acquireTokenOnBehalfOf({
    oboAssertion: signedIn.accessToken,
    scopes: ["https://graph.microsoft.com/User.Read"],
  });
  const me = await fetch(`${idp}/v1.0/me`, { headers: { Authorization: `Bearer ${passedOn.accessToken}` } });
  assert.equal(me.status, 200, await me.clone().text());
  console.log(`on-behalf-of\n    token   scp ${claims(passedOn.accessToken).scp} for Microsoft Graph`);
  console.log(`    Graph   ${me.status} ${(await me.json()).userPrincipalName}`);

  // The API refuses an ID token, with the reason.
  const idToken = await fetch(`${api}/restricted`, { headers: { Authorization: `Bearer ${signedIn.idToken}` } });
  assert.equal(idToken.status, 401);
  console.log(`an ID token instead\n    API     ${idToken.status} ${(await idToken.json()).type}`);
}

try {
  await main();
  console.log("MSAL Node: all steps passed");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const child of running) child.kill();
}
