import { Provider } from "oidc-provider";

const resourceServer = { scope: "api", audience: "urn:api", accessTokenFormat: "jwt", jwt: { sign: { alg: "RS256" } } };
const provider = new Provider("http://127.0.0.1:8700", {
  clients: [
    {
      client_id: "daemon",
      client_secret: "secret",
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  scopes: ["api"],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: { enabled: true, getResourceServerInfo: () => resourceServer },
  },
});
provider.listen(8700, "127.0.0.1");
