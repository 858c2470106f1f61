// Copying to the clipboard.

import { announce, el, icon } from "./dom.js";

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

export function copyButton(text, what) {
  const button = el("button", { type: "button", className: "copy", title: `Copy ${what}`, "aria-label": `Copy ${what}` }, icon("copy"));
  button.addEventListener("click", async () => {
    await copy(text, what);
    button.replaceChildren(icon("done"));
    setTimeout(() => button.replaceChildren(icon("copy")), 1500);
  });
  return button;
}

/** Copies what `text` returns at the click, and says so on the button itself. */
export function copies(button, what, text) {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    await copy(text(), what);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  });
}
