// Keys, clock, faults, reset.

import { loadClock, setClock, showClock } from "./clock.js";
import { attempt, control } from "./control.js";
import { $, announce, el } from "./dom.js";
import { faultRule, loadFaults, showFaults, startFaults } from "./faults.js";
import { loadRequests } from "./requests.js";
import { isShut } from "./sections.js";
import { showState } from "./state.js";

function showKeys({ current, keys }) {
  const role = (index) => (index === 0 ? ["signs now", "good"] : index === 1 ? ["signs next", ""] : ["old", ""]);
  $("keys").replaceChildren(...keys.map(({ kid }, index) => {
    const [label, kind] = role(index);
    return el("li", {}, el("code", {}, kid), el("span", { className: `chip ${kind}` }, label));
  }));
  showState("state-key", `${current.slice(0, 8)}…`);
}

const loadKeys = async () => showKeys(await control("GET", "keys"));
export const loadSwitches = () => Promise.all([loadClock(), loadKeys(), loadFaults()]);

function on(id, event, action, done) {
  $(id).addEventListener(event, (happened) => {
    happened.preventDefault();
    attempt($("switch-error"), async () => {
      await action($(id).elements);
      announce(done);
    });
  });
}

export function startSwitches() {
  startFaults();
  const put = async (setting) => setClock(await control("PUT", "clock", setting));
  const rotate = async (keep_old) => showKeys(await control("POST", "keys/rotate", { keep_old }));
  on("offset-form", "submit", ({ offset }) => put({ offset_seconds: Number(offset.value) }), "Clock shifted");
  on("freeze-form", "submit", ({ at }) => put({ frozen_at: Math.floor(Date.parse(`${at.value}Z`) / 1000) }), "Clock frozen");
  on("freeze-now", "click", async () => put({ frozen_at: (await control("GET", "clock")).now }), "Clock frozen");
  on("run-clock", "click", async () => setClock(await control("DELETE", "clock")), "Clock runs on system time");
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
  }, "Everything was reset");
  setInterval(showClock, 1000);
  // Others may use the same switches.
  setInterval(() => document.hidden || isShut() || loadSwitches().catch(() => {}), 5000);
}
