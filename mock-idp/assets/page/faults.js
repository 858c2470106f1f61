// Faults.

import { control } from "./control.js";
import { $, choices, el } from "./dom.js";
import { showState } from "./state.js";

const FAULTS = {
  status: ["Status", "503", Number],
  delay_ms: ["Milliseconds", "1000", Number],
  body: ["Body", "<html>", String],
  truncate: ["Bytes", "10", Number],
  drop: ["", "true", () => true],
  redirect: ["URL", "https://evil.example/", String],
  endless: ["", "true", () => true],
  content_type: ["Media type", "text/html", String],
};
const FAULT_LABELS = { status: "respond with status", delay_ms: "respond late", body: "respond with body", truncate: "cut the response", drop: "drop the connection", redirect: "redirect", endless: "never end", content_type: "change the content type" };
export const ENDPOINTS = ["discovery", "jwks", "token", "authorize", "devicecode", "instance", "userrealm", "logout", "graph", "managedidentity", "other"];

export function showFaults(faults) {
  $("faults").replaceChildren(...faults.map(({ endpoint, fault, times, every, probability }) => {
    const often = [times && `${times} more`, every && `one of ${every} requests`, probability !== undefined && `probability ${probability}`].filter(Boolean);
    const [[kind, value]] = Object.entries(fault);
    const what = value === true ? FAULT_LABELS[kind] : `${FAULT_LABELS[kind]}: ${value}`;
    return el("li", {}, el("span", {}, el("span", { className: "chip odd" }, endpoint), ` ${what}`), el("span", { className: "muted" }, often.join(", ") || "every request"));
  }));
  $("no-faults").hidden = faults.length > 0;
  showState("state-faults", faults.length ? `${faults.length}` : "none", faults.length);
}

export const loadFaults = async () => showFaults(await control("GET", "faults"));

function showFaultValue() {
  const { fault, value } = $("fault-form").elements;
  const [label, example] = FAULTS[fault.value];
  $("fault-value").hidden = !label;
  $("fault-value").querySelector("span").textContent = label;
  value.value = example;
}

export function faultRule() {
  const { endpoint, fault, value, times, every, probability } = $("fault-form").elements;
  const rule = { endpoint: endpoint.value, fault: { [fault.value]: FAULTS[fault.value][2](value.value) } };
  if (times.value) rule.times = Number(times.value);
  if (every.value) rule.every = Number(every.value);
  if (probability.value) rule.probability = Number(probability.value);
  return rule;
}

export function startFaults() {
  const { endpoint, fault } = $("fault-form").elements;
  choices(endpoint, ENDPOINTS.map((name) => [name]));
  choices(fault, Object.entries(FAULT_LABELS));
  endpoint.value = "jwks";
  fault.addEventListener("change", showFaultValue);
  showFaultValue();
}
