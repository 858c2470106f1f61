// The forge.

import { attempt, control, controlToken } from "./control.js";
import { copies } from "./copy.js";
import { directory } from "./directory.js";
import { $, announce, el } from "./dom.js";

let forged;

const EXAMPLES = [
  ["Delegated", { user: "alice" }],
  ["App-only", {}],
  ["Expired", { user: "alice", expires_in: -3600 }],
  ["For another API", { user: "alice", audience: "api://someone-else" }],
  ["From another tenant", { tenant: "fabrikam" }],
  ["Tampered", { user: "alice", signature: "tampered" }],
  ["Unsigned", { user: "alice", signature: "none" }],
  ["ID token", { user: "alice", kind: "id" }],
  ["Without nbf", { user: "alice", without: "nbf" }],
];

/** `[]` is an empty list; an empty field leaves the choice to the mock. */
const words = (text) => (text.trim() === "[]" ? [] : text.split(/[\s,]+/).filter(Boolean));

function json(text, name) {
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === "object" && !Array.isArray(value)) return value;
  } catch { /* reported below */ }
  throw new SyntaxError(`${name}: a JSON object is expected, like {"name": "value"}`);
}

/** What the form asks for, without empty fields. */
function forgeRequest() {
  const { elements } = $("forge-form");
  const request = {};
  for (const name of ["tenant", "client", "user", "audience", "version"]) {
    if (elements[name].value.trim()) request[name] = elements[name].value.trim();
  }
  for (const name of ["scopes", "roles", "without", "without_header"]) {
    if (elements[name].value.trim()) request[name] = words(elements[name].value);
  }
  for (const [name, label] of [["claims", "Claims to set"], ["header", "Header members to set"]]) {
    if (elements[name].value.trim()) request[name] = json(elements[name].value, label);
  }
  if (elements.expires_in.value) request.expires_in = Number(elements.expires_in.value);
  if (elements.kind.value !== "access") request.kind = elements.kind.value;
  if (elements.signature.value !== "valid") request.signature = elements.signature.value;
  return request;
}

function showToken(place, token) {
  const [head, body, ...tail] = token.split(".");
  place.replaceChildren(el("span", { className: "head" }, head), ".", body ?? "", el("span", { className: "tail" }, `.${tail.join(".")}`));
}

async function forge() {
  const request = forgeRequest();
  forged = { request, ...(await control("POST", "tokens", request)) };
  showToken($("forged-token"), forged.token);
  $("forged-claims").textContent = JSON.stringify(forged.claims, null, 2);
  $("forged-header").textContent = JSON.stringify(forged.header, null, 2);
  $("forged").hidden = false;
  $("copy-token").scrollIntoView({ block: "nearest" });
  announce("Token forged");
}

/** In a shell, everything between single quotes is literal but for these. */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

function curl() {
  const bearer = controlToken() ? ` -H ${quoted(`Authorization: Bearer ${controlToken()}`)}` : "";
  return `curl -s${bearer} ${location.origin}/_mock/tokens -d ${quoted(JSON.stringify(forged.request))}`;
}

/** An example names users and tenants; the form has their ids, as far as the directory has them. */
function fillForge(example) {
  const form = $("forge-form");
  form.reset();
  const id = {
    user: directory.users.find((user) => user.name === example.user) ?? directory.users[0],
    tenant: directory.tenants.find((tenant) => tenant.name === example.tenant) ?? directory.tenants[1],
  };
  for (const [name, value] of Object.entries(example)) {
    form.elements[name].value = name === "user" ? id.user?.oid ?? "" : name === "tenant" ? id.tenant?.tenant_id ?? "" : value;
  }
  form.querySelector("details").open = "without" in example;
}

export function startForge() {
  const form = $("forge-form");
  const place = form.querySelector(".error");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(place, forge);
  });
  form.addEventListener("reset", () => (place.hidden = true));
  $("examples").replaceChildren(...EXAMPLES.map(([label, example]) => {
    const button = el("button", { type: "button", className: "small" }, label);
    button.addEventListener("click", () => {
      fillForge(example);
      attempt(place, forge);
    });
    return button;
  }));
  copies($("copy-token"), "token", () => forged.token);
  copies($("copy-curl"), "curl command", curl);
  $("to-decoder").addEventListener("click", () => {
    $("decoder-form").elements.token.value = forged.token;
    location.hash = "decoder";
    $("decoder-form").requestSubmit();
  });
}
