// Stands where the remote AI binding of wrangler is: takes the requests out of their wrapping, and passes them to the local Workers AI.
import http from "node:http";
import { Readable } from "node:stream";

/// Starts a proxy. `fault` decides what goes wrong with a call, by its model, its body and its number.
export async function proxy(simUrl, fault) {
  const calls = [];
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.headers["mf-url"] ?? "http://nowhere/");
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (name.startsWith("mf-header-")) headers.set(name.slice("mf-header-".length), value);
    }
    headers.delete("content-length");
    headers.delete("transfer-encoding");
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const call = { model: headers.get("cf-consn-model-id") ?? "", body: body.toString(), status: 0 };
    const number = calls.filter(({ model }) => model === call.model).length + 1;
    calls.push(call);
    const injected = fault(call, number);
    if (injected) headers.set("x-sim-fault", injected);
    const leaving = new AbortController();
    response.on("close", () => leaving.abort());
    try {
      const answer = await fetch(new URL(url.pathname + url.search, simUrl), {
        method: request.method,
        headers,
        body: body.length > 0 ? body : undefined,
        signal: leaving.signal,
      });
      call.status = answer.status;
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      if (answer.body) Readable.fromWeb(answer.body).on("error", () => response.destroy()).pipe(response);
      else response.end();
    } catch {
      response.destroy();
    }
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { url: new URL(`http://127.0.0.1:${server.address().port}`), calls, close: () => server.close() };
}
