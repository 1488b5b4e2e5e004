// A certified OpenID Connect provider (the package `oidc-provider`), set up as a ministry might: people sign in by a form, and a
// frontend gets access tokens of RFC 9068 for the register. Its one argument is JSON: {port, keys, people}. The first of the private
// keys signs; people are claims by login. It prints a line once it listens.
import Provider from "oidc-provider";

const { port, keys, people } = JSON.parse(process.argv[2]);
const algorithm = keys[0].alg;

const provider = new Provider(`http://127.0.0.1:${port}`, {
  jwks: { keys },
  scopes: ["openid", "register"],
  clients: [
    {
      client_id: "frontend",
      client_secret: "known to the test",
      application_type: "native",
      redirect_uris: ["http://127.0.0.1:1/signed-in"],
      id_token_signed_response_alg: algorithm,
    },
  ],
  features: {
    devInteractions: { enabled: true }, // its own form, which believes every password
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => ({
        audience: "risk-register-api",
        scope: "register",
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: algorithm } },
      }),
    },
  },
  findAccount: (_, login) => people[login] && { accountId: login, claims: () => ({ sub: login }) },
  extraTokenClaims: (_, token) => people[token.accountId],
  cookies: { keys: ["of the test"] },
  ttl: { AccessToken: 300, IdToken: 300, Interaction: 300, Session: 300, Grant: 300 },
});
provider.listen(port, "127.0.0.1", () => console.log("listening"));
