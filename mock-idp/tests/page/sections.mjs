// Each section of the page, by real clicks, and two of them by the keyboard alone.

import assert from "node:assert/strict";
import { button, claims, clipboard, control, field, link, refusedRequest, shot } from "./support.mjs";

/** The decoder's answer; the same words are announced too. */
const answer = (page) => page.getByRole("region", { name: "Decoded token" });

export async function directory({ page }, base) {
  await page.goto(base);
  await page.getByRole("heading", { name: "orders-api" }).waitFor();
  await shot(page, "page-directory");
  await button(page, "Copy authority of contoso").click();
  const { tenants, apps } = await control(base, "GET", "directory");
  assert.equal(await clipboard(page), `${base}/${tenants[0].tenant_id}`);
  await button(page, "Copy secret of orders-web").click();
  assert.equal(await clipboard(page), apps.find((app) => app.name === "orders-web").client_secret);
}

export async function forge({ page }) {
  await link(page, "Forge").click();
  await field(page, "User").selectOption({ label: "bob, Bob Baker" });
  await field(page, "Scopes").fill("Orders.Read Made.Up");
  await page.getByText("Claims and header").click();
  await field(page, "Claims to set (JSON)").fill('{"acct": 1, "shown": null}');
  await field(page, "Claims to leave out").fill("nbf uti");
  await field(page, "Header members to set (JSON)").fill('{"typ": "at+jwt"}');
  await field(page, "Header members to leave out").fill("kid");
  await button(page, "Forge token").click();
  await button(page, "Copy token").click();
  const made = claims(await clipboard(page));
  assert.deepEqual([made.scp, made.acct, made.shown, made.nbf, made.uti], ["Orders.Read Made.Up", 1, null, undefined, undefined]);
  assert.deepEqual(JSON.parse(await page.getByRole("group", { name: "Header", exact: true }).textContent()), { alg: "RS256", typ: "at+jwt" });
  await button(page, "Copy as curl").click();
  assert.match(await clipboard(page), /^curl -s http:\/\/127\.0\.0\.1:\d+\/_mock\/tokens -d '\{.*"without":\["nbf","uti"\]/);

  await field(page, "App roles").fill("[]");
  await button(page, "Forge token").click();
  await button(page, "Copy as curl").click();
  assert.match(await clipboard(page), /"roles":\[\]/);

  await field(page, "Claims to set (JSON)").fill("[1]");
  await button(page, "Forge token").click();
  await page.getByRole("alert").getByText("a JSON object is expected").waitFor();
  await button(page, "Clear form").click();
  assert.equal(await field(page, "Scopes").inputValue(), "");
}

export async function decode({ page }, base) {
  await button(page, "Expired").click();
  await page.getByRole("status").getByText("Token forged").waitFor();
  await button(page, "Open in decoder").click();
  await answer(page).getByText("An API would refuse this token at step 13: auth_token_expired, 401.").waitFor();
  await answer(page).getByText("Signature valid: Signed by the key that this mock signs with now.").waitFor();
  await answer(page).getByText(/^Expired .* UTC, 60 minutes ago\.$/).waitFor();
  const forged = await page.locator('textarea[name="token"]').inputValue();
  const { steps } = await control(base, "POST", "decode", { token: forged });
  assert.equal(await page.locator("#steps li").count(), steps.length);
  await shot(page, "page-decoder");

  const { token } = await control(base, "POST", "tokens", { user: "alice" });
  const tampered = await control(base, "POST", "tokens", { user: "alice", signature: "tampered" });
  await field(page, "Token").fill(tampered.token);
  await button(page, "Decode").click();
  await answer(page).getByText(/auth_token_signature_untrusted, 401/).waitFor();
  await answer(page).getByText("Signature tampered").waitFor();
  await field(page, "Token").fill(token);
  await field(page, "API").fill("api://someone-else");
  await button(page, "Decode").click();
  await answer(page).getByText(/auth_token_audience_invalid, 401/).waitFor();
  await field(page, "API").fill("");
  await button(page, "Decode").click();
  await answer(page).getByText("An API would accept this token.").waitFor();
}

export async function requests({ page }, base) {
  await link(page, "Requests").click();
  await page.getByText("live", { exact: true }).waitFor();
  await refusedRequest(base);
  await page.locator("#request-list").getByText(/AADSTS7000215: .*secret/).waitFor();
  await page.getByText("orders-daemon · client_credentials").waitFor();
  await fetch(`${base}/common/v2.0/.well-known/openid-configuration`);
  await page.locator("#request-list").getByText("/common/v2.0/.well-known/openid-configuration").waitFor();
  assert.equal(await page.locator("#request-list li").count(), 2);
  await page.getByLabel("Errors only").check();
  assert.equal(await page.locator("#request-list li").count(), 1);
  await page.getByLabel("Errors only").uncheck();
  await field(page.locator("#view-requests"), "Endpoint").selectOption("discovery");
  assert.equal(await page.locator("#request-list li").count(), 1);
  await field(page.locator("#view-requests"), "Endpoint").selectOption("");
  const { tenants, apps } = await control(base, "GET", "directory");
  const daemon = apps.find((app) => app.name === "orders-daemon");
  const form = { grant_type: "client_credentials", client_id: daemon.client_id, client_secret: daemon.client_secret };
  for (const scope of ["api://orders/.default", "api://nothing/.default"]) {
    const body = new URLSearchParams({ ...form, scope });
    await fetch(`${base}/${tenants[0].tenant_id}/oauth2/v2.0/token`, { method: "POST", body });
  }
  await fetch(`${base}/${tenants[0].tenant_id}/discovery/v2.0/keys`);
  await fetch(`${base}/v1.0/me`);
  await page.getByText("InvalidAuthenticationToken: ").waitFor();
  await shot(page, "page-requests");
  await button(page, "Clear").click();
  await page.getByText("No requests yet.").waitFor();
}

export async function switches({ page }, base) {
  await link(page, "Switches").click();
  const { current } = await control(base, "GET", "keys");
  await button(page, "Rotate, keep old keys").click();
  await page.getByText("old", { exact: true }).waitFor();
  let keys = await control(base, "GET", "keys");
  assert.ok(keys.current !== current && keys.keys.some(({ kid }) => kid === current));
  await button(page, "Rotate, withdraw old keys").click();
  await page.getByText("old", { exact: true }).waitFor({ state: "detached" });
  keys = await control(base, "GET", "keys");
  assert.ok(keys.keys.every(({ kid }) => kid !== current));

  await page.getByLabel("Freeze at (UTC)").fill("2026-01-01T00:00:00");
  await button(page, "Freeze").click();
  await page.getByText("frozen", { exact: true }).waitFor();
  assert.equal((await control(base, "GET", "clock")).frozen_at, 1767225600);
  await field(page, "Offset (seconds)").fill("-90");
  await button(page, "Shift").click();
  await page.getByText("90 s behind", { exact: true }).waitFor();
  await button(page, "Freeze now").click();
  await page.getByText("frozen", { exact: true }).waitFor();
  await button(page, "Use system time").click();
  await page.getByText("system time", { exact: true }).waitFor();
  await field(page, "Offset (seconds)").fill("999999999999");
  await button(page, "Shift").click();
  await page.getByRole("alert").getByText("too far from now").waitFor();

  const faults = page.locator("#fault-form");
  await field(faults, "Endpoint").selectOption("jwks");
  await field(faults, "Fault").selectOption({ label: "respond late" });
  await field(faults, "Milliseconds").fill("1");
  await field(faults, "Probability").fill("0.5");
  await button(page, "Add fault").click();
  await page.getByText("probability 0.5").waitFor();
  await button(page, "Clear faults").click();
  await page.getByText("No faults.").waitFor();
  await field(faults, "Fault").selectOption({ label: "respond with status" });
  await field(faults, "Status").fill("503");
  await field(faults, "Times").fill("2");
  await field(faults, "Probability").fill("");
  await button(page, "Add fault").click();
  await page.getByText("2 more").waitFor();
  await shot(page, "page-switches");
  assert.equal((await fetch(`${base}/common/discovery/v2.0/keys`)).status, 503);
  await page.getByText("1 more").waitFor();
  await field(faults, "Status").fill("42");
  await button(page, "Add fault").click();
  await page.getByRole("alert").getByText("200 to 599 is expected").waitFor();

  await button(page, "Reset everything").click();
  await page.getByText("No faults.").waitFor();
  assert.deepEqual([(await control(base, "GET", "keys")).current, await control(base, "GET", "faults")], [current, []]);
}

/** Tab until the focus is where a person would want it, and see that it shows. */
async function tabTo(page, what) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.firstChild?.textContent ?? element.textContent;
      return { label: label.trim(), outline: getComputedStyle(element).outlineStyle };
    });
    if (focused.label.startsWith(what)) return assert.equal(focused.outline, "solid", `${what} shows no focus`);
  }
  throw new Error(`no way to ${what} by the keyboard`);
}

export async function keyboard({ page }, base) {
  await page.goto("about:blank");
  await page.goto(base);
  await page.getByRole("heading", { name: "orders-api" }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.closest("main") !== null), true);
  await page.reload();
  await page.getByRole("heading", { name: "orders-api" }).waitFor();
  await tabTo(page, "Forge");
  await page.keyboard.press("Enter");
  await tabTo(page, "User");
  await page.keyboard.press("a");
  await tabTo(page, "Scopes");
  await page.keyboard.type("By.Keyboard");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Token forged").waitFor();
  await tabTo(page, "Copy token");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("Copied token").waitFor();
  assert.equal(claims(await clipboard(page)).scp, "By.Keyboard");
  await tabTo(page, "Open in decoder");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("An API would accept this token.").waitFor();
  await page.locator("#decoder-form textarea").focus();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("no token");
  await tabTo(page, "Decode");
  await page.keyboard.press("Enter");
  await page.getByRole("status").getByText("refuse this token at step 1: auth_token_invalid").waitFor();
}
