// The page for people. What it shows may come from a stranger: everything goes in as text.

const $ = (id) => document.getElementById(id);

/** An element with properties and children; children that are text become text. */
function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element && key !== "list") element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

const ICONS = {
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  done: "M3.5 8.5l3 3 6-7",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Tells it to those who do not see the page. The same words twice are told twice. */
function announce(words) {
  $("announce").textContent = "";
  requestAnimationFrame(() => ($("announce").textContent = words));
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page of another machine over plain HTTP has no clipboard, but it can copy a selection.
    const field = el("textarea", { value: text, className: "unseen", readOnly: true });
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    before?.focus();
  }
  announce(`Copied ${what}`);
}

function copyButton(text, what) {
  const button = el("button", { type: "button", className: "copy", title: `Copy ${what}`, "aria-label": `Copy ${what}` }, icon("copy"));
  button.addEventListener("click", async () => {
    await copy(text, what);
    button.replaceChildren(icon("done"));
    setTimeout(() => button.replaceChildren(icon("copy")), 1500);
  });
  return button;
}

/** Copies what `text` gives at the click, and says so on the button itself. */
function copies(button, what, text) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await copy(text(), what);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  });
}

// The control surface

const STORED = "mock-idp-control-token";

class Refused extends Error {}

function ask(path, options = {}) {
  const token = sessionStorage.getItem(STORED);
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return fetch(`/_mock/${path}`, { cache: "no-store", ...options, headers });
}

/** JSON of the control surface; asks for the token, or tells why there is none to be had. */
async function control(method, path, body) {
  const response = await ask(path, { method, body: body && JSON.stringify(body) });
  if (response.ok) return response.status === 204 ? undefined : response.json();
  const { message } = await response.json().catch(() => ({ message: `status ${response.status}` }));
  if (response.status === 401) lock(sessionStorage.getItem(STORED) ? "That is not the token." : "");
  if (response.status === 403) {
    $("view-refused").querySelector(".error").textContent = `${message}.`;
    shut("refused");
  }
  throw new Refused(message);
}

/** Runs what a form or button asks for; what is refused is told beside it. */
async function attempt(place, action) {
  place.hidden = true;
  try {
    await action();
  } catch (error) {
    place.textContent = error instanceof Refused || error instanceof SyntaxError ? error.message : `The mock does not answer: ${error.message}`;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }
}

// Sections

const VIEWS = ["directory", "requests", "forge", "decoder", "switches"];
/** Shown instead of all sections, while the control surface cannot be used. */
let shutBy;

function shut(view) {
  shutBy = view;
  route();
}

function lock(message) {
  const place = $("unlock").querySelector(".error");
  place.textContent = message;
  place.hidden = !message;
  shut("locked");
}

function route() {
  const wanted = location.hash.slice(1);
  const view = VIEWS.includes(wanted) ? wanted : VIEWS[0];
  for (const id of [...VIEWS, "locked", "refused"]) $(`view-${id}`).hidden = id !== (shutBy ?? view);
  for (const link of document.querySelectorAll("nav a")) {
    link.removeAttribute("aria-current");
    if (link.hash !== `#${view}` || shutBy) continue;
    link.setAttribute("aria-current", "page");
    link.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  document.title = `${$(`${shutBy ?? view}-title`).textContent} - mock-idp`;
}

/** Times as the mock tells them: `2026-01-01 00:00:00`. */
const dateTime = (seconds) => {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds}` : date.toISOString().slice(0, 19).replace("T", " ");
};
