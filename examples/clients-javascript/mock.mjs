// A mock-idp of a test's own, and what a browser does between a client and it.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { STATE, BIN } = process.env;

/**
 * Starts a mock over TLS. `change` gets the built-in directory as TOML and returns the one to use; `signIn` is the user who
 * answers every page, `null` a person.
 */
export async function startMock({ change = (toml) => toml, signIn = "alice" } = {}) {
  const builtin = execFileSync(join(BIN, "mock-idp"), ["config"], { encoding: "utf8" });
  const config = join(mkdtempSync(join(STATE, "mock-")), "directory.toml");
  writeFileSync(config, change(builtin));
  const automatic = signIn ? ["--sign-in", signIn] : [];
  const args = ["--tls", "--listen", "127.0.0.1:0", "--state-dir", STATE, "--config", config, ...automatic];
  const child = spawn(join(BIN, "mock-idp"), args, {
    env: { RUST_LOG: "warn", ...process.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await firstAddress(child);
  const json = async (path, options) => {
    const response = await fetch(`${url}/_mock/${path}`, options);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const directory = await json("directory");
  const byName = (list) => Object.fromEntries(list.map((entry) => [entry.name, entry]));
  const tenantId = directory.tenants[0].tenant_id;
  return {
    url,
    tenantId,
    authority: `${url}/${tenantId}`,
    apps: byName(directory.apps),
    users: byName(directory.users),
    put: (path, body) =>
      json(path, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    requests: async (endpoint) => (await json("requests")).requests.filter((request) => request.endpoint === endpoint),
    stop: () => child.kill(),
  };
}

async function firstAddress(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    const [, address] = line.split(" listening on ");
    if (address) return address;
    break;
  }
  throw new Error("mock-idp did not start");
}

/** The claims of a token, unverified. */
export const claims = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));

/** Where the authorize endpoint sends the browser. */
export async function redirected(url) {
  const response = await fetch(url, { redirect: "manual" });
  if (response.status !== 302) throw new Error(`${response.status}: ${await response.text()}`);
  return new URL(response.headers.get("location"));
}

/** A browser without scripts: keeps cookies, follows redirects, and submits a form that only waits for that. */
export async function browse(url, earlier = []) {
  const cookies = new Map(earlier.map((cookie) => cookie.split(/=(.*)/s)));
  let request = { url: new URL(url), options: {} };
  for (let step = 0; step < 20; step += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(request.url, {
      redirect: "manual",
      ...request.options,
      headers: { ...request.options.headers, cookie },
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = set.match(/^([^=]+)=([^;]*)/);
      cookies.set(name, value);
    }
    const location = response.headers.get("location");
    if (!location) return { response, text: await response.text(), cookies };
    request = { url: new URL(location, request.url), options: {} };
  }
  throw new Error(`${url} leads nowhere`);
}

/** An Express app on a free port. */
export function listen(app) {
  return new Promise((resolve) => {
    const server = app.listen(0, "localhost", () => resolve({ port: server.address().port, close: () => server.close() }));
  });
}
