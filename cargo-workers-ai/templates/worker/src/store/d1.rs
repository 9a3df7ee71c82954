//! Vectors in SQLite: for your machine, and for some thousand pieces. All are compared.

use serde::Deserialize;
use worker::{D1Database, Result};
use workers_ai::embeddings::cosine_similarity;

use super::{Hit, Pending, Row, Store};

pub struct D1 {
    pub database: D1Database,
}

const UPSERT: &str = "INSERT INTO chunks (id, document, number, text, vector) VALUES (?1, ?2, ?3, ?4, ?5) \
     ON CONFLICT (id) DO UPDATE SET text = excluded.text, vector = excluded.vector";

#[derive(Deserialize)]
struct Stored {
    document: String,
    number: u32,
    text: String,
    vector: String,
}

impl Store for D1 {
    fn upsert<'a>(&'a self, rows: &'a [Row]) -> Pending<'a, ()> {
        Box::pin(async move {
            let insert = self.database.prepare(UPSERT);
            let statements = rows.iter().map(|Row { chunk, vector }| {
                let vector = serde_json::to_string(vector)?;
                let values = [chunk.id.as_str(), &chunk.document, &chunk.number.to_string(), &chunk.text, &vector];
                insert.clone().bind(&values.map(Into::into))
            });
            self.database.batch(statements.collect::<Result<_>>()?).await?;
            Ok(())
        })
    }

    fn nearest<'a>(&'a self, vector: &'a [f32], count: usize) -> Pending<'a, Vec<Hit>> {
        Box::pin(async move {
            let stored = self.database.prepare("SELECT document, number, text, vector FROM chunks").all().await?;
            let mut hits = Vec::new();
            for Stored { document, number, text, vector: stored } in stored.results()? {
                let stored: Vec<f32> = serde_json::from_str(&stored)?;
                let score = cosine_similarity(vector, &stored);
                hits.push(Hit { document, number, text, score });
            }
            hits.sort_by(|a, b| b.score.total_cmp(&a.score));
            hits.truncate(count);
            Ok(hits)
        })
    }
}
