// An API that is protected by Microsoft Entra ID: Express and jose.

import express from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";

const { AUTHORITY, ISSUER, AUDIENCE, JWKS_URI, PORT = "3012" } = process.env;
// jose does not know tenants, so `tid` is compared with the last part of the authority.
const TENANT_ID = new URL(AUTHORITY).pathname.split("/").filter(Boolean).at(-1);

// One scheme, one space, three parts of base64url.
const BEARER = /^bearer ((?:[A-Za-z0-9_-]+\.){2}[A-Za-z0-9_-]+)$/i;
const LONGEST_TOKEN = 16 * 1024;
const RETRY_AFTER_SECONDS = 2;

class Refused extends Error {
  constructor(status, challenge, reason) {
    super(reason);
    Object.assign(this, { status, challenge });
  }
}
const unauthorized = (reason) => new Refused(401, 'Bearer error="invalid_token"', reason);

// createRemoteJWKSet caches keys; what happens to a request while there are none is up to its caller.
const keySet = createRemoteJWKSet(new URL(JWKS_URI), {
  timeoutDuration: 5000,
  // During the cool-down, tokens with a new key are refused: for 10 seconds instead of 30.
  cooldownDuration: 10_000,
});
let retryAt = 0;

async function fetchKeysIfNone() {
  if (keySet.fresh) return;
  // How often to retry a failed fetch is up to this API: an outage must not cause a storm of requests.
  if (Date.now() < retryAt) throw new Refused(503, undefined, "the last fetch of keys failed just now");
  try {
    await keySet.reload();
    if (keySet.jwks().keys.length === 0) throw new Error("the key set is empty");
  } catch (error) {
    retryAt = Date.now() + RETRY_AFTER_SECONDS * 1000;
    throw new Refused(503, undefined, `no keys: ${error.message}`);
  }
}

async function validate(token) {
  // A token must have one spelling only, or block lists miss it.
  const isCanonical = (part) => Buffer.from(part, "base64url").toString("base64url") === part;
  if (!token.split(".").every(isCanonical)) throw unauthorized("another spelling of base64url");
  await fetchKeysIfNone();
  const { payload, protectedHeader } = await jwtVerify(token, keySet, {
    algorithms: ["RS256"],
    issuer: ISSUER,
    audience: AUDIENCE,
    clockTolerance: 60,
    requiredClaims: ["exp", "nbf", "iat", "iss", "aud", "sub"],
  });
  // The `typ` option of jose requires a single value, but two are usual. RFC 9068 defines the second.
  const { kid, typ = "JWT", cty } = protectedHeader;
  if (typeof typ !== "string" || !["jwt", "at+jwt"].includes(typ.toLowerCase()) || cty !== undefined) {
    throw unauthorized("another kind of token");
  }
  // jose also finds a key without a `kid` if only one fits, and it leaves the key's `issuer`, a member of Entra's own, to its
  // caller.
  const key = isText(kid) && keySet.jwks().keys.find((key) => key.kid === kid);
  if (!key) throw unauthorized("no key named");
  // Entra's keys have no other exponent.
  if (key.e !== "AQAB") throw unauthorized("no usual key");
  if (key.issuer !== undefined && key.issuer.replace("{tenantid}", TENANT_ID) !== ISSUER) {
    throw unauthorized("a key of another issuer");
  }
  checkEntra(payload);
  return payload;
}

// What makes a token an access token of Entra's. No general library checks it.
function checkEntra({ sub, oid = sub, tid, ver, azp, cnf, exp, nbf, iat, scp = "", roles = [] }) {
  if (tid !== TENANT_ID) throw unauthorized("another tenant");
  if (ver !== "2.0") throw unauthorized("not a v2.0 token");
  // An ID token does not have `azp`. It says who signed in to a client, and must not open an API.
  if (!isText(azp)) throw unauthorized("no client");
  if (!isText(sub) || !isText(oid)) throw unauthorized("no subject");
  // JSON numbers may be infinite in JavaScript.
  if (![exp, nbf, iat].every(Number.isFinite)) throw unauthorized("a date that is none");
  // A token that is bound to a key requires a proof, which a bearer token does not have.
  if (cnf !== undefined) throw unauthorized("bound to a key");
  // Entra gives any client of the tenant a token for any API, without permissions.
  if (typeof scp !== "string" || !Array.isArray(roles) || !roles.every(isText)) {
    throw unauthorized("permissions of another type");
  }
  // A slash means no scope.
  const scopes = scp.split(/\s+/).filter((scope) => scope !== "" && scope !== "/");
  if (scopes.length === 0 && roles.length === 0) {
    throw new Refused(403, 'Bearer error="insufficient_scope"', "no permission at all");
  }
}

function isText(value) {
  return typeof value === "string" && value.trim() !== "";
}

async function authenticate(request, _response, next) {
  // Node.js keeps the first of two Authorization headers, and a proxy in front of this API may read the other.
  const headers = request.headersDistinct.authorization ?? [];
  if (headers.length === 0) throw new Refused(401, "Bearer", "no credentials");
  const token = headers.length === 1 && BEARER.exec(headers[0])?.[1];
  if (!token || token.length > LONGEST_TOKEN) throw unauthorized("not one bearer token");
  try {
    request.claims = await validate(token);
  } catch (error) {
    if (error instanceof Refused) throw error;
    // Every exception, not only errors.JOSEError: a stranger's token must not cause a 500.
    throw unauthorized(`${error.code ?? error.name}: ${error.message}`);
  }
  next();
}

const app = express();
app.disable("x-powered-by");
app.use(authenticate);
app.get("/orders", (request, response) => {
  response.json({ subject: request.claims.sub });
});
// Express recognises an error handler by its four parameters.
app.use((error, _request, response, _next) => {
  const status = error instanceof Refused ? error.status : 500;
  // The reason goes to the log only, because it says what was in the token.
  if (process.env.LOG) console.error(status, error.message);
  if (error.challenge) response.set("WWW-Authenticate", error.challenge);
  if (status === 503) response.set("Retry-After", String(RETRY_AFTER_SECONDS));
  response.status(status).json({ error: { 401: "unauthorized", 403: "forbidden", 503: "unavailable" }[status] });
});
app.listen(Number(PORT), "127.0.0.1");
