// The start

async function open() {
  await Promise.all([loadDirectory(), loadSwitches()]);
  shutBy = undefined;
  route();
  follow();
}

/** The banner's link carries the token in the fragment, which no server sees. */
function takeToken() {
  const given = location.hash.match(/^#token=(.+)$/);
  if (!given) return;
  sessionStorage.setItem(STORED, given[1]);
  history.replaceState(null, "", "#directory");
}

takeToken();
startRequests();
startForge();
startDecoder();
startSwitches();
$("unlock").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(STORED, $("unlock").elements.token.value.trim());
  attempt($("unlock").querySelector(".error"), open);
});
// The fragment names the section: it is not to name the content too.
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
  $("view-refused").querySelector(".error").textContent = `The mock does not answer: ${error.message}`;
  shut("refused");
});
