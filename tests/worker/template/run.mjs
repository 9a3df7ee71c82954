// node run.mjs FOLDER SIM_URL: the template, generated and built in FOLDER, in wrangler's local runtime with real queues, D1 and KV. Its models
// are those of the local Workers AI. Prints each check as a line of JSON.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { browser } from "./browser.mjs";
import { proxy } from "./proxy.mjs";

const [folder, simUrl, modules] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const { unstable_getMiniflareWorkerOptions: optionsOf } = require("wrangler");
const { Miniflare, convertV4MiniflareOptions } = createRequire(require.resolve("wrangler"))("miniflare");

const { default: puppeteer } = await import(require.resolve("puppeteer-core"));

const DOCUMENTS = 1000;
const TOPICS = ["lighthouses", "bread", "tides", "bicycles", "violins", "glaciers", "printing", "bees", "bridges", "salt"];
const EMBEDDINGS = "@cf/baai/bge-base-en-v1.5";

const report = (name, problem) => console.log(JSON.stringify({ name, problem: problem ?? null }));
const check = async (name, run) => {
  try {
    const problem = await run();
    report(name, typeof problem === "string" ? problem : undefined);
  } catch (error) {
    report(name, String(error?.stack ?? error));
  }
};
const expect = (condition, problem) => {
  if (!condition) throw new Error(problem);
};

/// What goes wrong: what a text asks for (`fault{…}`), a text that is refused, and some calls that fail for everybody.
function fault(call, number) {
  const asked = /fault\{([^}]*)\}/.exec(call.body);
  if (asked) return asked[1];
  if (call.model !== EMBEDDINGS) return undefined;
  if (call.body.includes("unacceptable")) return "code=5006";
  return { 2: "code=3040; retry-after=1", 4: "status=500", 6: "code=3043", 9: "code=3021" }[number];
}

function files(at) {
  return readdirSync(at).flatMap((name) => {
    const path = join(at, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

/// Starts the Worker as wrangler would: with the options of its configuration.
async function start(configuration, remote) {
  const build = join(folder, "build");
  const { workerOptions } = optionsOf(join(folder, configuration), undefined, { remoteProxyConnectionString: remote });
  const consumers = Object.entries(workerOptions.queueConsumers);
  const [[, consumer]] = consumers;
  expect(consumers.length === 1 && consumer.maxBatchSize === 100, `consumers: ${JSON.stringify(consumers)}`);
  delete workerOptions.vectorize;
  const modules = files(build)
    .filter((path) => /\.(js|wasm)$/.test(path))
    .sort((a, b) => b.endsWith("/shim.js") - a.endsWith("/shim.js"))
    .map((path) => ({ type: path.endsWith(".wasm") ? "CompiledWasm" : "ESModule", path, contents: readFileSync(path) }));
  const worker = {
    ...workerOptions,
    name: "my-worker",
    modulesRoot: build,
    modules,
    kvNamespaces: ["LETTERS", "VECTORS_IN_KV"],
    queueConsumers: {
      ...workerOptions.queueConsumers,
      [consumer.deadLetterQueue]: { maxBatchSize: 10, maxBatchTimeout: 0 },
    },
  };
  return new Miniflare(convertV4MiniflareOptions({ workers: [worker], handleUncaughtError: () => {} }));
}

const text = (number) => `Number ${number}: what everybody should know about ${TOPICS[number % TOPICS.length]}.`;
const post = (worker, path, body) =>
  worker.dispatchFetch(`http://worker${path}`, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });

async function routes(worker, ai) {
  await check("the page", async () => {
    const page = await worker.dispatchFetch("http://worker/");
    expect(page.headers.get("content-type").startsWith("text/html"), page.headers.get("content-type"));
    expect((await page.text()).includes('<form id="ask">'), "no form");
  });
  await check("a chat is streamed", async () => {
    const chat = await post(worker, "/chat", { question: "Why is the sky blue?" });
    expect(chat.headers.get("content-type").startsWith("text/event-stream"), chat.headers.get("content-type"));
    const events = await chat.text();
    expect(events.includes("data: ") && events.trimEnd().endsWith("data: [DONE]"), events.slice(0, 300));
  });
  await check("a chat begins before it ends", async () => {
    const chat = await post(worker, "/chat", { question: "endless fault{stall=2}" });
    const reader = chat.body.getReader();
    expect((await reader.read()).value.length > 0, "nothing came");
    await reader.cancel();
  });
  await check("an image", async () => {
    const image = await post(worker, "/image", { prompt: "a lighthouse" });
    const bytes = new Uint8Array(await image.arrayBuffer());
    expect(image.headers.get("content-type") === "image/jpeg" && bytes[0] === 0xff && bytes[1] === 0xd8, `${image.headers.get("content-type")}: ${bytes.slice(0, 4)}`);
  });
  await check("structured output", async () => {
    const recipe = await (await post(worker, "/recipe", { dish: "tomato soup" })).json();
    expect(typeof recipe.title === "string" && Number.isInteger(recipe.minutes) && Array.isArray(recipe.steps), JSON.stringify(recipe));
  });
  await check("no capacity is 503, with the time to wait", async () => {
    const refused = await post(worker, "/recipe", { dish: "soup fault{code=3036}" });
    const { error } = await refused.json();
    expect(refused.status === 503 && Number(refused.headers.get("retry-after")) > 0 && error.includes("3036"), `${refused.status} ${error}`);
  });
  await check("a refusal is 400, in the words of the service", async () => {
    const refused = await post(worker, "/image", { prompt: "fault{code=3030}" });
    const { error } = await refused.json();
    expect(refused.status === 400 && error.includes("3030"), `${refused.status} ${error}`);
  });
  await check("bad requests say what is wrong", async () => {
    for (const [path, body, words] of [
      ["/chat", "{", "JSON"],
      ["/chat", {}, "`question`"],
      ["/image", { prompt: "" }, "`prompt`"],
      ["/nowhere", {}, "POST /nowhere"],
    ]) {
      const answer = await post(worker, path, body);
      const { error } = await answer.json();
      expect([400, 404].includes(answer.status) && error.includes(words), `${path}: ${answer.status} ${error}`);
    }
  });
  await check("nothing is found where nothing is indexed", async () => {
    const { answer, sources } = await (await post(worker, "/ask", { question: "anything" })).json();
    expect(sources.length === 0 && answer.includes("no documents"), answer);
  });
  ai.calls.length = 0;
}

async function bulk(worker, ai, store) {
  const letters = await worker.getKVNamespace("LETTERS");
  const lines = Array.from({ length: DOCUMENTS }, (_, number) => JSON.stringify({ id: `doc-${number}`, text: text(number) }));
  // One of several pieces, and one that the model refuses.
  const long = Array.from({ length: 100 }, (_, number) => `The keeper writes down ship ${number} as it passes.`).join(" ");
  lines.push(JSON.stringify({ id: "long", text: long }), JSON.stringify({ id: "refused", text: "This is unacceptable." }));
  let pieces = 0;
  await check("1,002 documents are queued", async () => {
    const answer = await post(worker, "/index", lines.join("\n"));
    const { documents, chunks } = await answer.json();
    pieces = chunks;
    expect(answer.status === 202 && documents === DOCUMENTS + 2 && chunks > documents, `${answer.status}: ${documents} in ${chunks}`);
  });
  await check("all are stored, each once, whatever fails", async () => {
    let stored = [];
    for (let tries = 0; tries < 240 && stored.length < pieces - 1; tries += 1) {
      await new Promise((later) => setTimeout(later, 250));
      stored = await store.ids();
    }
    expect(stored.length === pieces - 1 && new Set(stored).size === stored.length, `${stored.length} of ${pieces - 1}`);
  });
  await check("what is refused is among the dead letters, alone", async () => {
    let names = [];
    for (let tries = 0; tries < 40 && names.length === 0; tries += 1) {
      await new Promise((later) => setTimeout(later, 250));
      names = (await letters.list()).keys.map(({ name }) => name);
    }
    expect(names.join() === "refused#0", names.join());
  });
  await check("nothing is embedded twice but what a consumer took with it when it died", async () => {
    const times = new Map();
    const calls = ai.calls.filter(({ model, status }) => model === EMBEDDINGS && status === 200);
    for (const { body } of calls) {
      for (const text of JSON.parse(body).inputs.text) times.set(text, (times.get(text) ?? 0) + 1);
    }
    const twice = [...times.values()].filter((count) => count > 1).length;
    const failed = ai.calls.filter(({ status }) => status !== 200 && status !== 0).length;
    console.error(`${times.size} texts in ${calls.length} calls, ${failed} calls failed, ${twice} texts embedded twice`);
    expect(times.size === pieces - 1, `${times.size} texts were embedded`);
    expect([...times.values()].every((count) => count <= 2), "a text was embedded more than twice");
    expect(twice > 0 && twice <= 100, `${twice} texts were embedded twice; one batch died`);
    expect(failed >= 4, `only ${failed} calls failed`);
  });
  await check("a question finds its document", async () => {
    const { answer, sources } = await (await post(worker, "/ask", { question: text(777) })).json();
    expect(sources.length === 5 && sources[0].document === "doc-777" && sources[0].score > 0.9, JSON.stringify(sources[0]));
    expect(answer.length > 0, "no answer");
  });
  await check("a document that is indexed again replaces the other", async () => {
    await post(worker, "/index", JSON.stringify({ id: "doc-5", text: "Seals sleep in the water." }));
    let found;
    for (let tries = 0; tries < 60; tries += 1) {
      await new Promise((later) => setTimeout(later, 250));
      found = (await (await post(worker, "/ask", { question: "Seals sleep in the water." })).json()).sources[0];
      if (found.document === "doc-5") break;
    }
    expect(found.text === "Seals sleep in the water.", JSON.stringify(found));
    expect((await store.ids()).length === pieces - 1, "it was stored beside the other");
  });
  await check("a bad line is named, and what came before it is kept", async () => {
    const lines = ['{"id":"first","text":"one"}', "", '{"id":"second"}', '{"id":"third","text":"three"}'];
    const answer = await post(worker, "/index", lines.join("\n"));
    const { error } = await answer.json();
    expect(answer.status === 400 && error.includes("line 3") && error.includes("`text`") && error.includes("1 documents"), error);
    const long = await post(worker, "/index", JSON.stringify({ id: "x".repeat(57), text: "one" }));
    expect((await long.json()).error.includes("57 bytes"), "a long ID");
    const endless = await post(worker, "/index", "x".repeat(3 << 20));
    expect((await endless.json()).error.includes("1 MiB"), "an endless line");
  });
}

async function d1(worker) {
  const database = await worker.getD1Database("DB");
  const migrations = readFileSync(join(folder, "migrations/0001_chunks.sql"), "utf8");
  await database.exec(migrations.replaceAll(/\s+/g, " "));
  return { ids: async () => (await database.prepare("SELECT id FROM chunks").all()).results.map(({ id }) => id) };
}

async function vectorize(worker) {
  const kv = await worker.getKVNamespace("VECTORS_IN_KV");
  const ids = async () => {
    const names = [];
    for (let list = {}; !list.list_complete; ) {
      list = await kv.list({ cursor: list.cursor });
      names.push(...list.keys.map(({ name }) => name));
    }
    return names;
  };
  return { ids };
}

for (const [configuration, open] of [
  ["wrangler.local.jsonc", d1],
  ["wrangler.jsonc", vectorize],
]) {
  const ai = await proxy(simUrl, fault);
  const worker = await start(configuration, ai.url);
  try {
    const url = await worker.ready;
    const store = await open(worker);
    await routes(worker, ai);
    await bulk(worker, ai, store);
    await browser(puppeteer, url, check);
  } finally {
    await worker.dispose();
    ai.close();
  }
}
