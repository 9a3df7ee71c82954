//! The commands as a user runs them, in a folder of their own.

mod support;

use std::{
    fs,
    io::{BufRead, BufReader, Write as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::{Value, json};
use support::{Answer, Server, feed, model};

/// Returns the command, in a folder.
fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-workers-ai"));
    command.arg("workers-ai").args(arguments).current_dir(folder);
    for name in ["WORKERS_AI_BASE_URL", "WORKERS_AI_CATALOG", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"] {
        command.env_remove(name);
    }
    command
}

fn shown(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    shown(&command(folder, arguments).output().expect("the binary"))
}

fn folder_with(models: &[Value]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("feed.json"), feed(models).to_string()).expect("a file");
    folder
}

#[test]
fn a_refreshed_folder_says_how_the_attribute_reads_it() {
    let server = Server::always(|| Answer::json(&feed(&[model("@cf/a/one"), model("@cf/a/two")])));
    let folder = tempfile::tempdir().expect("a folder");
    let refresh = ["refresh", "--base-url", &server.base];
    let (code, out, error) = run(folder.path(), &refresh);
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(out.contains("2 added") && !out.contains("Corrections to review"), "{out}");
    assert!(out.contains("WORKERS_AI_CATALOG = { value = \"workers-ai-catalog\", relative = true }"), "{out}");
    assert!(folder.path().join("workers-ai-catalog/cf/a/one.json").is_file());
    let (code, out, _) = run(folder.path(), &[&refresh[..], &["--check"]].concat());
    assert_eq!((code, out.as_str()), (0, "No changes: 2 models (source: docs)\nThe catalog is current.\n"));
    // A folder that the attribute reads already needs no words.
    let mut again = command(folder.path(), &refresh);
    let (_, out, _) = shown(&again.env("WORKERS_AI_CATALOG", "workers-ai-catalog").output().expect("the binary"));
    assert_eq!(out, "No changes: 2 models (source: docs)\n");
    let (_, list, _) = run(folder.path(), &["models", "--catalog", "workers-ai-catalog", "two"]);
    assert!(list.contains("@cf/a/two") && list.ends_with("\n1 model\n"), "{list}");
}

#[test]
fn added_models_leave_the_others_alone() {
    let folder = folder_with(&[model("@cf/a/one"), model("@cf/a/two"), model("@cf/b/three")]);
    let add = |ids: &[&str]| run(folder.path(), &[&["add", "--from", "feed.json"], ids].concat());
    assert_eq!(add(&["@cf/a/one"]).0, 0);
    let (code, out, _) = add(&["@cf/a/two", "@cf/b/*"]);
    assert!(code == 0 && out.contains("2 added, 0 retired"), "{out}");
    let (code, _, error) = add(&["@cf/a/one", "@cf/a/tow"]);
    assert_eq!(code, 1);
    assert!(error.contains("does not list `@cf/a/tow`") && error.contains("cargo workers-ai models"), "{error}");
    let (code, _, error) = add(&["@cf/nobody/none"]);
    assert!(code == 1 && error.contains("no model of the source matches `@cf/nobody/none`"), "{error}");
    assert_eq!(fs::read_dir(folder.path().join("workers-ai-catalog/cf/a")).expect("a folder").count(), 2);
    assert_eq!(run(folder.path(), &["add"]).0, 2);
}

#[test]
fn two_catalogs_are_compared_whatever_they_are() {
    let mut dearer = model("@cf/a/one");
    dearer["properties"][1]["value"][0]["price"] = json!(1);
    let mut stricter = model("@cf/a/two");
    stricter["schema"]["input"]["properties"]["top_k"]["maximum"] = json!(10);
    let folder = folder_with(&[model("@cf/a/one"), model("@cf/a/two"), model("@cf/a/gone")]);
    fs::write(folder.path().join("new.json"), feed(&[dearer, stricter]).to_string()).expect("a file");
    assert_eq!(run(folder.path(), &["refresh", "--from", "feed.json"]).0, 0);
    for old in ["feed.json", "workers-ai-catalog"] {
        let (code, out, error) = run(folder.path(), &["diff", old, "new.json"]);
        assert_eq!((code, error.as_str()), (1, ""), "{out}");
        assert!(out.contains("0 added, 1 retired, 2 changed, some breaking"), "{out}");
        assert!(out.contains("`@cf/a/gone`") && out.contains("price"), "{out}");
        assert_eq!(run(folder.path(), &["diff", old, "feed.json"]).0, 0);
    }
    let (code, out, _) = run(folder.path(), &["diff", "snapshot", "snapshot", "--only", "@cf/baai/*"]);
    assert!(code == 0 && out.starts_with("No changes: "), "{out}");
}

#[test]
fn an_audit_names_models_places_and_problems() {
    let mut retiring = model("@cf/a/two");
    let property = json!({"property_id": "planned_deprecation_date", "value": "2020-01-02"});
    retiring["properties"].as_array_mut().expect("a list").push(property);
    let mut dearer = model("@cf/a/one");
    dearer["properties"][1]["value"][0]["price"] = json!(1);
    let folder = folder_with(&[model("@cf/a/one"), retiring.clone(), model("@cf/a/three")]);
    fs::write(folder.path().join("new.json"), feed(&[dearer, retiring]).to_string()).expect("a file");
    assert_eq!(run(folder.path(), &["refresh", "--from", "feed.json"]).0, 0);
    fs::create_dir(folder.path().join("src")).expect("a folder");
    let source = "#[workers_ai_model(\"@cf/a/one\")]\nstruct One;\n\nfn f() {\n    ai.model(\"@cf/a/thre\");\n}\n";
    fs::write(folder.path().join("src/main.rs"), source).expect("a file");
    let audit =
        |more: &[&str]| run(folder.path(), &[&["audit", "src", "--catalog", "workers-ai-catalog"], more].concat());
    let (code, out, _) = audit(&[]);
    assert_eq!(code, 1);
    assert!(out.contains("ok @cf/a/one\n    at src/main.rs:1\n"), "{out}");
    assert!(out.contains("unknown @cf/a/thre\n    unknown: ") && out.contains("did you mean `@cf/a/three`?"), "{out}");
    let source = source.replace("thre\"", "two\"");
    fs::write(folder.path().join("src/main.rs"), source.replace("two\"", "three\"")).expect("a file");
    assert_eq!(audit(&[]).0, 0);
    let (code, out, _) = audit(&["--against", "new.json"]);
    assert_eq!(code, 1);
    assert!(out.contains("dearer: 1 USD instead of 0.00000251") && out.contains("no longer lists it"), "{out}");
    fs::write(folder.path().join("src/main.rs"), source).expect("a file");
    let (code, out, _) = audit(&["--json"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((code, &report["models"][1]["findings"][0]["kind"]), (1, &json!("retired")));
    assert_eq!(report["models"][1]["places"], json!(["src/main.rs:5 (a text)"]));
}

#[test]
fn costs_are_summed_by_model_and_bad_lines_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let llama = "@cf/meta/llama-3.3-70b-instruct-fp8-fast";
    let lines = [
        json!({ "model": llama, "usage": { "prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000 } }),
        json!({ "model": llama, "input": { "prompt": "hello", "max_tokens": 100 } }),
        json!({ "model": "@cf/baai/bge-m3", "tokens_in": 1_000_000, "tokens_out": 0 }),
        json!({ "model": "openai/gpt-9", "tokens_in": 1 }),
    ];
    fs::write(folder.path().join("requests.jsonl"), lines.map(|line| line.to_string()).join("\n")).expect("a file");
    let (code, out, _) = run(folder.path(), &["cost", "requests.jsonl", "--json"]);
    assert_eq!(code, 0);
    let sums: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&sums[0]["model"], &sums[0]["usd"]), (&json!("@cf/baai/bge-m3"), &json!(0.0118)));
    assert_eq!(
        (&sums[1]["requests"], &sums[1]["estimated"], &sums[1]["output_tokens"]),
        (&json!(2), &json!(1), &json!(100))
    );
    assert_eq!(sums[2]["unpriced"], 1);
    let (_, table, _) = run(folder.path(), &["cost", "requests.jsonl"]);
    assert!(table.contains("1 estimated: at most this") && table.contains("1 without a known price"), "{table}");
    let most = json!({ "model": "@cf/baai/bge-m3", "tokens_in": u64::MAX, "tokens_out": u64::MAX }).to_string();
    fs::write(folder.path().join("most.jsonl"), [most.as_str(), &most].join("\n")).expect("a file");
    assert_eq!(run(folder.path(), &["cost", "most.jsonl"]).0, 0);
    fs::write(folder.path().join("bad.jsonl"), "\n{\"model\":\"x\"}\n").expect("a file");
    let (code, _, error) = run(folder.path(), &["cost", "bad.jsonl"]);
    assert!(code == 1 && error.contains("bad.jsonl:2: it has neither `usage`"), "{error}");
}

#[test]
fn a_local_service_is_well_and_the_doctor_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, out, _) = run(folder.path(), &["doctor"]);
    assert!(
        code == 1 && out.contains("no account: set CLOUDFLARE_ACCOUNT_ID") && out.contains("cargo workers-ai serve"),
        "{out}"
    );
    let mut service =
        command(folder.path(), &["serve", "--port", "0"]).stdout(Stdio::piped()).spawn().expect("the binary");
    let lines = BufReader::new(service.stdout.take().expect("a pipe")).lines();
    let variables: Vec<(String, String)> = lines
        .take(2)
        .flat_map(|line| {
            let line = line.expect("a line");
            let pairs = line.trim_start_matches("export ").split(' ').filter_map(|pair| pair.split_once('='));
            pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
        })
        .collect();
    let (code, out, error) =
        shown(&command(folder.path(), &["doctor"]).envs(variables.clone()).output().expect("the binary"));
    assert_eq!((code, error.as_str()), (0, ""), "{out}");
    assert!(out.contains("ok calling: @cf/baai/bge-small-en-v1.5 answered"), "{out}");
    let mut wrong = command(folder.path(), &["doctor"]);
    let (code, out, _) =
        shown(&wrong.envs(variables).env("CLOUDFLARE_API_TOKEN", "wrong-token-1").output().expect("the binary"));
    assert!(code == 1 && out.contains("Workers AI: Read") && !out.contains("wrong-token-1"), "{out}");
    service.kill().expect("an end");
    let _ = service.wait();
}

#[test]
fn colours_are_there_if_asked_for() {
    let folder = folder_with(&[model("@cf/a/one")]);
    fs::write(folder.path().join("main.rs"), "const ID: &str = \"@cf/a/one\";").expect("a file");
    assert_eq!(run(folder.path(), &["refresh", "--from", "feed.json"]).0, 0);
    let audit = ["audit", "main.rs", "--catalog", "workers-ai-catalog"];
    assert!(!run(folder.path(), &audit).1.contains('\u{1b}'));
    assert!(run(folder.path(), &[&audit[..], &["--color", "always"]].concat()).1.contains('\u{1b}'));
}

#[test]
fn completions_and_manual_pages_are_those_of_the_command() {
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = run(folder.path(), &["completions", shell]);
        assert!(code == 0 && out.contains("workers-ai") && out.contains("audit"), "{shell}");
    }
    assert_eq!(run(folder.path(), &["man", "man"]).0, 0);
    let page = fs::read_to_string(folder.path().join("man/cargo-workers-ai.1")).expect("a page");
    assert!(page.contains("Exit status") && page.contains("refresh"), "{page}");
    let mut reader = Command::new("sh");
    let checked = reader.args(["-c", "command -v bash >/dev/null && bash -n"]).stdin(Stdio::piped()).spawn();
    let mut checked = checked.expect("a shell");
    let script = run(folder.path(), &["completions", "bash"]).1;
    checked.stdin.take().expect("a pipe").write_all(script.as_bytes()).expect("written");
    assert!(checked.wait().expect("an end").success());
}

#[test]
fn what_cannot_be_read_is_no_success() {
    let folder = folder_with(&[model("@cf/a/one"), model("@cf/b/two")]);
    assert_eq!(run(folder.path(), &["refresh", "--from", "feed.json"]).0, 0);
    fs::write(folder.path().join("workers-ai-catalog/cf/b/two.json"), "{").expect("a file");
    for sides in [["feed.json", "workers-ai-catalog"], ["workers-ai-catalog", "feed.json"]] {
        let (code, out, error) = run(folder.path(), &[&["diff"][..], &sides].concat());
        assert!(code == 1 && (out + &error).contains("two.json"), "{sides:?}");
    }
    // A model that only one side has is a difference, not an error.
    let (code, out, _) = run(folder.path(), &["diff", "feed.json", "snapshot", "--only", "@cf/a/one"]);
    assert!(code == 1 && out.contains("1 retired"), "{out}");
    let (code, _, error) = run(folder.path(), &["diff", "feed.json", "snapshot", "--only", "@cf/nobody/*"]);
    assert!(code == 1 && error.contains("no model of the catalogs matches `@cf/nobody/*`"), "{error}");
    let (code, _, error) = run(folder.path(), &["refresh", "--check", "--out", "nowhere", "--from", "feed.json"]);
    assert!(code == 1 && error.contains("there is no catalog in `nowhere`"), "{error}");
}

#[test]
fn folders_beside_a_catalog_are_not_ours_because_of_their_names() {
    let folder = folder_with(&[model("@cf/a/one")]);
    for name in [".mine.old", ".mine.new"] {
        let letter = folder.path().join(name).join("letter.txt");
        fs::create_dir(folder.path().join(name)).expect("a folder");
        fs::write(&letter, "Dear mother").expect("a file");
        let (code, _, error) = run(folder.path(), &["refresh", "--from", "feed.json", "--out", "mine"]);
        assert!(code == 1 && error.contains("letter.txt` would be lost"), "{error}");
        assert!(letter.is_file());
        fs::remove_dir_all(folder.path().join(name)).expect("removed");
    }
}

#[test]
#[cfg(unix)]
fn an_audit_names_the_files_that_it_cannot_read() {
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("nowhere", folder.path().join("gone.rs")).expect("a link");
    std::os::unix::fs::symlink("nowhere", folder.path().join(".#main.rs")).expect("a link");
    fs::write(folder.path().join("deep.rs"), "(".repeat(100_000) + &")".repeat(100_000)).expect("a file");
    fs::write(folder.path().join("main.rs"), "const ID: &str = \"@cf/baai/bge-m3\";").expect("a file");
    let (code, out, _) = run(folder.path(), &["audit"]);
    assert!(code == 0 && out.contains("ok @cf/baai/bge-m3") && out.ends_with("1 model, 0 with problems\n"), "{out}");
    assert!(out.contains("not read: ./gone.rs") && out.contains("not read: ./deep.rs") && !out.contains(".#"), "{out}");
}
