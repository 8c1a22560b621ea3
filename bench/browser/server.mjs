// A small static server: brotli files made beforehand, the right types, files kept for a year. It takes cases as a proxy does.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const TYPES = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

const kept = new Map();

/** The bytes of a file as it goes over the wire: as they were made when it was built, or made now and kept in memory. */
export function compressed(path, extension) {
  const beside = `${path}${extension}`;
  if (!kept.has(beside)) kept.set(beside, existsSync(beside) ? readFileSync(beside) : compress(readFileSync(path), extension));
  return kept.get(beside);
}

function compress(plain, extension) {
  if (extension === ".gz") return gzipSync(plain, { level: 9 });
  return brotliCompressSync(plain, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
  });
}

function files(folder, base) {
  const found = {};
  for (const name of readdirSync(folder, { recursive: true })) {
    const path = join(folder, name);
    const type = TYPES[extname(path)];
    if (type && statSync(path).isFile()) found[base + relative(folder, path).replaceAll("\\", "/")] = { type, path };
  }
  return found;
}

const page = ({ title, head, body }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>body { margin: 2rem; font: 1rem/1.5 system-ui, sans-serif; }</style>
<script>performance.mark("script");</script>
${head}
</head>
<body><main><h1>Transfer 58114690</h1>${body}</main></body>
</html>
`;

/** Serves the sites under `/NAME/`, an empty page under `/blank`, and what the widget asks of its proxy. */
export async function serve(sites, port = 0) {
  const pages = new Map(Object.values(sites).map((site) => [`/${site.name}/`, page(site)]));
  pages.set("/blank", "<!doctype html><title>blank</title><link rel=icon href='data:,'>");
  const assets = Object.assign({}, ...Object.values(sites).map(({ folder, base }) => files(folder, base)));
  // What is asked for, how the next case is answered, and the cases that came.
  const state = { requests: [], answer: "created", cases: [] };

  const takeCase = (request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (part) => { body += part; }).on("end", () => {
      state.cases.push(body);
      if (state.answer === "drop") return request.socket.destroy();
      const rejected = state.answer === "reject";
      response.writeHead(rejected ? 400 : 200, { "Content-Type": "application/json" });
      response.end(rejected ? "{}" : '{"id":9007199254740993,"status":"OPEN","type":"GENERAL_ENQUIRY"}');
    });
  };

  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    state.requests.push(path);
    if (request.method === "POST" && path === "/partner-cases/cases") return takeCase(request, response);
    if (pages.has(path)) {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache" });
      return response.end(pages.get(path));
    }
    const asset = assets[path];
    if (!asset) return response.writeHead(404, { "Content-Type": "application/json" }).end("{}");
    const bytes = compressed(asset.path, ".br");
    response.writeHead(200, {
      "Content-Type": asset.type, "Content-Encoding": "br", "Content-Length": bytes.length, "Vary": "Accept-Encoding",
      "Cache-Control": "public, max-age=31536000, immutable",
    });
    response.end(bytes);
  });
  // Before anything is measured.
  for (const { path } of Object.values(assets)) compressed(path, ".br");
  await new Promise((resolve) => { server.listen(port, "127.0.0.1", resolve); });
  const url = `http://127.0.0.1:${server.address().port}`;
  return { url, state, close: () => { server.closeAllConnections(); server.close(); } };
}
