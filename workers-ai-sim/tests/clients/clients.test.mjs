// Clients that others wrote, against the local Workers AI: it is not merely our own opinion of the service.
// `npm ci && npm test`; WORKERS_AI_BASE_URL and the account and token say where it is, else it is started.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import Cloudflare from "cloudflare";
import OpenAI from "openai";
import { embed, generateText, streamText, tool } from "ai";
import { createWorkersAI } from "workers-ai-provider";
import { z } from "zod";

let server;
let base = process.env.WORKERS_AI_BASE_URL;
let account = process.env.CLOUDFLARE_ACCOUNT_ID;
let token = process.env.CLOUDFLARE_API_TOKEN;

before(async () => {
  if (base) return;
  server = spawn("cargo", ["run", "--quiet", "--package", "workers-ai-sim", "--example", "serve"]);
  let said = "";
  for await (const chunk of server.stdout) {
    said += chunk;
    if (/API_TOKEN=(\S+)\s/.test(said)) break;
  }
  base = /BASE_URL=(\S+)/.exec(said)[1];
  account = /ACCOUNT_ID=(\S+)/.exec(said)[1];
  token = /API_TOKEN=(\S+)/.exec(said)[1];
});
after(() => server?.kill());

const LLAMA = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
const KIMI = "@cf/moonshotai/kimi-k2.6";
const messages = [{ role: "user", content: "Why is the sky blue?" }];
const openai = () => new OpenAI({ apiKey: token, baseURL: `${base}/client/v4/accounts/${account}/ai/v1` });
const parameters = { type: "object", properties: { place: { type: "string", description: "a town" } }, required: ["place"] };

test("openai: chat, whole and streamed", async () => {
  const whole = await openai().chat.completions.create({ model: LLAMA, messages });
  assert.match(whole.choices[0].message.content, /Why is the sky blue/);
  assert.ok(whole.usage.total_tokens > 0);
  const stream = await openai().chat.completions.create({
    model: LLAMA, messages, stream: true, stream_options: { include_usage: true },
  });
  let text = "";
  let usage;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? "";
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole.choices[0].message.content);
  assert.deepEqual(usage, whole.usage);
});

test("openai: tools, embeddings, responses, errors", async () => {
  const called = await openai().chat.completions.create({
    model: LLAMA,
    messages: [{ role: "user", content: "How is the weather in Lisbon?" }],
    tools: [{ type: "function", function: { name: "weather", description: "The weather at a place", parameters } }],
  });
  const call = called.choices[0].message.tool_calls[0];
  assert.deepEqual([call.function.name, JSON.parse(call.function.arguments)], ["weather", { place: "Lisbon" }]);
  const vectors = await openai().embeddings.create({ model: "@cf/baai/bge-base-en-v1.5", input: ["a", "b"] });
  assert.deepEqual(vectors.data.map((item) => item.embedding.length), [768, 768]);
  const response = await openai().responses.create({ model: "@cf/openai/gpt-oss-20b", input: "hello" });
  assert.match(response.output_text, /hello/);
  await assert.rejects(openai().chat.completions.create({ model: "@cf/nobody/nothing", messages }), { status: 400 });
  const wrong = new OpenAI({ apiKey: "wrong", baseURL: openai().baseURL, maxRetries: 0 });
  await assert.rejects(wrong.chat.completions.create({ model: LLAMA, messages }), { status: 401 });
});

test("cloudflare: run, models and their schemas", async () => {
  const cloudflare = new Cloudflare({ apiToken: token, baseURL: `${base}/client/v4` });
  const answer = await cloudflare.ai.run(LLAMA, { account_id: account, messages });
  assert.match(answer.response, /Why is the sky blue/);
  const found = await cloudflare.ai.models.list({ account_id: account, search: "flux-1" });
  assert.equal(found.result[0].name, "@cf/black-forest-labs/flux-1-schnell");
  const schema = await cloudflare.ai.models.schema.get({ account_id: account, model: found.result[0].name });
  assert.deepEqual(schema.input.required, ["prompt"]);
  await assert.rejects(cloudflare.ai.run(LLAMA, { account_id: account, prompt: "" }), { status: 400 });
});

test("workers-ai-provider: text, streams and tools", async () => {
  // The provider has no setting for another host.
  const real = globalThis.fetch;
  globalThis.fetch = (url, init) => real(String(url).replace("https://api.cloudflare.com", base), init);
  try {
    const provider = createWorkersAI({ accountId: account, apiKey: token });
    for (const id of [LLAMA, KIMI]) {
      const { text, usage } = await generateText({ model: provider(id), prompt: "Why is the sky blue?" });
      assert.match(text, /Why is the sky blue/, id);
      assert.ok(usage.totalTokens > 0, id);
      const streamed = streamText({ model: provider(id), prompt: "Why is the sky blue?" });
      let whole = "";
      for await (const part of streamed.textStream) whole += part;
      assert.equal(whole, text, id);
      assert.equal(await streamed.finishReason, "stop", id);
      const weather = tool({
        description: "The weather at a place",
        inputSchema: z.object({ place: z.string().describe("a town") }),
      });
      const called = await generateText({ model: provider(id), prompt: "The weather in Lisbon?", tools: { weather } });
      assert.deepEqual(called.toolCalls.map((call) => [call.toolName, call.input]), [["weather", { place: "Lisbon" }]], id);
    }
    const model = provider.textEmbedding?.("@cf/baai/bge-base-en-v1.5") ?? provider.embedding("@cf/baai/bge-base-en-v1.5");
    const { embedding } = await embed({ model, value: "hello" });
    assert.equal(embedding.length, 768);
  } finally {
    globalThis.fetch = real;
  }
});
