//! Models and their schemas.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use workers_ai_catalog::Catalog;

use super::{call::QueryParams, envelope};
use crate::{error::ApiError, state::SimState};

fn param<'q>(query: &'q [(String, String)], name: &str) -> Option<&'q str> {
    query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// `GET …/ai/models/search`.
pub(super) async fn search(State(state): State<Arc<SimState>>, Query(query): QueryParams) -> Response {
    let catalog = &state.models.catalog;
    let all: Vec<Value> = catalog.ids().unwrap_or_default().iter().filter_map(|id| entry(catalog, id)).collect();
    let fits = |entry: &&Value| {
        let task =
            param(&query, "task").is_none_or(|task| entry.pointer("/task/name").is_some_and(|name| name == task));
        let text = param(&query, "search").unwrap_or_default().to_lowercase();
        let author = |name: &Value| name.as_str().and_then(|name| name.split('/').nth(1)).map(str::to_owned);
        let author = param(&query, "author").is_none_or(|expected| author(&entry["name"]).as_deref() == Some(expected));
        task && author && entry["name"].as_str().is_some_and(|name| name.to_lowercase().contains(&text))
    };
    let found: Vec<&Value> = all.iter().filter(fits).collect();
    page(&query, &found)
}

/// Returns one page of a list.
fn page(query: &[(String, String)], all: &[&Value]) -> Response {
    let number =
        |name: &str, otherwise: usize| param(query, name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (page, per_page) = (number("page", 1).max(1), number("per_page", 50).clamp(1, 100));
    let shown: Vec<&&Value> = all.iter().skip((page - 1) * per_page).take(per_page).collect();
    let info = json!({ "count": shown.len(), "page": page, "per_page": per_page, "total_count": all.len() });
    Json(json!({ "result": shown, "result_info": info, "success": true, "errors": [], "messages": [] })).into_response()
}

/// `GET …/ai/catalog/models`.
pub(super) async fn catalog(State(state): State<Arc<SimState>>, Query(query): QueryParams) -> Response {
    let catalog = &state.models.catalog;
    let all: Vec<Value> =
        catalog.ids().unwrap_or_default().iter().filter_map(|id| unified(catalog, id, false)).collect();
    page(&query, &all.iter().collect::<Vec<_>>())
}

/// `GET …/ai/catalog/models/{id}`, the id percent-encoded.
pub(super) async fn catalog_entry(
    State(state): State<Arc<SimState>>,
    Path((_, id)): Path<(String, String)>,
) -> Response {
    match unified(&state.models.catalog, &id, true) {
        Some(entry) => envelope::ok(&entry),
        None => ApiError::no_such_model(&id).into_response(),
    }
}

/// Returns a model in the shape of the unified catalog.
fn unified(catalog: &Catalog, id: &str, with_schema: bool) -> Option<Value> {
    let file = catalog.document(id).ok()?.value;
    let property = |name: &str| file.pointer(&format!("/properties/{name}")).cloned();
    let mut entry = json!({
        "model_id": id, "provider_id": id.trim_start_matches('@').split('/').nth(1), "task": file["task"],
        "context_length": property("context_window"), "pricing": property("price"),
    });
    if with_schema {
        let side = |side| catalog.upstream_schema(id, side).ok().flatten();
        entry["schema"] = json!({ "input": side("input"), "output": side("output") });
    }
    Some(entry)
}

/// Returns a model in the shape of the search, where properties are pairs with texts or lists as values.
fn entry(catalog: &Catalog, id: &str) -> Option<Value> {
    let file = catalog.document(id).ok()?.value;
    let text = |value: &Value| match value {
        Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
        other => other.clone(),
    };
    let properties = file.get("properties").and_then(Value::as_object).into_iter().flatten();
    let properties: Vec<Value> =
        properties.map(|(name, value)| json!({ "property_id": name, "value": text(value) })).collect();
    Some(json!({
        "id": id, "name": id, "source": 1, "description": "", "tags": [],
        "task": { "id": file["task"], "name": file["task"], "description": "" },
        "created_at": file["created"], "properties": properties,
    }))
}

/// `GET …/ai/models/schema?model=…`.
pub(super) async fn schema(State(state): State<Arc<SimState>>, Query(query): QueryParams) -> Response {
    let id = param(&query, "model").unwrap_or_default();
    let catalog = &state.models.catalog;
    let side = |side| catalog.upstream_schema(id, side).ok().flatten();
    match (side("input"), side("output")) {
        (Some(input), Some(output)) => envelope::ok(&json!({ "input": input, "output": output })),
        _ => ApiError::no_such_model(id).into_response(),
    }
}
