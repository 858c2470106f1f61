// The start of the page.

import { Refused, attempt, keepControlToken } from "./control.js";
import { startDecoder } from "./decoder.js";
import { loadDirectory } from "./directory.js";
import { $ } from "./dom.js";
import { startForge } from "./forge.js";
import { follow, startRequests } from "./requests.js";
import { reopen, route, shut } from "./sections.js";
import { loadSwitches, startSwitches } from "./switches.js";

async function open() {
  await Promise.all([loadDirectory(), loadSwitches()]);
  reopen();
  follow();
}

/** The banner's link carries the token in the fragment, which no server sees. */
function takeToken() {
  const given = location.hash.match(/^#token=(.+)$/);
  if (!given) return;
  keepControlToken(given[1]);
  history.replaceState(null, "", "#directory");
}

takeToken();
startRequests();
startForge();
startDecoder();
startSwitches();
$("unlock").addEventListener("submit", (event) => {
  event.preventDefault();
  keepControlToken($("unlock").elements.token.value.trim());
  attempt($("unlock").querySelector(".error"), open);
});
// The fragment names the section, so it cannot name the content.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("main").focus();
});
addEventListener("hashchange", () => {
  takeToken();
  route();
  scrollTo(0, 0);
});
route();
open().catch((error) => {
  if (error instanceof Refused) return;
  $("view-refused").querySelector(".error").textContent = `The mock does not respond: ${error.message}`;
  shut("refused");
});
