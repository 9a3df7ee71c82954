//! The commands as a user runs them: exit codes, what is printed where, and what never is.

mod binary;
#[path = "../../cargo-workers-ai/tests/support/mod.rs"]
mod support;

use std::process::Output;

use binary::xtask;
use serde_json::{Value, json};
use support::{Answer, Server, Workspace, feed, model, page};

const TOKEN: &str = "very-secret-token-0123456789";

fn run(workspace: &Workspace, arguments: &[&str]) -> (i32, String, String) {
    let output = xtask(workspace, arguments).output().expect("the binary");
    shown(&output)
}

fn shown(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

fn refresh(workspace: &Workspace, server: &Server, from: &str, more: &[&str]) -> (i32, String, String) {
    let mut command = xtask(workspace, &["refresh-catalog", "--from", from, "--retries", "1", "--pause", "1"]);
    command.args(more).env("WORKERS_AI_BASE_URL", &server.base);
    command.env("CLOUDFLARE_ACCOUNT_ID", "account1").env("CLOUDFLARE_API_TOKEN", TOKEN);
    shown(&command.output().expect("the binary"))
}

#[test]
fn the_token_is_printed_nowhere() {
    // Servers that send the token back in everything they can.
    let echo = |text: String| move || Answer::text(200, "application/json", text.clone());
    let complaint = json!({"success": false, "errors": [{"code": 1, "message": format!("bad token {TOKEN}")}]});
    let mut told = model(&format!("@cf/a/{TOKEN}"));
    told["task"]["name"] = json!(TOKEN);
    let servers = [
        Server::always(echo(complaint.to_string())),
        Server::always(echo(format!("<title>{TOKEN}</title>"))),
        Server::always(echo(format!("{{\"success\": {TOKEN}}}"))),
        Server::always(echo(page(&[told], Some(1)).to_string())),
        Server::always(|| {
            Answer::text(403, "application/json", format!("{{\"errors\":[{{\"message\":\"{TOKEN}\"}}]}}"))
        }),
        Server::always(|| Answer::status(302).with("location", &format!("/{TOKEN}/?t={TOKEN}"))),
        Server::always(|| Answer::status(302).with("location", &format!("http://{TOKEN}.invalid/"))),
    ];
    for server in servers {
        for from in ["account", "unified"] {
            let workspace = Workspace::new();
            let (code, out, error) =
                refresh(&workspace, &server, from, &["--report", &format!("{}/report.md", workspace.root().display())]);
            assert_eq!(code, 1, "{out}{error}");
            assert!(!out.contains(TOKEN) && !error.contains(TOKEN), "{out}{error}");
            for (name, text) in support::files(workspace.root()) {
                assert!(!text.contains(TOKEN) && !name.contains(TOKEN), "{name}: {text}");
            }
        }
    }
}

#[test]
fn one_bad_model_makes_the_exit_code_one_and_is_named() {
    let mut broken = model("@cf/a/two");
    broken["schema"]["input"] = json!("none");
    let models: Vec<Value> = vec![model("@cf/a/one"), broken];
    let server = Server::always(move || Answer::json(&feed(&models)));
    let workspace = Workspace::new();
    let (code, out, error) = refresh(&workspace, &server, "docs", &[]);
    assert_eq!((code, error.as_str()), (1, ""));
    assert!(out.contains("`@cf/a/two` (left out): invalid input schema: it must be a schema, got a string"), "{out}");
    assert!(workspace.files().contains_key("cf/a/one.json"));
}

#[test]
fn a_check_says_whether_the_snapshot_is_current() {
    let server = Server::always(|| Answer::json(&feed(&[model("@cf/a/one")])));
    let workspace = Workspace::new();
    let (code, out, _) = refresh(&workspace, &server, "docs", &["--check"]);
    assert_eq!(code, 1);
    assert!(out.contains("+++ ") && out.ends_with("The snapshot is not current.\n"), "{out}");
    assert!(workspace.files().is_empty());
    assert_eq!(refresh(&workspace, &server, "docs", &[]).0, 0);
    let (code, out, _) = refresh(&workspace, &server, "docs", &["--check"]);
    assert_eq!((code, out.as_str()), (0, "No changes: 1 models (source: docs)\nThe snapshot is current.\n"));
}

#[test]
fn the_report_is_written_as_markdown_too() {
    let server = Server::always(|| Answer::json(&feed(&[model("@cf/a/one")])));
    let workspace = Workspace::new();
    let path = workspace.root().join("report.md");
    let (code, _, _) = refresh(&workspace, &server, "docs", &["--report", &path.to_string_lossy()]);
    assert_eq!(code, 0);
    let report = std::fs::read_to_string(path).expect("a report");
    assert!(report.starts_with("# Changes to the model catalog\n\n1 added"), "{report}");
}

#[test]
fn what_is_generated_is_checked_against_what_lies_there() {
    let workspace = Workspace::new();
    let server = Server::always(|| Answer::json(&feed(&[model("@cf/a/one")])));
    assert_eq!(refresh(&workspace, &server, "docs", &[]).0, 0);
    assert_eq!(run(&workspace, &["generate", "--check"]), (0, String::new(), String::new()));
    workspace.file("catalog/corrections/glossary.toml", "prompt = \"What is asked.\"\n");
    let (code, out, _) = run(&workspace, &["generate", "--check"]);
    assert_eq!((code, out.as_str()), (1, "catalog/corrections/index.rs is not current; run `cargo xtask generate`\n"));
    let (code, out, _) = run(&workspace, &["generate"]);
    assert_eq!((code, out.as_str()), (0, "Wrote catalog/corrections/index.rs\n"));
    assert_eq!(run(&workspace, &["generate", "--check"]).0, 0);
}

#[test]
fn corrections_that_cannot_be_taken_are_named_with_their_line() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    let good = "[[correction]]\nmodels = [\"*\"]\nat = \"/input\"\nset = { x = 1 }\nreason = \"r\"\nsource = \"s\"\ndate = \"2026-01-01\"\n";
    for (from, to, words) in [
        ("reason = \"r\"", "reazon = \"r\"", "a.toml:13: unknown field `reazon`"),
        ("reason = \"r\"\n", "", "missing field `reason`"),
        ("reason = \"r\"", "reason = \" \"", "a.toml:9 (correction 2): `reason` must not be empty"),
        ("2026-01-01", "yesterday", "`date` must have the form YYYY-MM-DD, got `yesterday`"),
        ("at = \"/input\"", "at = \"input\"", "must be empty or a JSON pointer"),
        ("[\"*\"]", "[]", "`models` must name at least one model"),
        ("set = { x = 1 }", "set = { x = nan }", "`nan` and `inf` are not supported"),
        ("set = { x = 1 }", "", "needs exactly one of `set`, `value` and `remove = true`"),
        ("set = { x = 1 }", "set = { x = 1 }\nremove = true", "needs exactly one of"),
        ("[[correction]]", "[[corection]]", "unknown field `corection`"),
    ] {
        workspace.file("catalog/corrections/a.toml", &format!("{good}\n{}", good.replace(from, to)));
        let (code, _, error) = run(&workspace, &["generate"]);
        assert_eq!(code, 1);
        assert!(error.starts_with("error: catalog/corrections/a.toml:") && error.contains(words), "{error}");
    }
}

#[test]
fn an_unknown_model_is_answered_with_near_ones() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/flux-1-schnell"), model("@cf/a/whisper")]));
    for task in ["show", "expand"] {
        let (code, out, error) = run(&workspace, &[task, "@cf/a/flux-1-schnel"]);
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(
            error.contains("no model `@cf/a/flux-1-schnel`") && error.contains("did you mean `@cf/a/flux-1-schnell`"),
            "{error}"
        );
    }
}

#[test]
fn models_show_and_expand_say_what_they_know() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one"), {
        let mut without = model("@cf/a/two");
        without.as_object_mut().expect("an object").remove("schema");
        without
    }]));
    let (code, out, _) = run(&workspace, &["models"]);
    assert_eq!(code, 0);
    assert!(out.contains("| @cf/a/one | Text Generation | 8_192"), "{out}");
    assert!(out.contains("$0.00000251 per M input tokens") && out.contains("no schema"), "{out}");
    let (_, out, _) = run(&workspace, &["models", "--json", "--max-price", "0.1"]);
    let list: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(list[0]["prices"][0]["price"], "0.00000251");
    assert_eq!(run(&workspace, &["models", "--task", "text-generation", "--capability", "tools"]).0, 1);

    let (code, out, _) = run(&workspace, &["show", "@cf/a/one"]);
    assert_eq!(code, 0);
    assert!(
        out.contains("- `prompt`: string, required, not empty")
            && out.contains("- `top_k`: integer, optional, 1 to 50"),
        "{out}"
    );
    let (code, out, _) = run(&workspace, &["show", "@cf/a/two"]);
    assert!(code == 0 && out.contains("no schema"), "{out}");

    let (code, out, _) = run(&workspace, &["expand", "@cf/a/one", "--name", "Mine"]);
    assert!(code == 0 && out.contains("pub struct MineInput"), "{out}");
    let (code, _, error) = run(&workspace, &["expand", "@cf/a/one", "--name", "not a name"]);
    assert!(code == 1 && error.contains("invalid type name `not a name`"), "{error}");
}

#[test]
fn nothing_that_is_piped_holds_colours_or_a_progress_bar() {
    let workspace = Workspace::with(&feed(&[model("@cf/a/one")]));
    let server = Server::start(|asked| {
        let listed = model("@cf/a/one");
        if asked.path.ends_with("/search") {
            Answer::json(&page(&[listed], Some(1)))
        } else {
            Answer::json(&support::result(&support::schema()))
        }
    });
    let (_, out, error) = refresh(&workspace, &server, "account", &[]);
    let (_, table, _) = run(&workspace, &["models"]);
    assert_eq!(error, "");
    assert!(!(out + &table).contains('\u{1b}'));
}

#[test]
#[cfg(unix)]
fn a_reader_that_stops_is_no_error() {
    use std::{io::Read as _, process::Stdio};
    let models: Vec<Value> = (0..2000).map(|index| model(&format!("@cf/a/model-{index}"))).collect();
    let workspace = Workspace::new();
    let path = workspace.file("feed.json", &feed(&models).to_string());
    let mut child = xtask(&workspace, &["refresh-catalog", "--dry-run", "--from", &path.to_string_lossy()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary");
    let mut out = child.stdout.take().expect("a pipe");
    out.read_exact(&mut [0; 10]).expect("ten bytes");
    drop(out);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

#[test]
fn a_soak_is_good_unless_calls_are_paid_twice() {
    let workspace = Workspace::new();
    let soak = |more: &[&str]| run(&workspace, &[&["soak", "--seconds", "3", "--calls", "100"], more].concat());
    let (code, out, error) = soak(&[]);
    assert!(code == 0 && out.contains(" calls, "), "{out}{error}");
    let (code, out, error) = soak(&["--retry-unanswered"]);
    assert!(code == 1 && !out.contains("responses beyond one a call             0"), "{out}{error}");
}
