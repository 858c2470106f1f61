// The decoder.

import { attempt, control } from "./control.js";
import { $, announce, el } from "./dom.js";

const MARKS = { passed: ["✓", "passed"], failed: ["✕", "failed"], "not-judged": ["–", "not judged"] };

function stepRow({ step, name, outcome, code, status, detail, advice }) {
  const [mark, spoken] = MARKS[outcome];
  return el("li", { className: outcome },
    el("span", { className: "mark", role: "img", "aria-label": spoken }, mark),
    el("span", { className: "count" }, `${step}`),
    el("span", { className: "name" }, name),
    outcome === "failed" ? el("div", { className: "more" },
      el("p", {}, el("code", { className: "chip bad" }, code), ` ${status}`),
      el("p", {}, detail),
      el("p", { className: "muted" }, advice)) : undefined);
}

function claimRow(name, value, sentence) {
  const items = Array.isArray(value) && value.map((item) => JSON.stringify(item)).join(", ");
  const shown = typeof value === "string" ? value : items ? `[${items}]` : JSON.stringify(value);
  return el("div", {}, el("dt", {}, name),
    el("dd", {}, el("code", {}, shown)),
    sentence && el("dd", { className: "words" }, sentence));
}

function verdict(steps) {
  const failed = steps.filter((step) => step.outcome === "failed");
  if (failed.length === 0) return ["An API would accept this token.", ""];
  const [first, ...more] = failed;
  const others = more.length ? ` ${more.length} more ${more.length === 1 ? "step" : "steps"} would fail.` : "";
  return [`An API would refuse this token at step ${first.step}: ${first.code}, ${first.status}.${others}`, "bad"];
}

async function decode() {
  const { token, audience, tenant } = $("decoder-form").elements;
  const request = { token: token.value.trim(), tenant: tenant.value || undefined, audience: audience.value.trim() || undefined };
  const decoded = await control("POST", "decode", request);
  const { header, claims, problem, signature, steps } = decoded;
  $("verdict").hidden = !steps;
  if (steps) {
    const [sentence, kind] = verdict(steps);
    $("verdict").textContent = sentence;
    $("verdict").className = `verdict ${kind}`;
  }
  $("signature").textContent = `Signature ${signature.state.replace("-", " ")}: ${signature.words}`;
  $("signature").className = `verdict ${signature.state === "valid" ? "" : "bad"}`;
  $("no-steps").hidden = Boolean(steps);
  $("no-steps").textContent = `No validation steps: ${decoded.no_steps_because}.`;
  $("steps").replaceChildren(...(steps ?? []).map(stepRow));
  $("problem").hidden = !problem;
  $("problem").textContent = problem ?? "";
  const sentences = Object.fromEntries(decoded.words.map(({ claim, words }) => [claim, words]));
  $("claims").replaceChildren(...Object.entries(claims ?? {}).map(([name, value]) => claimRow(name, value, sentences[name])));
  $("decoded-header").textContent = header ? JSON.stringify(header, null, 2) : "";
  $("decoded").hidden = false;
  $("signature").scrollIntoView({ block: "nearest" });
  announce(steps ? $("verdict").textContent : $("signature").textContent);
}

export function startDecoder() {
  const form = $("decoder-form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(form.querySelector(".error"), decode);
  });
}
