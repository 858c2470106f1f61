// The control surface.

import { $ } from "./dom.js";
import { lock, shut } from "./sections.js";

const STORED = "mock-idp-control-token";

export class Refused extends Error {}

export const controlToken = () => sessionStorage.getItem(STORED);
export const keepControlToken = (token) => sessionStorage.setItem(STORED, token);

export function ask(path, options = {}) {
  const token = controlToken();
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  return fetch(`/_mock/${path}`, { cache: "no-store", ...options, headers });
}

/** JSON of the control surface. Asks for the control token if it is missing, and shows why access is refused. */
export async function control(method, path, body) {
  const response = await ask(path, { method, body: body && JSON.stringify(body) });
  if (response.ok) return response.status === 204 ? undefined : response.json();
  const { message } = await response.json().catch(() => ({ message: `status ${response.status}` }));
  if (response.status === 401) lock(controlToken() ? "That is not the token." : "");
  if (response.status === 403) {
    $("view-refused").querySelector(".error").textContent = `${message}.`;
    shut("refused");
  }
  throw new Refused(message);
}

/** Runs what a form or button asks for, and shows an error beside it. */
export async function attempt(place, action) {
  place.hidden = true;
  try {
    await action();
  } catch (error) {
    place.textContent = error instanceof Refused || error instanceof SyntaxError ? error.message : `The mock does not respond: ${error.message}`;
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }
}
