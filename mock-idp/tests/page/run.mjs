// The page for people in headless Chromium, by real clicks and keys: every part of it, and the pages that clients send
// people to. Whatever the browser complains of (a script that fails, a policy that is broken) fails the test.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode, directory, forge, keyboard, requests, switches } from "./sections.mjs";
import { browser, button, control, field, fits, link, mock, openWindow, refusedRequest, shot, stop } from "./support.mjs";

async function hostileNames(chrome) {
  const markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  const config = directoryNamed(markup);
  const hostile = join(process.env.STATE, "hostile.json");
  writeFileSync(hostile, JSON.stringify(config));
  const base = await mock("--config", hostile);
  const window = await openWindow(chrome, base);
  const { page } = window;
  await page.goto(base);
  await page.getByRole("heading", { name: markup }).first().waitFor();
  const { token } = await control(base, "POST", "tokens", { user: "mallory", claims: { [markup]: markup, iss: markup }, header: { kid: markup } });
  await page.goto(`${base}/#decoder`);
  await field(page, "Token").fill(token);
  await button(page, "Decode").click();
  await page.locator("#claims dt").getByText(markup).waitFor();
  await page.goto(`${base}/#requests`);
  await fetch(`${base}/${encodeURIComponent(markup)}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams({ client_id: markup, grant_type: markup }) });
  await page.locator("#request-list .who").getByText(markup).first().waitFor();
  const query = new URLSearchParams({ client_id: config.apps[0].client_id, response_type: "code", redirect_uri: "http://localhost", scope: "openid", code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" });
  await page.goto(`${base}/${config.tenants[0].tenant_id}/oauth2/v2.0/authorize?${query}`);
  await page.getByRole("button", { name: /mallory@/ }).waitFor();
  assert.equal(await page.locator("main img:not([alt=''])").count(), 0);
  await finish(window);
}

/** A directory with hostile names of people and apps. */
const directoryNamed = (name) => ({
  tenants: [{ name: "contoso", tenant_id: "aaaaaaaa-0000-4000-8000-000000000001", domain: "contoso.example" }],
  apps: [{ name, tenant: "contoso", kind: "public", client_id: "dddddddd-0000-4000-8000-00000000a002", service_principal_id: "dddddddd-0000-4000-8000-00000000b002", redirect_uris: [{ uri: "http://localhost", type: "public" }] }],
  users: [{ name: "mallory", tenant: "contoso", upn: "mallory@contoso.example", oid: "cccccccc-0000-4000-8000-000000000009", password: "p", given_name: name }],
});

async function controlToken(chrome) {
  const base = await mock("--control-token", "open-sesame");
  const window = await openWindow(chrome, base);
  const { page, complaints } = window;
  await page.goto(base);
  await field(page, "Control token").fill("wrong");
  await button(page, "Unlock").click();
  await page.getByRole("alert").getByText("That is not the token.").waitFor();
  await field(page, "Control token").fill("open-sesame");
  await button(page, "Unlock").click();
  await page.getByRole("heading", { name: "orders-api" }).waitFor();
  await link(page, "Requests").click();
  await page.getByText("live", { exact: true }).waitFor();
  await page.reload();
  await page.getByText("live", { exact: true }).waitFor();
  await page.evaluate(() => sessionStorage.clear());
  await page.goto("about:blank");
  await page.goto(`${base}/#token=open-sesame`);
  await page.getByRole("heading", { name: "orders-api" }).waitFor();
  assert.equal(new URL(page.url()).hash, "#directory");
  // The browser itself reports the expected 401 responses.
  assert.ok(complaints.every((complaint) => complaint.includes("401")), complaints.join("\n"));
  await window.context.close();
}

/** Sign-in, consent, device and sign-out, in this window's colours. */
async function clientPages({ page }, base, picture) {
  const { tenants, apps } = await control(base, "GET", "directory");
  const tenant = `${base}/${tenants[0].tenant_id}`;
  const client = (name) => apps.find((app) => app.name === name).client_id;
  // Nothing listens at the application's URL; the response is read from the request.
  await page.route("http://localhost:3000/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>app</title>arrived" }));
  const query = new URLSearchParams({ client_id: client("orders-web"), response_type: "code", redirect_uri: "http://localhost:3000/callback", scope: "api://orders/Orders.Read openid" });
  await page.goto(`${tenant}/oauth2/v2.0/authorize?${query}&prompt=consent`);
  await page.getByRole("heading", { name: "Sign in to orders-web" }).waitFor();
  assert.ok(await fits(page));
  if (picture) await shot(page, "sign-in");
  await page.getByRole("button", { name: /Alice Adams/ }).click();
  await page.getByRole("heading", { name: "orders-web asks for permissions" }).waitFor();
  assert.ok(await fits(page));
  if (picture) await shot(page, "consent");
  await button(page, "Accept").click();
  await page.getByText("arrived").waitFor();
  assert.match(page.url(), /[?&]code=/);
  await page.goto(`${tenant}/oauth2/v2.0/authorize?${query}&response_mode=form_post`);
  await page.getByText("arrived").waitFor();
  await page.goto(`${tenant}/oauth2/v2.0/logout?post_logout_redirect_uri=${encodeURIComponent("http://localhost:3000/callback")}`);
  await page.getByText("arrived").waitFor();
  await page.goto(`${tenant}/oauth2/v2.0/logout`);
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  const form = new URLSearchParams({ client_id: client("orders-spa"), scope: "openid" });
  const device = await (await fetch(`${tenant}/oauth2/v2.0/devicecode`, { method: "POST", body: form })).json();
  await page.goto(device.verification_uri);
  await page.getByLabel("The code that the device shows").fill(device.user_code);
  await button(page, "Next").click();
  await page.getByText(device.user_code).waitFor();
  assert.ok(await fits(page));
  if (picture) await shot(page, "device");
  await page.getByRole("button", { name: /Bob Baker/ }).click();
  await page.getByText("You are signed in on your device.").waitFor();
}

async function everySection(chrome, base, options, name) {
  const window = await openWindow(chrome, base, options);
  const { page } = window;
  await page.goto(base);
  await page.getByRole("heading", { name: "orders-api" }).waitFor();
  await link(page, "Forge").click();
  await button(page, "Tampered").click();
  await button(page, "Open in decoder").click();
  await page.locator("#signature").getByText("Signature tampered").waitFor();
  await refusedRequest(base);
  for (const section of ["Directory", "Requests", "Forge", "Decoder", "Switches"]) {
    await link(page, section).click();
    await page.getByRole("heading", { name: section, level: 1 }).waitFor();
    assert.ok(await fits(page), `${section} is wider than ${name}`);
    assert.ok(await page.getByText("This is mock-idp, not Microsoft.").isVisible());
  }
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.equal(ground.match(/\d+/g).every((part) => part < 64), options.colorScheme === "dark", ground);
  await link(page, "Decoder").click();
  if (name === "phone") await page.locator("#verdict").evaluate((verdict) => verdict.scrollIntoView());
  await shot(page, `page-${name}`);
  await clientPages(window, base);
  await finish(window);
}

async function finish({ context, complaints }) {
  assert.deepEqual(complaints, []);
  await context.close();
}

async function main() {
  const base = await mock();
  const chrome = await browser();
  const step = async (name, action) => {
    await action();
    console.log(`page: ${name}`);
  };
  try {
    const window = await openWindow(chrome, base);
    await step("directory", () => directory(window, base));
    await step("forge", () => forge(window, base));
    await step("decoder", () => decode(window, base));
    await step("live requests", () => requests(window, base));
    await step("keys, clock, faults, reset", () => switches(window, base));
    await step("keyboard alone", () => keyboard(window, base));
    await step("sign-in, consent, device, sign-out", () => clientPages(window, base, true));
    await finish(window).catch((error) => {
      // The browser itself reports the 400 response to an invalid input.
      if (!window.complaints.every((complaint) => /status of 400/.test(complaint))) throw error;
    });
    await step("hostile names", () => hostileNames(chrome));
    await step("control token", () => controlToken(chrome));
    await step("dark", () => everySection(chrome, base, { colorScheme: "dark" }, "dark"));
    await step("phone", () => everySection(chrome, base, { viewport: { width: 360, height: 740 }, hasTouch: true }, "phone"));
  } finally {
    await chrome.close();
  }
}

try {
  await main();
  console.log("page: all steps passed");
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  stop();
}
