// A mock and a browser, and the words that the steps share.

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const { BIN, CHROMIUM } = process.env;
const running = [];

/** Starts the program and returns its URL. */
export async function mock(...args) {
  const child = spawn(join(BIN, "mock-idp"), ["--listen", "127.0.0.1:0", ...args], {
    env: { ...process.env, RUST_LOG: "warn" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    const [, address] = line.split(" listening on ");
    if (address) return address;
    break;
  }
  throw new Error("mock-idp did not start");
}

export function stop() {
  for (const child of running) child.kill();
}

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
export const browser = () => chromium.launch({ executablePath: CHROMIUM, args: QUIET });

/** A separate window, which may use the clipboard. Whatever a page complains of fails the test. */
export async function openWindow(chrome, base, options = {}) {
  const context = await chrome.newContext({ viewport: { width: 1200, height: 800 }, reducedMotion: "reduce", ...options });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(`${error}`));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.setDefaultTimeout(10_000);
  return { page, context, complaints };
}

export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
export const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

/** JSON of the control surface. */
export async function control(base, method, path, body) {
  const response = await fetch(`${base}/_mock/${path}`, { method, body: body && JSON.stringify(body) });
  return response.status === 204 ? undefined : response.json();
}

/** A token request that is refused. */
export async function refusedRequest(base) {
  const { tenants, apps } = await control(base, "GET", "directory");
  const daemon = apps.find((app) => app.name === "orders-daemon");
  const form = { grant_type: "client_credentials", client_id: daemon.client_id, client_secret: "wrong", scope: "api://orders/.default" };
  return fetch(`${base}/${tenants[0].tenant_id}/oauth2/v2.0/token`, { method: "POST", body: new URLSearchParams(form) });
}

/** Whether nothing is wider than the window. */
export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

const pictures = process.argv[2] === "--screenshots" ? process.argv[3] : undefined;
if (pictures) mkdirSync(pictures, { recursive: true });
export const shot = async (page, name) => pictures && (await page.screenshot({ path: join(pictures, `${name}.png`) }));

export const link = (page, name) => page.getByRole("navigation").getByRole("link", { name });
export const button = (page, name) => page.getByRole("button", { name, exact: true });
/** A field by its label, as assistive technology names it. */
export const field = (page, name) => ["textbox", "combobox", "spinbutton"].map((role) => page.getByRole(role, { name, exact: true })).reduce((fields, more) => fields.or(more));
