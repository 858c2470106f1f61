// Sections of the page: the fragment of the URL names the one that shows.

import { $ } from "./dom.js";

const VIEWS = ["directory", "requests", "forge", "decoder", "switches"];
/** Shown instead of all sections, while the control surface cannot be used. */
let shutBy;

/** Shows only this view, until the page is opened again. */
export function shut(view) {
  shutBy = view;
  route();
}

/** Shows all sections again. */
export function reopen() {
  shutBy = undefined;
  route();
}

export const isShut = () => Boolean(shutBy);

export function lock(message) {
  const place = $("unlock").querySelector(".error");
  place.textContent = message;
  place.hidden = !message;
  shut("locked");
}

export function route() {
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
