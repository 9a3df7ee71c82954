//! The sources: each gives the same facts, whatever its shape; nothing new changes no byte.

mod support;

use std::fs;

use cargo_workers_ai::{
    only::Only,
    refresh::{self, Mode, Plan, Source, Target},
    source::secret::Secret,
};
use serde_json::{Value, json};
use support::{Answer, Server, Workspace, feed, files, model, page, result, schema};

fn listed(id: &str) -> Value {
    let mut listed = model(id);
    listed.as_object_mut().expect("an object").remove("schema");
    listed
}

/// A list that gives one model a page whatever `per_page` says, and what schema calls answer.
fn paged(ids: &'static [&'static str], total: Option<usize>) -> Server {
    Server::start(move |asked| {
        if asked.path.ends_with("/schema") {
            return Answer::json(&result(&schema()));
        }
        let number: usize = asked.query["page"].parse().expect("a number");
        let models: Vec<Value> = ids.get(number - 1).map(|id| listed(id)).into_iter().collect();
        Answer::json(&page(&models, total))
    })
}

#[test]
fn pages_are_read_until_the_count_is_reached_whatever_per_page_the_server_honours() {
    let server = paged(&["@cf/a/one", "@cf/a/two", "@cf/a/three"], Some(3));
    let workspace = Workspace::new();
    let done = workspace.refresh(&server, Source::Account).expect("a refresh");
    assert_eq!((done.report.added.len(), done.report.rejected.len()), (3, 0));
    let lists = server.asked.lock().expect("a log").iter().filter(|asked| asked.path.ends_with("/search")).count();
    assert_eq!(lists, 3, "no page was requested after the last");
}

#[test]
fn pages_that_overlap_do_not_make_a_list_complete() {
    let ids: Vec<String> = (0..20).map(|number| format!("@cf/a/m{number:02}")).collect();
    let listed = ids.clone();
    let server = Server::start(move |asked| {
        if !asked.path.ends_with("/search") {
            return Answer::json(&result(&schema()));
        }
        let page_number: usize = asked.query["page"].parse().expect("a number");
        let range = match page_number {
            1 => 0..10,
            2 => 7..17,
            3 => 17..20,
            _ => 20..20,
        };
        Answer::json(&page(&listed[range].iter().map(|id| model(id)).collect::<Vec<_>>(), Some(20)))
    });
    let workspace = Workspace::new();
    workspace.refresh(&server, Source::Account).expect("a refresh");
    let files = workspace.files();
    for id in ids {
        assert!(files.contains_key(&format!("{}.json", id.trim_start_matches('@'))), "{id}");
    }
}

#[test]
fn pages_without_a_count_are_read_until_one_is_empty() {
    let server = paged(&["@cf/a/one", "@cf/a/two"], None);
    let workspace = Workspace::new();
    let done = workspace.refresh(&server, Source::Account).expect("a refresh");
    assert_eq!(done.report.added.len(), 2);
}

#[test]
fn a_server_that_repeats_its_first_page_is_not_followed_for_ever() {
    let server = Server::always(|| Answer::json(&page(&[listed("@cf/a/one")], Some(5))));
    let error = Workspace::new().refresh(&server, Source::Account).expect_err("an error").to_string();
    assert!(error.contains("page 2 repeats earlier pages"), "{error}");
}

#[test]
fn the_account_is_asked_with_its_token_and_every_schema_by_id() {
    let server = paged(&["@cf/a/one"], Some(1));
    let workspace = Workspace::new();
    workspace.refresh(&server, Source::Account).expect("a refresh");
    let asked = server.asked.lock().expect("a log");
    assert_eq!(asked[0].path, "/client/v4/accounts/account1/ai/models/search");
    assert_eq!(asked[1].path, "/client/v4/accounts/account1/ai/models/schema");
    assert_eq!(asked[1].query["model"], "@cf/a/one");
    assert!(asked.iter().all(|asked| asked.authorization.as_deref() == Some("Bearer the-token")));
    drop(asked);
    assert_eq!(workspace.model("cf/a/one.json")["source"], "account");
}

#[test]
fn a_token_that_is_also_a_word_changes_no_fact() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    let server = paged(&["@cf/a/one"], Some(1));
    for token in ["e", "token", "prompt"] {
        let account = Some(("account1".to_owned(), Secret::new(token)));
        let base = Some(server.base.clone());
        let done = refresh::run(&Plan { account, base, ..workspace.plan(Source::Account) }).expect("a refresh");
        assert!(done.current, "{}", done.report.text());
    }
}

#[test]
fn the_docs_feed_is_asked_without_a_token() {
    let server = Server::always(|| Answer::json(&feed(&[model("@cf/a/one")])));
    Workspace::new().refresh(&server, Source::Docs).expect("a refresh");
    let asked = server.asked.lock().expect("a log");
    assert!(asked[0].path == "/api/models" && asked[0].authorization.is_none());
}

fn detail(id: &str, pricing: &Value) -> Value {
    json!({
        "model_id": id, "provider_id": id.split('/').next(), "task": "Text Generation", "context_length": 1_000_000,
        "pricing": pricing, "schema": schema(), "examples": [{"name": "x"}],
    })
}

fn unified(details: Value) -> Server {
    Server::start(move |asked| {
        let list = "/client/v4/accounts/account1/ai/catalog/models";
        if asked.path == list {
            let items: Vec<Value> =
                details.as_array().expect("a list").iter().map(|d| json!({"model_id": d["model_id"]})).collect();
            return Answer::json(&page(&items, Some(items.len())));
        }
        let segment = asked.path.strip_prefix(list).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        assert!(!segment.contains('/'), "the id is one encoded segment, got {segment}");
        let id = segment.replace("%2F", "/").replace("%40", "@");
        match details.as_array().expect("a list").iter().find(|detail| detail["model_id"] == id.as_str()) {
            Some(detail) => Answer::json(&result(detail)),
            None => Answer::status(404),
        }
    })
}

#[test]
fn the_unified_catalog_adds_partners_and_leaves_the_others_alone() {
    let prices = json!([{"unit": "per M input tokens", "price": "0.30", "currency": "USD"}]);
    let server = unified(json!([
        detail("google/nano-banana", &prices),
        detail("minimax/m3", &json!({"Input <=512k (per 1M)": 0.3, "Input >512k (per 1M)": 1.2, "hd": 0.17})),
        detail("openai/gpt-5.4", &json!("free")),
        detail("@cf/a/one", &Value::Null),
    ]));
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), model("@cf/a/two")]));
    let before = workspace.files();
    let done = workspace.refresh(&server, Source::Unified).expect("a refresh");
    assert_eq!(done.report.rejected, []);
    let after = workspace.files();
    assert_eq!(after["cf/a/one.json"], before["cf/a/one.json"]);
    assert_eq!(after["cf/a/two.json"], before["cf/a/two.json"], "a model of another source is not retired");
    let partner = workspace.model("google/nano-banana.json");
    assert_eq!(partner["properties"]["context_window"], 1_000_000);
    assert_eq!(partner["properties"]["price"][0]["price"], "0.3");
    let prices = &workspace.model("minimax/m3.json")["properties"]["price"];
    assert_eq!(prices.as_array().map(Vec::len), Some(3), "no price is dropped");
    assert_eq!(prices[0]["label"], "Input <=512k (per 1M)");
    assert_eq!(prices[0]["tokens"], json!({"above": 0, "up_to": 512_000}));
    assert_eq!((&prices[2]["unit"], &prices[2]["price"]), (&json!("hd"), &json!("0.17")));
    assert_eq!(done.report.notes.len(), 1, "prices of an unknown shape are left out, and that is said");
    assert!(done.report.notes[0].starts_with("openai/gpt-5.4: its `pricing` is ignored"));
    let text = &after["index.rs"];
    assert!(text.contains(r#"("google/nano-banana", include_str!("google/nano-banana.json"))"#), "{text}");
}

#[test]
fn a_partner_that_is_no_longer_listed_is_retired() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    workspace
        .refresh(&unified(json!([detail("google/a", &Value::Null), detail("google/b", &Value::Null)])), Source::Unified)
        .expect("a refresh");
    let done =
        workspace.refresh(&unified(json!([detail("google/b", &Value::Null)])), Source::Unified).expect("a refresh");
    assert_eq!(done.report.retired, [("google/a".to_owned(), "Text Generation".to_owned())]);
    let names: Vec<String> = workspace.files().into_keys().collect();
    assert_eq!(names, ["cf/a/one.json", "google/b.json", "index.rs"]);
}

#[test]
fn a_source_that_lost_most_models_retires_none_unless_that_is_wanted() {
    let all: Vec<Value> = (0..10).map(|number| model(&format!("@cf/a/m{number}"))).collect();
    let workspace = Workspace::with(&feed(&all));
    let before = workspace.files();
    let few = feed(&all[..7]);
    let server = Server::always(move || Answer::json(&few));
    let error = workspace.refresh(&server, Source::Docs).expect_err("three of ten are missing").to_string();
    assert!(error.contains("the source no longer lists 3 of 10 models; the snapshot is unchanged"), "{error}");
    assert!(error.contains("`--force`") && workspace.files() == before, "{error}");
    let plan = Plan { force: true, base: Some(server.base.clone()), ..workspace.plan(Source::Docs) };
    assert_eq!(refresh::run(&plan).expect("a refresh").report.retired.len(), 3);
}

#[test]
fn a_list_that_ends_early_retires_none() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), model("@cf/a/two")]));
    let before = workspace.files();
    let error =
        workspace.refresh(&paged(&["@cf/a/one"], Some(2)), Source::Account).expect_err("one is missing").to_string();
    assert!(error.contains("the list of models ends after 1 of 2; the snapshot is unchanged"), "{error}");
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_detail_of_another_model_is_refused() {
    let server = Server::start(|asked| {
        if asked.path.ends_with("/models") {
            return Answer::json(&page(&[json!({"model_id": "google/a"})], Some(1)));
        }
        Answer::json(&result(&detail("google/b", &Value::Null)))
    });
    let done = Workspace::new().refresh(&server, Source::Unified).expect("a refresh");
    assert!(
        done.report.rejected[0].0.cause.ends_with("the response describes `google/b`"),
        "{:?}",
        done.report.rejected
    );
}

#[test]
fn nothing_new_changes_no_byte_whatever_the_source() {
    let models = [model("@cf/a/one"), model("@hf/b/two")];
    let workspace = Workspace::with(&feed(&models));
    let before = workspace.files();

    // The same feed again, once more from another file, with the models in another order.
    let done = workspace.refresh_from(&feed(&[models[1].clone(), models[0].clone()]));
    assert!(done.current && done.report.is_empty());
    // The docs and the account, which say the same in other words and places.
    let docs = Server::always(|| Answer::json(&feed(&[model("@cf/a/one"), model("@hf/b/two")])));
    assert!(workspace.refresh(&docs, Source::Docs).expect("a refresh").current);
    let account = paged(&["@cf/a/one", "@hf/b/two"], Some(2));
    assert!(workspace.refresh(&account, Source::Account).expect("a refresh").current);
    // Itself.
    let own = workspace.root().join("catalog/models");
    assert!(refresh::run(&workspace.plan(Source::Path(own))).expect("a refresh").current);
    // A saved page, which says nothing of schemas, and a folder of model files.
    let saved = workspace.file("page.json", &page(&[listed("@cf/a/one")], Some(1)).to_string());
    assert!(refresh::run(&workspace.plan(Source::Path(saved))).expect("a refresh").current);
    workspace.file("folder/cf/a/one.json", &models[0].to_string());
    workspace.file("folder/hf/b/two.json", &models[1].to_string());
    let folder = workspace.root().join("folder");
    assert!(refresh::run(&workspace.plan(Source::Path(folder))).expect("a refresh").current);
    // Other prose.
    let mut reworded = models.clone();
    reworded[0]["description"] = json!("Other words.");
    reworded[0]["schema"]["input"]["properties"]["prompt"]["description"] = json!("Other words.");
    assert!(workspace.refresh_from(&feed(&reworded)).current);

    assert_eq!(workspace.files(), before);
}

#[test]
fn the_day_of_retrieval_stays_until_the_facts_change() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    let path = workspace.root().join("catalog/models/cf/a/one.json");
    let old = fs::read_to_string(&path).expect("the file");
    let today = workspace.model("cf/a/one.json")["retrieved"].clone();
    let dated = old.replace(today.as_str().expect("a day"), "2020-02-02");
    fs::write(&path, &dated).expect("a file");
    workspace.refresh_from(&feed(&[model("@cf/a/one"), model("@cf/a/two")]));
    assert_eq!(workspace.model("cf/a/one.json")["retrieved"], "2020-02-02");
    assert_eq!(workspace.model("cf/a/two.json")["retrieved"], today);
    let mut changed = model("@cf/a/one");
    changed["schema"]["input"]["properties"]["top_k"]["maximum"] = json!(40);
    workspace.refresh_from(&feed(&[changed]));
    assert_eq!(workspace.model("cf/a/one.json")["retrieved"], today);
}

#[test]
fn facts_are_kept_and_prose_is_not_unless_it_is_the_users_own_catalog() {
    let mut told = model("@cf/a/one");
    // A property that is called `description` is a fact.
    told["schema"]["output"]["properties"]["description"] =
        json!({"type": "string", "description": "Words.", "examples": ["x"]});
    let workspace = Workspace::with(&feed(&[told.clone()]));
    let file = workspace.model("cf/a/one.json");
    assert_eq!(file["output"]["properties"]["description"], json!({"type": "string"}));
    assert_eq!(
        file["properties"],
        json!({
            "context_window": 8192,
            "price": [{"unit": "per M input tokens", "price": "0.00000251", "currency": "USD"}],
        })
    );
    assert_eq!(file["created"], "2025-01-02");
    for text in workspace.files().values() {
        assert!(!text.contains("Words") && !text.contains("example"), "{text}");
    }

    let out = workspace.root().join("mine");
    let path = workspace.file("feed.json", &feed(&[told]).to_string());
    refresh::run(&Plan { target: Target::folder(&out), ..workspace.plan(Source::Path(path)) }).expect("a refresh");
    let mine = files(&out);
    assert_eq!(mine.keys().collect::<Vec<_>>(), ["cf/a/one.json", "shapes.json"]);
    assert!(mine["cf/a/one.json"].contains(r#""description": "What to say.""#), "{}", mine["cf/a/one.json"]);
    assert!(!mine["cf/a/one.json"].contains("examples"));
}

#[test]
fn saved_answers_of_every_kind_are_known_by_their_shape() {
    let one = model("@cf/a/one");
    for saved in [
        feed(std::slice::from_ref(&one)),
        json!([&one]),
        one.clone(),
        page(std::slice::from_ref(&one), Some(1)),
        result(&detail("google/nano-banana", &Value::Null)),
        page(&[detail("google/nano-banana", &Value::Null)], Some(1)),
    ] {
        let workspace = Workspace::new();
        let done = workspace.refresh_from(&saved);
        assert_eq!((done.report.added.len(), done.report.rejected.len()), (1, 0), "{saved}");
        assert!(workspace.files().keys().any(|name| name.ends_with("one.json") || name.ends_with("banana.json")));
    }
}

#[test]
fn a_saved_list_and_saved_schemas_beside_it_are_put_together() {
    let workspace = Workspace::new();
    workspace.file("saved/search.json", &page(&[listed("@cf/a/one"), listed("@cf/a/two")], Some(2)).to_string());
    workspace.file("saved/cf/a/one.json", &result(&schema()).to_string());
    let done = refresh::run(&workspace.plan(Source::Path(workspace.root().join("saved")))).expect("a refresh");
    assert_eq!(done.report.without_schema, ["@cf/a/two"]);
    assert_eq!(workspace.model("cf/a/one.json")["input"]["required"], json!(["prompt"]));
}

#[test]
fn a_schema_alone_does_not_say_whose_it_is() {
    let workspace = Workspace::new();
    let path = workspace.file("schema.json", &result(&schema()).to_string());
    let error = refresh::run(&workspace.plan(Source::Path(path))).expect_err("an error").to_string();
    assert!(error.contains("does not say of which model"), "{error}");
}

#[test]
fn only_some_models_can_be_refreshed() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), model("@cf/b/two")]));
    let mut changed = [model("@cf/a/one"), model("@cf/c/three")];
    for model in &mut changed {
        model["task"]["name"] = json!("Summarization");
    }
    let path = workspace.file("feed.json", &feed(&changed).to_string());
    let plan = Plan { only: Only::matching(vec!["@cf/a/*".to_owned()]), ..workspace.plan(Source::Path(path)) };
    let done = refresh::run(&plan).expect("a refresh");
    assert_eq!(done.report.changed.len(), 1);
    assert!(done.report.added.is_empty() && done.report.retired.is_empty());
    let plan = Plan {
        only: Only::matching(vec!["@cf/nobody/*".to_owned()]),
        ..workspace.plan(Source::Path(workspace.root().join("feed.json")))
    };
    assert!(
        refresh::run(&plan)
            .expect_err("an error")
            .to_string()
            .contains("no model of the source matches `@cf/nobody/*`")
    );
}

#[test]
fn a_folder_with_anything_else_in_it_is_not_replaced() {
    let workspace = Workspace::new();
    let path = workspace.file("feed.json", &feed(&[model("@cf/a/one")]).to_string());
    workspace.file("home/letters/to-mother.txt", "Dear mother");
    let target = Target::folder(workspace.root().join("home"));
    let error = refresh::run(&Plan { target, ..workspace.plan(Source::Path(path)) }).expect_err("an error").to_string();
    assert!(error.contains("to-mother.txt` would be lost"), "{error}");
    assert_eq!(files(&workspace.root().join("home")).len(), 1);
}

#[test]
fn a_dry_run_and_a_check_write_nothing() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    let before = workspace.files();
    let path = workspace.file("feed.json", &feed(&[model("@cf/a/one"), model("@cf/a/two")]).to_string());
    for mode in [Mode::DryRun, Mode::Check] {
        let done = refresh::run(&Plan { mode, ..workspace.plan(Source::Path(path.clone())) }).expect("a refresh");
        assert!(!done.current);
        assert_eq!(done.report.added.len(), 1);
        assert_eq!(done.diff.contains("+  \"id\": \"@cf/a/two\","), mode == Mode::Check, "{}", done.diff);
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn a_damaged_snapshot_is_named_and_left_alone() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    for (text, words) in [
        ("{", "is not valid JSON"),
        ("{}", "has no string `id`"),
        (r#"{"id":"@cf/a/two","task":"","properties":{},"hash":"","source":"docs","retrieved":""}"#, "another model"),
        (
            r#"{"id":"@cf/a/one","task":"","properties":{},"input":{"$ref":"/shared/gone.json"}}"#,
            "which does not exist",
        ),
    ] {
        workspace.file("catalog/models/cf/a/one.json", text);
        let path = workspace.file("feed.json", &feed(&[model("@cf/a/one")]).to_string());
        let error = refresh::run(&workspace.plan(Source::Path(path))).expect_err("an error").to_string();
        assert!(error.contains(words) && error.contains("cf/a/one.json"), "{error}");
    }
}

#[test]
fn each_source_retires_its_own_models_only() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/docs"), model("@cf/a/gone")]));
    let partners = unified(json!([detail("@cf/a/unified", &Value::Null), detail("google/a", &Value::Null)]));
    workspace.refresh(&partners, Source::Unified).expect("a refresh");
    let ids = |list: &[(String, String)]| list.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
    let done = workspace.refresh_from(&feed(&[model("@cf/a/docs")]));
    assert_eq!(ids(&done.report.retired), ["@cf/a/gone"]);
    let done =
        workspace.refresh(&unified(json!([detail("google/a", &Value::Null)])), Source::Unified).expect("a refresh");
    assert_eq!(ids(&done.report.retired), ["@cf/a/unified"]);
}

#[test]
fn a_part_of_a_catalog_retires_nothing() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), model("@cf/a/two")]));
    let page = workspace.file("page.json", &page(&[model("@cf/a/one")], Some(2)).to_string());
    let one = workspace.file("folder/cf/a/one.json", &model("@cf/a/one").to_string());
    for path in [page, one, workspace.root().join("folder")] {
        let done = refresh::run(&workspace.plan(Source::Path(path))).expect("a refresh");
        assert!(done.current && done.report.retired.is_empty());
    }
}

#[test]
fn a_model_that_cannot_even_be_named_retires_no_other() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), model("@cf/a/two")]));
    let mut unnamed = model("@cf/a/two");
    unnamed["name"] = json!(7);
    let done = workspace.refresh_from(&feed(&[model("@cf/a/one"), unnamed]));
    assert_eq!(done.report.rejected[0].0.cause, "a model has no `name` that is a model ID");
    assert!(done.report.retired.is_empty() && workspace.files().contains_key("cf/a/two.json"));
}

#[test]
fn a_model_that_is_listed_twice_must_say_the_same_twice() {
    let workspace = Workspace::new();
    let mut other = model("@cf/a/two");
    other["task"]["name"] = json!("Summarization");
    let models = [model("@cf/a/one"), model("@cf/a/one"), model("@cf/a/two"), other, model("@cf/a/two")];
    let done = workspace.refresh_from(&feed(&models));
    assert_eq!(done.report.rejected.len(), 1);
    assert_eq!(done.report.rejected[0].0.cause, "is listed twice, with different facts");
    let names: Vec<String> = workspace.files().into_keys().collect();
    assert_eq!(names, ["cf/a/one.json", "index.rs"]);
}

/// A schema that refers to a place in itself: it must stay in one piece.
#[test]
fn a_schema_with_references_of_its_own_is_not_taken_apart() {
    let long: Vec<String> = (0..30).map(|index| format!("value-number-{index}")).collect();
    let node = json!({"type": "object", "properties": {
        "kind": {"type": "string", "enum": long},
        "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
    }});
    let models = ["@cf/a/one", "@cf/a/two", "@cf/a/three"].map(|id| {
        let mut recursive = model(id);
        recursive["schema"]["input"] = json!({
            "type": "object", "$defs": {"node": node}, "required": ["tree"], "properties": {"tree": {"$ref": "#/$defs/node"}},
        });
        recursive["schema"]["output"]["properties"]["kind"] = json!({"type": "string", "enum": long});
        recursive
    });
    let workspace = Workspace::new();
    let done = workspace.refresh_from(&feed(&models));
    assert_eq!(done.report.rejected, []);
    assert_eq!(workspace.model("cf/a/one.json")["input"]["$defs"]["node"], node);
    assert_eq!(workspace.model("cf/a/one.json")["output"], json!({"$ref": "/shared/text-generation-output.json"}));
}

#[test]
fn a_snapshot_that_grows_without_end_when_put_together_is_refused() {
    let workspace = Workspace::new();
    let reference = |number: usize| json!({"$ref": format!("/shared/part-{number}.json")});
    for number in 0..40 {
        let below = reference(number + 1);
        let part = json!({"type": "object", "properties": {"a": below, "b": below}});
        workspace.file(&format!("bomb/shared/part-{number}.json"), &part.to_string());
    }
    workspace.file("bomb/shared/part-40.json", r#"{"type": "string"}"#);
    workspace.file("bomb/shared/ring.json", r#"{"type": "array", "items": {"$ref": "/shared/ring.json"}}"#);
    let own = |id: &str, input: &Value| json!({"id": id, "hash": "0", "source": "docs", "retrieved": "2026-01-01", "task": "t", "properties": {}, "input": input, "output": {}});
    workspace.file("bomb/cf/a/one.json", &own("@cf/a/one", &reference(0)).to_string());
    workspace.file("bomb/cf/a/two.json", &own("@cf/a/two", &json!({"$ref": "/shared/ring.json"})).to_string());
    workspace.file(
        "bomb/cf/a/three.json",
        &own("@cf/a/three", &json!({"type": "object", "properties": {"a": {}}})).to_string(),
    );
    let done = refresh::run(&workspace.plan(Source::Path(workspace.root().join("bomb")))).expect("a refresh");
    assert_eq!(done.report.rejected.len(), 2, "{:?}", done.report.rejected);
    assert!(workspace.files().contains_key("cf/a/three.json"));
}
