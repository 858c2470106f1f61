// The clock.

import { control } from "./control.js";
import { $ } from "./dom.js";
import { showState } from "./state.js";
import { dateTime } from "./time.js";

/** The mock's clock, and when the browser read it. */
let clock = { now: 0, offset_seconds: 0, frozen_at: null, readAt: 0 };

export function showClock() {
  if (!clock.readAt) return;
  const frozen = clock.frozen_at !== null;
  const now = frozen ? clock.now : clock.now + Math.floor((performance.now() - clock.readAt) / 1000);
  const offset = clock.offset_seconds;
  const mode = frozen ? "frozen" : offset ? `${Math.abs(offset)} s ${offset < 0 ? "behind" : "ahead"}` : "system time";
  $("clock").textContent = dateTime(now);
  $("clock-mode").textContent = mode;
  $("clock-mode").className = `chip ${frozen || offset ? "odd" : ""}`;
  showState("state-clock", frozen || offset ? `${dateTime(now)}, ${mode}` : dateTime(now), frozen || offset);
}

export function setClock(read) {
  clock = { ...read, readAt: performance.now() };
  showClock();
}

export const loadClock = async () => setClock(await control("GET", "clock"));
