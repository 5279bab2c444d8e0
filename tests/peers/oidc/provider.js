// Starts a certified OpenID Connect provider on 127.0.0.1, says where it is in one line of JSON, and stops with us.
// Whoever signs in types an e-mail address; what stands before a "+" in it says what the provider does with it:
//   unverified+…  it does not vouch for the address        tampered+…  its id token is changed after it was signed
//   foreign+…     its id token is signed with another key  replayed+…  its id token is one of an earlier sign-in
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [installed, port, clientSecret, callback] = process.argv.slice(2);
const resolve = createRequire(path.join(installed, "package.json")).resolve;
const { Provider } = await import(pathToFileURL(resolve("oidc-provider")).href);

const freshKey = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const key = { ...freshKey(), kid: "one", use: "sig", alg: "RS256" };
const foreignKey = createPrivateKey({ key: freshKey(), format: "jwk" });
const issuer = `http://127.0.0.1:${port}`;

function claimsOf(login) {
  const [manner, rest] = login.includes("+") ? login.split("+", 2) : ["", login];
  return { sub: login, email: rest, email_verified: manner !== "unverified", name: rest.split("@", 1)[0] };
}

const provider = new Provider(issuer, {
  clients: [{ client_id: "comptoir", client_secret: clientSecret, redirect_uris: [callback] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["for tests"] },
  findAccount: (_context, login) => ({ accountId: login, claims: () => claimsOf(login) }),
  jwks: { keys: [key] },
  pkce: { required: () => true },
});

const coded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decoded = (part) => JSON.parse(Buffer.from(part, "base64url"));

function spoiled(idToken) {
  const [head, body, signature] = idToken.split(".");
  const claims = decoded(body);
  if (claims.sub.startsWith("tampered+")) return [head, coded({ ...claims, exp: claims.exp + 60 }), signature].join(".");
  const signedWith = (privateKey, content) => sign("sha256", Buffer.from(content), privateKey).toString("base64url");
  if (claims.sub.startsWith("foreign+")) return `${head}.${body}.${signedWith(foreignKey, `${head}.${body}`)}`;
  if (claims.sub.startsWith("replayed+")) {
    const earlier = `${head}.${coded({ ...claims, nonce: "of an earlier sign-in" })}`;
    return `${earlier}.${signedWith(createPrivateKey({ key, format: "jwk" }), earlier)}`;
  }
  return idToken;
}

provider.use(async (context, next) => {
  await next();
  if (context.path === "/token" && context.body?.id_token) {
    context.body = { ...context.body, id_token: spoiled(context.body.id_token) };
  }
});

provider.listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ issuer })));
process.on("SIGTERM", () => process.exit(0));
process.stdin.resume().on("end", () => process.exit(0));
