// Keys, clock, faults, reset

const FAULTS = {
  status: ["Status", "503", Number],
  delay_ms: ["Milliseconds", "1000", Number],
  body: ["Body", "<html>", String],
  truncate: ["Bytes", "10", Number],
  drop: ["", "true", () => true],
  redirect: ["Address", "https://evil.example/", String],
  endless: ["", "true", () => true],
  content_type: ["Media type", "text/html", String],
};
const FAULT_LABELS = { status: "answer this status", delay_ms: "answer later", body: "answer this body", truncate: "cut the answer", drop: "drop the connection", redirect: "redirect", endless: "never end", content_type: "say another type" };
const ENDPOINTS = ["discovery", "jwks", "token", "authorize", "devicecode", "instance", "userrealm", "logout", "graph", "managedidentity", "other"];

/** The mock's clock, and when it was read by the browser's. */
let clock = { now: 0, offset_seconds: 0, frozen_at: null, readAt: 0 };

function tell(id, text, on) {
  $(id).querySelector("b").textContent = text;
  $(id).classList.toggle("on", Boolean(on));
}

function showClock() {
  if (!clock.readAt) return;
  const frozen = clock.frozen_at !== null;
  const now = frozen ? clock.now : clock.now + Math.floor((performance.now() - clock.readAt) / 1000);
  const offset = clock.offset_seconds;
  const mode = frozen ? "stands still" : offset ? `${Math.abs(offset)} s ${offset < 0 ? "behind" : "ahead"}` : "runs with the system";
  $("clock").textContent = dateTime(now);
  $("clock-mode").textContent = mode;
  $("clock-mode").className = `chip ${frozen || offset ? "odd" : ""}`;
  tell("state-clock", frozen || offset ? `${dateTime(now)}, ${mode}` : dateTime(now), frozen || offset);
}

function showKeys({ current, keys }) {
  const role = (index) => (index === 0 ? ["signs now", "good"] : index === 1 ? ["comes next", ""] : ["old", ""]);
  $("keys").replaceChildren(...keys.map(({ kid }, index) => {
    const [label, kind] = role(index);
    return el("li", {}, el("code", {}, kid), el("span", { className: `chip ${kind}` }, label));
  }));
  tell("state-key", `${current.slice(0, 8)}…`);
}

function showFaults(faults) {
  $("faults").replaceChildren(...faults.map(({ endpoint, fault, times, every, probability }) => {
    const often = [times && `${times} more`, every && `one of ${every}`, probability !== undefined && `probability ${probability}`].filter(Boolean);
    const [[kind, value]] = Object.entries(fault);
    const what = value === true ? FAULT_LABELS[kind] : `${FAULT_LABELS[kind]}: ${value}`;
    return el("li", {}, el("span", {}, el("span", { className: "chip odd" }, endpoint), ` ${what}`), el("span", { className: "muted" }, often.join(", ") || "every time"));
  }));
  $("no-faults").hidden = faults.length > 0;
  tell("state-faults", faults.length ? `${faults.length}` : "none", faults.length);
}

function setClock(read) {
  clock = { ...read, readAt: performance.now() };
  showClock();
}

const loadClock = async () => setClock(await control("GET", "clock"));
const loadKeys = async () => showKeys(await control("GET", "keys"));
const loadFaults = async () => showFaults(await control("GET", "faults"));
const loadSwitches = () => Promise.all([loadClock(), loadKeys(), loadFaults()]);

function showFaultValue() {
  const { fault, value } = $("fault-form").elements;
  const [label, example] = FAULTS[fault.value];
  $("fault-value").hidden = !label;
  $("fault-value").querySelector("span").textContent = label;
  value.value = example;
}

function faultRule() {
  const { endpoint, fault, value, times, every, probability } = $("fault-form").elements;
  const rule = { endpoint: endpoint.value, fault: { [fault.value]: FAULTS[fault.value][2](value.value) } };
  if (times.value) rule.times = Number(times.value);
  if (every.value) rule.every = Number(every.value);
  if (probability.value) rule.probability = Number(probability.value);
  return rule;
}

function on(id, event, action, done) {
  $(id).addEventListener(event, (happened) => {
    happened.preventDefault();
    attempt($("switch-error"), async () => {
      await action($(id).elements);
      announce(done);
    });
  });
}

function startSwitches() {
  choices($("fault-form").elements.endpoint, ENDPOINTS.map((name) => [name]));
  choices($("only-endpoint"), [["", "all"], ...ENDPOINTS.map((name) => [name])]);
  choices($("fault-form").elements.fault, Object.entries(FAULT_LABELS));
  $("fault-form").elements.endpoint.value = "jwks";
  $("fault-form").elements.fault.addEventListener("change", showFaultValue);
  showFaultValue();
  const put = async (setting) => setClock(await control("PUT", "clock", setting));
  const rotate = async (keep_old) => showKeys(await control("POST", "keys/rotate", { keep_old }));
  on("offset-form", "submit", ({ offset }) => put({ offset_seconds: Number(offset.value) }), "Clock shifted");
  on("freeze-form", "submit", ({ at }) => put({ frozen_at: Math.floor(Date.parse(`${at.value}Z`) / 1000) }), "Clock stands still");
  on("freeze-now", "click", async () => put({ frozen_at: (await control("GET", "clock")).now }), "Clock stands still");
  on("run-clock", "click", async () => setClock(await control("DELETE", "clock")), "Clock runs with the system");
  on("rotate-keep", "click", () => rotate(true), "Keys rotated, the old ones stay published");
  on("rotate-drop", "click", () => rotate(false), "Keys rotated, the old ones are withdrawn");
  on("fault-form", "submit", async () => showFaults(await control("POST", "faults", faultRule())), "Fault added");
  on("clear-faults", "click", async () => {
    await control("DELETE", "faults");
    await loadFaults();
  }, "Faults cleared");
  on("reset", "click", async () => {
    await control("POST", "reset");
    await Promise.all([loadSwitches(), loadRequests()]);
  }, "Everything is back to the start");
  setInterval(showClock, 1000);
  // Others may turn the same switches.
  setInterval(() => document.hidden || shutBy || loadSwitches().catch(() => {}), 5000);
}
