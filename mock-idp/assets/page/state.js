// The line of states at the top of the page.

import { $ } from "./dom.js";

export function showState(id, text, on) {
  $(id).querySelector("b").textContent = text;
  $(id).classList.toggle("on", Boolean(on));
}
