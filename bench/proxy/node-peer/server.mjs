// The proxy that a Node shop would write: fastify, simple-oauth2 for the token, undici for the calls. No staff, no checks, no memory.
import Fastify from "fastify";
import { ClientCredentials } from "simple-oauth2";
import { Pool } from "undici";

const { PORT, WISE_URL } = process.env;
const LEEWAY_SECS = 60;

const client = new ClientCredentials({
  client: { id: "simulated-client", secret: "simulated-secret" },
  auth: { tokenHost: WISE_URL, tokenPath: "/oauth/token" },
});
const wise = new Pool(WISE_URL);
let token;
let fetching;

// One fetch for all who wait.
async function bearer() {
  if (!token || token.expired(LEEWAY_SECS)) {
    fetching ??= client.getToken({}).finally(() => { fetching = undefined; });
    token = await fetching;
  }
  return `Bearer ${token.token.access_token}`;
}

const app = Fastify({ logger: false, bodyLimit: 512 * 1024, keepAliveTimeout: 300_000 });

app.post("/partner-cases/cases", async (request, reply) => {
  const answer = await wise.request({
    method: "POST",
    path: "/v1/cases",
    headers: { authorization: await bearer(), "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(request.body),
    headersTimeout: 30_000,
  });
  const trace = answer.headers["x-trace-id"];
  if (trace) reply.header("x-trace-id", trace);
  return reply.code(answer.statusCode).type("application/json").send(await answer.body.text());
});

await app.listen({ port: Number(PORT), host: "127.0.0.1", backlog: 4096 });
