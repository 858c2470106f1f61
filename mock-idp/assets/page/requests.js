// Requests as they arrive.

import { Refused, ask, control } from "./control.js";
import { appName } from "./directory.js";
import { $, announce, choices, el } from "./dom.js";
import { ENDPOINTS, loadFaults } from "./faults.js";
import { dateTime } from "./time.js";

const MOST_SHOWN = 300;
let requests = [];
let counts = {};
let paused = false;

function requestRow(request, isNew) {
  const { number, at, method, path, status, client, grant, user, outcome, error, reason } = request;
  const time = dateTime(at);
  const who = [client && appName(client), grant, user].filter(Boolean).join(" · ");
  return el("li", { className: `${outcome}${isNew ? " new" : ""}` },
    el("span", { className: "number" }, `${number}`),
    el("time", { dateTime: time.replace(" ", "T") + "Z", title: `${time} UTC` }, time.slice(11) || time),
    el("span", { className: "status" }, `${status}`),
    el("span", { className: "what mono" }, el("span", { className: "method" }, method), path),
    el("span", { className: "who" }, who),
    reason && el("p", { className: "reason" }, error ? `${error}: ` : "", reason));
}

function isShown({ outcome, endpoint }) {
  const wanted = $("only-endpoint").value;
  return (!$("errors-only").checked || outcome !== "ok") && (!wanted || wanted === endpoint);
}

function showRequests(newest = Infinity) {
  const shown = requests.filter(isShown).slice(-MOST_SHOWN).reverse();
  $("request-list").replaceChildren(...shown.map((request) => requestRow(request, request.number > newest)));
  $("request-list").hidden = shown.length === 0;
  $("no-requests").hidden = shown.length > 0;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  $("request-count").textContent = `${total}`;
  $("counts").replaceChildren(...Object.entries(counts).map(([endpoint, count]) => el("span", { className: "chip" }, `${endpoint} ${count}`)));
}

export async function loadRequests() {
  ({ requests, counts } = await control("GET", "requests"));
  // Those without a response come again, with one.
  for (const { endpoint, number } of requests) if (number === 0) counts[endpoint] -= 1;
  requests = requests.filter(({ number }) => number > 0);
  showRequests();
}

/** Requests that are not shown yet: many at once are announced together. */
let pending = 0;

function arrived(request) {
  counts[request.endpoint] = (counts[request.endpoint] ?? 0) + 1;
  requests.push(request);
  if (requests.length > 5000) requests.splice(0, 1000);
  if (request.outcome === "fault") loadFaults();
  pending += 1;
  if (pending > 1) return;
  setTimeout(() => {
    const words = pending === 1 ? `Request ${request.status} ${request.path} ${request.reason ?? ""}` : `${pending} requests`;
    if (!$("view-requests").hidden && !paused) announce(words);
    if (paused) $("request-count").textContent = `${Object.values(counts).reduce((sum, count) => sum + count, 0)}`;
    else showRequests(request.number - 1);
    pending = 0;
  }, 100);
}

function live(words, isLive) {
  $("live").textContent = words;
  $("live-dot").classList.toggle("live", isLive);
}

/** Server-sent events, read by hand: an EventSource cannot send the control token. */
async function readStream(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (text + value).split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5));
      if (data.length > 0) arrived(JSON.parse(data.join("\n")));
    }
  }
}

export async function follow() {
  for (;;) {
    try {
      await loadRequests();
      const last = requests.at(-1)?.number;
      const response = await ask(`requests/stream${last ? `?after=${last}` : ""}`);
      if (!response.ok) return;
      live("live", true);
      await readStream(response);
    } catch (error) {
      if (error instanceof Refused) return;
    }
    live("not connected, trying again", false);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

export function startRequests() {
  choices($("only-endpoint"), [["", "all"], ...ENDPOINTS.map((name) => [name])]);
  $("errors-only").addEventListener("change", () => showRequests());
  $("only-endpoint").addEventListener("change", () => showRequests());
  $("pause").addEventListener("click", () => {
    paused = !paused;
    $("pause").setAttribute("aria-pressed", `${paused}`);
    live(paused ? "paused" : "live", !paused);
    if (!paused) showRequests();
  });
  $("clear-requests").addEventListener("click", async () => {
    await control("DELETE", "requests");
    await loadRequests();
    announce("Requests cleared");
  });
}
