// The entry of the template in tests: the template's own handlers, with what the local runtime lacks or cannot do on purpose.
import * as glue from "./index.js";

let batches = 0;

export default {
  fetch: (request, env, context) => glue.fetch(request, complete(env), context),
  async queue(batch, env, context) {
    if (batch.queue.endsWith("-dead-letters")) {
      await Promise.all(batch.messages.map((message) => env.LETTERS.put(message.body.id, JSON.stringify(message.body))));
      return;
    }
    env = complete(env);
    batches += 1;
    if (batches !== 3) return glue.queue(batch, env, context);
    // This consumer dies after its call has been made and paid for, and before anything is stored.
    const death = Promise.withResolvers();
    const dying = () => {
      death.reject(new Error("the consumer died"));
      return new Promise(() => {});
    };
    const instead = (object, method) =>
      new Proxy(object, { get: (target, name) => (name === method ? dying : bound(target, name)) });
    const died = env.DB ? { ...env, DB: instead(env.DB, "batch") } : { ...env, VECTORS: instead(env.VECTORS, "upsert") };
    await Promise.race([death.promise, glue.queue(batch, died, context)]);
  },
};

function bound(target, name) {
  const value = target[name];
  return typeof value === "function" && name !== "constructor" ? value.bind(target) : value;
}

/// Adds a stand-in for Vectorize where there is no other store.
function complete(env) {
  return env.DB ? env : { ...env, VECTORS: new Vectorize(env.VECTORS_IN_KV) };
}

/// The methods of a Vectorize binding that the template calls, with the limits of the service.
class Vectorize {
  constructor(kv) {
    this.kv = kv;
  }

  async upsert(vectors) {
    for (const { id, values, metadata } of vectors) {
      if (new TextEncoder().encode(id).length > 64) throw new Error(`VECTOR_UPSERT_ERROR: ${id} is longer than 64 bytes`);
      if (values.length !== 768) throw new Error(`VECTOR_UPSERT_ERROR: ${id} has ${values.length} dimensions`);
      if (JSON.stringify(metadata).length > 10240) throw new Error(`VECTOR_UPSERT_ERROR: metadata of ${id} is too large`);
    }
    await Promise.all(vectors.map((vector) => this.kv.put(vector.id, JSON.stringify(vector))));
    return { mutationId: crypto.randomUUID() };
  }

  async query(vector, { topK, returnMetadata }) {
    const matches = [];
    for (let list = {}; !list.list_complete; ) {
      list = await this.kv.list({ cursor: list.cursor });
      for (const text of await Promise.all(list.keys.map(({ name }) => this.kv.get(name)))) {
        const { id, values, metadata } = JSON.parse(text);
        const score = cosine(vector, values);
        matches.push(returnMetadata === "all" ? { id, score, metadata } : { id, score });
      }
    }
    matches.sort((a, b) => b.score - a.score);
    return { count: Math.min(topK, matches.length), matches: matches.slice(0, topK) };
  }
}

function cosine(a, b) {
  let [product, lengthA, lengthB] = [0, 0, 0];
  for (let at = 0; at < a.length; at += 1) {
    product += a[at] * b[at];
    lengthA += a[at] ** 2;
    lengthB += b[at] ** 2;
  }
  return product / Math.sqrt(lengthA * lengthB || 1);
}
