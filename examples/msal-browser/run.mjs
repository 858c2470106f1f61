// MSAL Browser, as it comes from the npm registry, in headless Chromium against mock-idp over TLS: redirect flow, silent
// renewal by refresh token and in a hidden frame, a call of protected-api, logout. By real clicks.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { STATE, BIN, CHROMIUM } = process.env;
const here = dirname(fileURLToPath(import.meta.url));
const pictures = process.argv[2] === "--screenshots" ? process.argv[3] : undefined;
const running = [];

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

/** The app, at the address that is registered for it. */
function serveApp(settings) {
  const library = (path) => readFileSync(join(here, "node_modules/@azure/msal-browser/lib", path));
  const files = {
    "/": ["text/html", readFileSync(join(here, "index.html"))],
    "/msal-browser.min.js": ["text/javascript", library("msal-browser.min.js")],
    "/msal-redirect-bridge.min.js": ["text/javascript", library("redirect-bridge/msal-redirect-bridge.min.js")],
    "/settings.json": ["application/json", JSON.stringify(settings)],
  };
  const server = createServer((request, response) => {
    const [type, body] = files[new URL(request.url, "http://localhost").pathname] ?? [];
    response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" }).end(body);
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject).listen(5173, "localhost", () => resolve(server));
  });
}

const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

async function story(page, idp, api) {
  const shot = async (name) => pictures && (await page.screenshot({ path: join(pictures, `${name}.png`) }));
  const requests = async () => (await (await fetch(`${idp}/_mock/requests`)).json()).requests;
  const signedIn = () => page.getByText("signed in as alice@contoso.example").waitFor();

  await page.goto("http://localhost:5173/");
  await page.getByText("signed out").waitFor();
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Sign in to orders-spa" }).waitFor();
  await shot("sign-in");
  await page.getByRole("button", { name: /Alice Adams/ }).click();
  await signedIn();
  const first = await page.evaluate(() => window.app.fromRedirect());
  assert.equal(claims(first.accessToken).scp, "Orders.Read Orders.Write");
  console.log(`redirect flow\n    token   scp ${claims(first.accessToken).scp} for ${claims(first.idToken).preferred_username}`);

  const answer = await fetch(`${api}/restricted`, { headers: { Authorization: `Bearer ${first.accessToken}` } });
  assert.equal(answer.status, 200);
  console.log(`    API     ${answer.status} ${(await answer.text()).trim()}`);

  const cached = await page.evaluate(() => window.app.silent(false));
  assert.equal(cached.accessToken, first.accessToken);
  const renewed = await page.evaluate(() => window.app.silent(true));
  assert.notEqual(renewed.accessToken, first.accessToken);
  assert.equal((await requests()).findLast((request) => request.endpoint === "token").grant, "refresh_token");
  console.log("silent renewal\n    source  refresh token, by a cross-origin request");

  const sso = await page.evaluate(() => window.app.sso());
  assert.equal(sso.account.username, "alice@contoso.example");
  assert.equal((await requests()).findLast((request) => request.endpoint === "token").grant, "authorization_code");
  console.log("silent sign-in\n    source  the session, in a hidden frame with prompt=none");

  await page.reload();
  await signedIn();
  await page.evaluate(() => void window.app.signOut());
  await page.getByText("signed out").waitFor();
  assert.ok((await requests()).some((request) => request.endpoint === "logout"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Sign in to orders-spa" }).waitFor();
  console.log("logout\n    then    the next sign-in asks again");
}

async function main() {
  if (pictures) mkdirSync(pictures, { recursive: true });
  const idp = await started("mock-idp", ["--tls", "--listen", "127.0.0.1:0", "--state-dir", STATE]);
  const directory = await (await fetch(`${idp}/_mock/directory`)).json();
  const authority = `${idp}/${directory.tenants[0].tenant_id}`;
  const clientId = directory.apps.find((app) => app.name === "orders-spa").client_id;
  const api = await started("protected-api", [], {
    LISTEN: "127.0.0.1:0",
    AUTHORITY: authority,
    SSL_CERT_FILE: process.env.NODE_EXTRA_CA_CERTS,
  });
  const server = await serveApp({ clientId, authority });
  const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"];
  // The silent sign-in's frame is cross-site, so its cookies must be allowed; a private window never does that.
  const profile = join(STATE, "profile");
  mkdirSync(join(profile, "Default"), { recursive: true });
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: quiet,
    ignoreHTTPSErrors: true, // A person would tell the browser once to trust the CA.
    viewport: { width: 900, height: 700 },
  });
  try {
    const page = await browser.newPage();
    page.on("pageerror", (error) => console.error(`page: ${error}`));
    page.setDefaultTimeout(20_000);
    await story(page, idp, api);
  } finally {
    await browser.close();
    server.close();
  }
}

try {
  await main();
  console.log("MSAL Browser: all steps passed");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const child of running) child.kill();
}
