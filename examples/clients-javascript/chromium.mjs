// Headless Chromium, and a page of one's own for it.

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { STATE, CHROMIUM } = process.env;
const modules = join(dirname(fileURLToPath(import.meta.url)), "node_modules");

/** For `test`: without Chromium it is skipped, and the report says why. */
export const inChromium = CHROMIUM ? {} : { skip: "Chromium is not installed: apt-get install chromium" };

/** Serves a page that loads these libraries from `node_modules` and runs this script. */
export async function servePage(libraries, script) {
  const tags = libraries.map((_, index) => `<script src="/${index}.js"></script>`).join("");
  const page = `<!doctype html><meta charset="utf-8"><title>app</title>${tags}<script type="module">${script}</script>`;
  const files = new Map(libraries.map((path, index) => [`/${index}.js`, readFileSync(join(modules, path))]));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const [type, body] = files.has(pathname) ? ["text/javascript", files.get(pathname)] : ["text/html", page];
    response.writeHead(200, { "content-type": type }).end(body);
  });
  await new Promise((resolve, reject) => server.on("error", reject).listen(0, "localhost", resolve));
  return { origin: `http://localhost:${server.address().port}`, close: () => server.close() };
}

/** A browser that allows the cookies of the identity provider in a hidden frame, which is another site's. */
export async function openBrowser(t) {
  const profile = mkdtempSync(join(STATE, "profile-"));
  mkdirSync(join(profile, "Default"));
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"];
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: quiet,
    ignoreHTTPSErrors: true, // A person would tell the browser once to trust the CA.
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  return page;
}
