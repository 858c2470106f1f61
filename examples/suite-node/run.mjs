// Runs suite.json against a validator: jose with the settings of its own documentation. Put yours into `validate`.

import { readFileSync } from "node:fs";
import * as jose from "jose";

const suite = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { policy } = suite;
const usual = new Set(["plain", "version-two", "app-only"]); // the others need another configuration

/** Rejects with a JOSEError if the token is refused. */
const validate = (token, keySet) =>
  jose.jwtVerify(token, jose.createLocalJWKSet(keySet), {
    algorithms: [policy.algorithm],
    issuer: policy.issuer,
    audience: policy.audience,
    clockTolerance: policy.leeway_seconds,
    currentDate: new Date(suite.now * 1000),
    requiredClaims: ["exp", "nbf", "iss", "aud", "sub"],
  });

async function verdict({ token, key_set: keySet = suite.key_set }) {
  try {
    await validate(token, keySet);
    return "accept";
  } catch (error) {
    // An exception that the caller does not expect becomes a 500.
    return error instanceof jose.errors.JOSEError ? "refuse" : "crash";
  }
}

const groups = new Map();
for (const testCase of suite.cases) {
  const { id, token, provider, setting, expect } = testCase;
  if (!token || provider || !usual.has(setting) || expect === "either") continue;
  const group = id.split("::")[0];
  const got = await verdict(testCase);
  const counts = groups.get(group) ?? { passed: 0, accept: 0, refuse: 0, crash: 0 };
  counts[got === expect ? "passed" : got] += 1;
  groups.set(group, counts);
}
const row = (first, cells) => console.log(first.padEnd(15) + cells.map((cell) => String(cell).padStart(14)).join(""));
row("group", ["passed", "accepted", "refused", "crashed"]);
for (const [group, { passed, accept, refuse, crash }] of groups) row(group, [passed, accept, refuse, crash]);
if ((groups.get("control")?.passed ?? 0) < 3) {
  console.error("the controls are refused: the validator is not configured for the suite");
  process.exitCode = 1;
}
