//! A refresh against servers that do everything wrong: each fault is named clearly, is repeated only where that helps,
//! and never costs more than the model it is about.

mod support;

use std::time::{Duration, Instant};

use cargo_workers_ai::{
    error::Error,
    refresh::{self, Done, Plan, Source},
};
use serde_json::{Value, json};
use support::{Answer, Raw, Server, Workspace, feed, http, model, page, raw, result, schema};

/// A workspace that knows `@cf/a/one`, and what it looks like.
fn known() -> (Workspace, std::collections::BTreeMap<String, String>) {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    let files = workspace.files();
    (workspace, files)
}

/// The error of a refresh that must fail and change nothing.
fn refused(server: &Server, from: Source) -> String {
    let (workspace, before) = known();
    let error = workspace.refresh(server, from).expect_err("the refresh must fail").to_string();
    assert_eq!(workspace.files(), before, "a refresh that failed changed the snapshot");
    error
}

fn docs_feed() -> Answer {
    Answer::json(&feed(&[model("@cf/a/one"), model("@cf/a/two")]))
}

fn assert_two(done: &Done, workspace: &Workspace) {
    assert_eq!(done.report.rejected, []);
    assert!(workspace.files().contains_key("cf/a/two.json"));
}

#[test]
fn html_in_the_place_of_json_is_named_by_its_title() {
    let server = Server::always(|| Answer::text(200, "text/html", "<!DOCTYPE html><title>Just a moment</title>"));
    let error = refused(&server, Source::Docs);
    assert!(error.ends_with("/api/models: the response is HTML, not JSON (its title is `Just a moment`)"), "{error}");
    assert_eq!(server.count(), 1, "HTML does not turn into JSON by asking again");
}

#[test]
fn success_false_is_told_in_the_services_own_words() {
    let server = Server::always(|| {
        Answer::json(&json!({"success": false, "result": null, "errors": [{"code": 7003, "message": "No such route"}]}))
    });
    let error = refused(&server, Source::Account);
    assert!(error.contains("the service reports `success: false`: No such route (7003)"), "{error}");
}

#[test]
fn json_of_another_shape_is_not_a_feed() {
    for (text, words) in [
        (r#"{"data": []}"#, "it has no list `models`"),
        (r#"{"models": {}}"#, "`models` is not a list of models"),
        ("[]", "the source has no models"),
        (r#"{"models": []}"#, "the source has no models"),
        ("nonsense", "the response is not valid JSON"),
    ] {
        let server = Server::always(move || Answer::text(200, "application/json", text));
        let error = refused(&server, Source::Docs);
        assert!(error.contains(words), "{text}: {error}");
    }
}

#[test]
fn a_refusal_is_not_repeated_and_says_what_to_check() {
    for (status, words) in [(401, "check CLOUDFLARE_API_TOKEN"), (403, "check CLOUDFLARE_API_TOKEN"), (404, "404")] {
        let server = Server::always(move || Answer::status(status));
        let error = refused(&server, Source::Account);
        assert!(error.contains(words), "{status}: {error}");
        assert_eq!(server.count(), 1, "{status} was asked for again");
    }
}

#[test]
fn passing_faults_are_waited_out() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = Server::start(move |asked| if asked.before < 2 { Answer::status(status) } else { docs_feed() });
        let (workspace, _) = known();
        assert_two(&workspace.refresh(&server, Source::Docs).expect("a refresh"), &workspace);
        assert_eq!(server.count(), 3, "{status}");
    }
}

#[test]
fn a_fault_that_stays_is_given_up() {
    let server = Server::always(|| Answer::status(503));
    let error = refused(&server, Source::Docs);
    assert!(error.contains("503"), "{error}");
    assert_eq!(server.count(), 4, "one request and three repetitions");
}

#[test]
fn retry_after_is_honoured_in_seconds_and_as_a_date() {
    let server = Server::start(|asked| match asked.before {
        0 => Answer::status(429).with("retry-after", "1"),
        1 => Answer::status(429).with("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
        _ => docs_feed(),
    });
    let (workspace, _) = known();
    let start = Instant::now();
    assert_two(&workspace.refresh(&server, Source::Docs).expect("a refresh"), &workspace);
    assert!(start.elapsed() >= Duration::from_secs(1), "the second that the server asked for was not waited");
}

#[test]
fn a_server_that_asks_for_an_hour_is_not_waited_for() {
    let server = Server::always(|| Answer::status(429).with("retry-after", "3600"));
    let error = refused(&server, Source::Docs);
    assert!(error.contains("asks to wait 3600 s; try again later"), "{error}");
    assert_eq!(server.count(), 1);
}

#[test]
fn a_reset_connection_and_a_body_that_breaks_off_are_tried_again() {
    let whole = feed(&[model("@cf/a/one"), model("@cf/a/two")]).to_string();
    let half = http(whole.len(), &whole[..whole.len() / 2]);
    let cut = http(whole.len() / 2, &whole[..whole.len() / 2]);
    for (fault, words) in [(Raw::Reset, "failed"), (half, "the response was interrupted"), (cut, "not valid JSON: EOF")]
    {
        let (workspace, before) = known();
        let base = Some(raw(vec![fault.clone(), http(whole.len(), &whole)]));
        let done = refresh::run(&Plan { base, ..workspace.plan(Source::Docs) }).expect("a refresh");
        assert_two(&done, &workspace);

        let (workspace, _) = known();
        let base = Some(raw(vec![fault]));
        let error = refresh::run(&Plan { base, ..workspace.plan(Source::Docs) }).expect_err("an error").to_string();
        assert!(error.contains(words), "{error}");
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn nobody_listening_is_told_as_such() {
    let (workspace, before) = known();
    let plan = Plan { base: Some("http://127.0.0.1:1".to_owned()), ..workspace.plan(Source::Docs) };
    let error = refresh::run(&plan).expect_err("an error").to_string();
    assert!(error.contains("cannot connect"), "{error}");
    assert_eq!(workspace.files(), before);
}

#[test]
fn an_oversize_body_is_not_read_to_its_end() {
    let (workspace, before) = known();
    let chunk = format!("{:x}\r\n{}\r\n", 60_000, " ".repeat(60_000));
    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}", chunk.repeat(5));
    for answer in [http(1_000_000_000, "{"), Raw::Bytes(chunked.into_bytes())] {
        let base = Some(raw(vec![answer]));
        let error = refresh::run(&Plan { base, ..workspace.plan(Source::Docs) }).expect_err("an error").to_string();
        assert!(error.ends_with("the response is larger than 100000 bytes"), "{error}");
        assert_eq!(workspace.files(), before);
    }
}

#[test]
fn a_server_that_drips_is_given_up_when_the_time_is_over() {
    let (workspace, before) = known();
    let mut plan = Plan { base: Some(raw(vec![Raw::Drip])), ..workspace.plan(Source::Docs) };
    plan.behaviour.deadline = Duration::from_secs(1);
    let error = refresh::run(&plan).expect_err("an error").to_string();
    let wanted = "the catalog was not complete after 1 s; the snapshot is unchanged. `--deadline` allows more time";
    assert_eq!(error, wanted);
    assert_eq!(workspace.files(), before);
}

#[test]
fn a_list_that_is_no_catalog_is_refused_at_once() {
    let (workspace, before) = known();
    let text = format!("{{\"models\":[{}0]}}", "0,".repeat(150_000));
    let server = Server::always(move || Answer::text(200, "application/json", text.clone()));
    let mut plan = Plan { base: Some(server.base.clone()), ..workspace.plan(Source::Docs) };
    plan.behaviour.max_size = 1 << 20;
    let error = refresh::run(&plan).expect_err("an error").to_string();
    assert!(error.contains("`models`: the list has more than 20000 items"), "{error}");
    assert_eq!((workspace.files(), server.count()), (before, 1));
}

#[test]
fn ids_that_differ_only_in_case_are_not_two_models() {
    let refresh = |ids: &[&str]| {
        let models: Vec<Value> = ids.iter().map(|id| model(id)).collect();
        let server = Server::always(move || Answer::json(&feed(&models)));
        let (workspace, _) = known();
        let done = workspace.refresh(&server, Source::Docs).expect("a refresh");
        (rejected(&done), workspace.files().into_keys().collect::<Vec<_>>())
    };
    let twin = |id: &str, of: &str| (id.to_owned(), format!("differs only in case from `{of}`"));
    let (rejected, files) = refresh(&["@cf/a/one", "@cf/a/One", "@cf/a/TWO", "@cf/a/two"]);
    assert_eq!(rejected, [twin("@cf/a/One", "@cf/a/one"), twin("@cf/a/two", "@cf/a/TWO")]);
    assert!(files.contains(&"cf/a/one.json".to_owned()) && files.contains(&"cf/a/TWO.json".to_owned()), "{files:?}");
    assert!(!files.contains(&"cf/a/One.json".to_owned()), "{files:?}");
    // A model that was renamed is one model.
    let (rejected, files) = refresh(&["@cf/a/One"]);
    assert_eq!(rejected, []);
    assert!(files.contains(&"cf/a/One.json".to_owned()) && !files.contains(&"cf/a/one.json".to_owned()), "{files:?}");
}

/// The causes of the models that were not refreshed, by id.
fn rejected(done: &Done) -> Vec<(String, String)> {
    done.report
        .rejected
        .iter()
        .map(|(rejected, _)| (rejected.id.clone().unwrap_or_default(), rejected.cause.clone()))
        .collect()
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!({"type": "string"}), |inner, _| json!({"type": "array", "items": inner}))
}

#[test]
fn absurd_nesting_costs_one_model_only() {
    for depth in [70, 20_000] {
        let mut deep = model("@cf/a/one");
        deep["schema"]["input"]["properties"]["prompt"] = json!("HERE");
        let nest =
            if depth == 70 { nested(depth).to_string() } else { format!("{}{}", "[".repeat(depth), "]".repeat(depth)) };
        let text = feed(&[deep, model("@cf/a/two")]).to_string().replace("\"HERE\"", &nest);
        let server = Server::always(move || Answer::text(200, "application/json", text.clone()));
        let (workspace, before) = known();
        let done = workspace.refresh(&server, Source::Docs).expect("a refresh");
        let rejected = rejected(&done);
        assert_eq!(rejected.len(), 1, "{rejected:?}");
        assert!(rejected[0].0 == "@cf/a/one" && rejected[0].1.contains("nested"), "{rejected:?}");
        let after = workspace.files();
        assert_eq!(after["cf/a/one.json"], before["cf/a/one.json"], "the old file stays");
        assert!(after.contains_key("cf/a/two.json"));
    }
}

#[test]
fn ids_that_lead_out_of_the_snapshot_are_refused() {
    let hostile = [
        "../../../evil/x",
        "@cf/../../evil",
        "@cf/a/..",
        "/etc/evil/x",
        "@cf/a/evil\u{0}",
        "@cf/a/ev\nil",
        "@cf/a/\u{1b}[2Jevil",
        "@cf/a\\..\\evil",
        "@cf//evil",
        "shared/evil",
        "cf/a/evil",
        "@cf/a/b/evil",
    ];
    let mut models: Vec<Value> = hostile.iter().map(|id| model(id)).collect();
    models.push(model("@cf/a/two"));
    let server = Server::always(move || Answer::json(&feed(&models)));
    let (workspace, before) = known();
    let done = workspace.refresh(&server, Source::Docs).expect("a refresh");
    assert_eq!(done.report.rejected.len(), hostile.len());
    let files = workspace.files();
    let mut names: Vec<&str> = files.keys().map(String::as_str).collect();
    names.retain(|name| !before.contains_key(*name));
    assert_eq!(names, ["cf/a/two.json"]);
    let text = done.report.text();
    assert!(!text.contains(['\u{1b}', '\0']), "control characters reach the terminal");
}

#[test]
fn a_schema_that_is_none_is_refused_with_its_place() {
    let mut malformed = model("@cf/a/one");
    malformed["schema"]["input"]["properties"]["required"] = json!(["prompt"]);
    let mut foreign = model("@cf/a/two");
    foreign["schema"]["input"]["properties"]["prompt"] = json!({"$ref": "/shared/secret.json"});
    let mut half = model("@cf/a/three");
    half["schema"].as_object_mut().expect("an object").remove("output");
    let mut price = model("@cf/a/four");
    price["properties"][1]["value"][0]["price"] = json!("much");
    let mut circle = model("@cf/a/five");
    circle["schema"]["input"]["properties"]["prompt"] = json!({"$ref": "#/properties/prompt"});
    let workspace = Workspace::new();
    let done = workspace.refresh_from(&feed(&[malformed, foreign, half, price, circle, model("@cf/a/six")]));
    let rejected = rejected(&done);
    let cause =
        |id: &str| rejected.iter().find(|(name, _)| name == id).map(|(_, cause)| cause.as_str()).unwrap_or_default();
    assert_eq!(cause("@cf/a/one"), "invalid input schema: `/properties/required` must be a schema, got a list");
    assert!(cause("@cf/a/two").contains("only references within the schema are supported"), "{rejected:?}");
    assert_eq!(cause("@cf/a/three"), "has an input schema but no output schema");
    assert_eq!(cause("@cf/a/four"), "the price per M input tokens is not a decimal number");
    assert!(cause("@cf/a/five").contains("leads back to itself"), "{rejected:?}");
    assert_eq!(rejected.len(), 5);
    let names: Vec<String> = workspace.files().into_keys().collect();
    assert_eq!(names, ["cf/a/six.json", "index.rs"]);
}

#[test]
fn a_model_whose_schema_is_gone_keeps_its_old_file() {
    let mut gone = model("@cf/a/one");
    gone.as_object_mut().expect("an object").remove("schema");
    let mut never = model("@cf/a/two");
    never.as_object_mut().expect("an object").remove("schema");
    let (workspace, before) = known();
    let done = workspace.refresh_from(&feed(&[gone, never]));
    assert_eq!(rejected(&done), [("@cf/a/one".to_owned(), "no longer has a schema".to_owned())]);
    assert_eq!(done.report.without_schema, ["@cf/a/two"]);
    let after = workspace.files();
    assert_eq!(after["cf/a/one.json"], before["cf/a/one.json"]);
    assert!(!after["cf/a/two.json"].contains("\"input\""));
}

/// An account with the models `@cf/a/one` to `three`, of which one schema call is answered in another way.
fn account(odd: impl Fn() -> Answer + Send + Sync + 'static) -> Server {
    Server::start(move |asked| {
        if asked.path.ends_with("/ai/models/search") {
            let models: Vec<Value> = ["@cf/a/one", "@cf/a/two", "@cf/a/three"].iter().map(|id| listed(id)).collect();
            return Answer::json(&page(&models, Some(3)));
        }
        match asked.query.get("model").map(String::as_str) {
            Some("@cf/a/one") => odd(),
            _ => Answer::json(&result(&schema())),
        }
    })
}

fn listed(id: &str) -> Value {
    let mut listed = model(id);
    listed.as_object_mut().expect("an object").remove("schema");
    listed
}

#[test]
fn one_models_schema_that_cannot_be_had_spoils_no_other() {
    type Odd = fn() -> Answer;
    let faults: [(Odd, &str); 6] = [
        (|| Answer::json(&result(&Value::Null)), "no longer has a schema"),
        (|| Answer::json(&result(&json!({}))), "neither `input` nor `output`"),
        (|| Answer::json(&result(&json!([]))), "is a list, not a model"),
        (|| Answer::json(&json!({"success": false, "errors": [{"message": "gone"}]})), "`success: false`: gone"),
        (|| Answer::status(500), "500"),
        (|| Answer::text(200, "text/html", "<html>"), "HTML"),
    ];
    for (odd, words) in faults {
        let server = account(odd);
        let (workspace, before) = known();
        let done = workspace.refresh(&server, Source::Account).expect("a refresh");
        let rejected = rejected(&done);
        assert_eq!(rejected.len(), 1, "{rejected:?}");
        assert!(rejected[0].0 == "@cf/a/one" && rejected[0].1.contains(words), "{rejected:?}");
        let after = workspace.files();
        assert_eq!(after["cf/a/one.json"], before["cf/a/one.json"]);
        assert!(after.contains_key("cf/a/two.json") && after.contains_key("cf/a/three.json"));
        assert!(done.report.text().contains("`@cf/a/one` (old file kept)"));
    }
}

#[test]
fn the_sources_that_need_an_account_say_so() {
    let workspace = Workspace::new();
    let error = refresh::run(&Plan { account: None, ..workspace.plan(Source::Account) }).expect_err("an error");
    assert!(matches!(error, Error::Usage(_)) && error.to_string().contains("CLOUDFLARE_API_TOKEN"), "{error}");
}
