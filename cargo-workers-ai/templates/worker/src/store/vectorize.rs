//! Vectors in Vectorize. The crate `worker` has no type for its binding.

use serde::Deserialize;
use serde_json::{Value, json};
use worker::{
    Env, Result,
    js_sys::{Array, Function, JSON, Promise, Reflect},
    wasm_bindgen::{JsCast, JsValue},
    wasm_bindgen_futures::JsFuture,
};

use super::{Hit, Pending, Row, Store};

pub struct Vectorize {
    index: JsValue,
}

#[derive(Deserialize)]
struct Found {
    matches: Vec<Match>,
}

#[derive(Deserialize)]
struct Match {
    score: f32,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    document: String,
    number: u32,
    text: String,
}

impl Vectorize {
    pub fn new(env: &Env) -> Result<Self> {
        let index = Reflect::get(env, &"VECTORS".into())?;
        if index.is_undefined() {
            return Err("neither a Vectorize binding `VECTORS` nor a D1 binding `DB` is in wrangler.jsonc".into());
        }
        Ok(Self { index })
    }

    /// Calls a method of the binding.
    async fn call(&self, method: &str, arguments: &[Value]) -> Result<JsValue> {
        let method: Function = Reflect::get(&self.index, &method.into())?.dyn_into()?;
        let parse = |argument: &Value| JSON::parse(&argument.to_string());
        let arguments: Array = arguments.iter().map(parse).collect::<std::result::Result<_, _>>()?;
        let promise: Promise = method.apply(&self.index, &arguments)?.dyn_into()?;
        Ok(JsFuture::from(promise).await?)
    }
}

impl Store for Vectorize {
    fn upsert<'a>(&'a self, rows: &'a [Row]) -> Pending<'a, ()> {
        Box::pin(async move {
            let vectors = rows.iter().map(|Row { chunk, vector }| {
                let metadata = json!({ "document": chunk.document, "number": chunk.number, "text": chunk.text });
                json!({ "id": chunk.id, "values": vector, "metadata": metadata })
            });
            self.call("upsert", &[vectors.collect()]).await?;
            Ok(())
        })
    }

    fn nearest<'a>(&'a self, vector: &'a [f32], count: usize) -> Pending<'a, Vec<Hit>> {
        Box::pin(async move {
            let options = json!({ "topK": count, "returnMetadata": "all" });
            let found = self.call("query", &[json!(vector), options]).await?;
            let found: Found = serde_json::from_str(&String::from(JSON::stringify(&found)?))?;
            let hit =
                |Match { score, metadata: Metadata { document, number, text } }| Hit { document, number, text, score };
            Ok(found.matches.into_iter().map(hit).collect())
        })
    }
}
