// The directory.

import { control } from "./control.js";
import { copyButton } from "./copy.js";
import { $, choices, el } from "./dom.js";

export let directory = { tenants: [], apps: [], users: [] };

function fact(name, value, of) {
  if (value === undefined || value === null || value.length === 0) return undefined;
  if (Array.isArray(value)) return el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, value.join(" "))));
  const what = `${name.toLowerCase()} of ${of}`;
  return el("div", {}, el("dt", {}, name), el("dd", {}, el("code", {}, value)), el("dd", {}, copyButton(value, what)));
}

function entry(title, chip, ...facts) {
  const heading = el("div", { className: "title" }, el("h3", {}, title), chip && el("span", { className: "chip" }, chip));
  return el("article", { className: "card" }, heading, el("dl", { className: "facts" }, ...facts));
}

const tenantName = (id) => directory.tenants.find((tenant) => tenant.tenant_id === id)?.name ?? id;
export const appName = (id) => directory.apps.find((app) => app.client_id === id)?.name ?? id;

function showDirectory() {
  const base = location.origin;
  $("base").textContent = base;
  $("tenants").replaceChildren(...directory.tenants.map(({ name, domain, tenant_id }) => entry(name, domain,
    fact("Authority", `${base}/${tenant_id}`, name),
    fact("Tenant id", tenant_id, name),
    fact("Discovery", `${base}/${tenant_id}/v2.0/.well-known/openid-configuration`, name))));
  $("apps").replaceChildren(...directory.apps.map((app) => entry(app.name, app.kind,
    fact("Client id", app.client_id, app.name),
    fact("Secret", app.client_secret, app.name),
    fact("URI", app.identifier_uri, app.name),
    fact("Scopes", app.scopes, app.name),
    fact("App roles", app.app_roles, app.name),
    fact("Redirects", app.redirect_uris, app.name))));
  $("users").replaceChildren(...directory.users.map((user) => entry(user.display_name, user.guest ? "guest" : tenantName(user.tenant_id),
    fact("Name", user.upn, user.name),
    fact("Password", user.password, user.name),
    fact("Object id", user.oid, user.name),
    el("div", {}, el("dt", {}, "Groups"), el("dd", {}, `${user.groups}`)))));
}

function fillChoices() {
  const tenants = directory.tenants.map(({ tenant_id, name }) => [tenant_id, name]);
  const apps = directory.apps.map(({ client_id, name }) => [client_id, name]);
  const users = directory.users.map(({ oid, name, display_name }) => [oid, name === display_name ? name : `${name}, ${display_name}`]);
  const forge = $("forge-form").elements;
  choices(forge.user, [["", "none: app-only"], ...users]);
  choices(forge.client, [["", "default"], ...apps]);
  choices(forge.tenant, [["", "default"], ...tenants]);
  choices($("decoder-form").elements.tenant, tenants);
  const apis = directory.apps.filter((app) => app.kind === "api" || app.identifier_uri);
  $("audiences").replaceChildren(...apis.map((app) => el("option", { value: app.identifier_uri ?? app.client_id }, app.name)));
}

export async function loadDirectory() {
  directory = await control("GET", "directory");
  showDirectory();
  fillChoices();
}
