// @azure/identity as a managed identity of a virtual machine.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ManagedIdentityCredential } from "@azure/identity";
import { claims, startMock } from "./mock.mjs";

test("a managed identity gets its token from the metadata service", async (t) => {
  const idp = await startMock({
    change: (toml) => toml.replace('name = "orders-daemon"', 'name = "orders-daemon"\nmanaged_identity = true'),
  });
  t.after(idp.stop);
  // The only way to point the library elsewhere; it asks with a slash at the end.
  process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = idp.url;
  t.after(() => delete process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST);
  const { token, expiresOnTimestamp } = await new ManagedIdentityCredential().getToken("api://orders/.default");
  assert.deepEqual(claims(token).roles, ["Orders.Read.All"]);
  const hours = (expiresOnTimestamp - Date.now()) / 3_600_000;
  assert.ok(hours > 23.9 && hours <= 24, `${hours} hours`);
});
