//! As someone outside this repository: an empty folder, and nothing but the packaged crates.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use axum::{Json, Router, routing::get};
use cargo_workers_ai::error::{Error, Result};
use serde_json::{Value, json};

use super::Report;

/// The published crates, each after those that it needs.
pub const PUBLISHED: [&str; 7] = [
    "workers-ai-types",
    "workers-ai-catalog",
    "workers-ai-codegen",
    "workers-ai-macros",
    "workers-ai-sim",
    "workers-ai",
    "cargo-workers-ai",
];

/// A model that no release has.
const MODEL: &str = "@cf/acme/parrot-2";

/// The folder of somebody else.
struct Outside {
    folder: PathBuf,
    crates: PathBuf,
    target: PathBuf,
    checks: Vec<(String, Option<String>)>,
}

/// Packages the crates, and does with them what a new user does.
///
/// # Errors
/// Returns an error if the crates cannot be packaged, or the catalog cannot be served.
pub fn outside(root: &Path) -> Result<Report> {
    // Below this workspace it would be a part of it.
    let scratch = tempfile::tempdir().map_err(Error::write(std::env::temp_dir()))?;
    let folder = scratch.path().to_owned();
    let crates = package(root, &folder)?;
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let tokio = tokio.map_err(|error| Error::Usage(format!("the runtime of tokio: {error}")))?;
    let catalog = tokio.block_on(serve_catalog())?;
    let mut outside = Outside { target: root.join("target/outside"), folder, crates, checks: Vec::new() };
    outside.use_it(root, &catalog);
    Ok(Report { checks: outside.checks })
}

/// Packages the crates, and unpacks them into a folder.
fn package(root: &Path, folder: &Path) -> Result<PathBuf> {
    // A new folder each time, since cargo caches the unpacked packages of a version by folder.
    let packed = folder.join("packed");
    let mut command = Command::new(env!("CARGO"));
    // They have been compiled here already.
    command.args(["package", "--quiet", "--allow-dirty", "--no-verify", "--target-dir"]).arg(&packed);
    for name in PUBLISHED {
        command.args(["-p", name]);
    }
    finish(command.current_dir(root)).map_err(Error::Usage)?;
    let crates = folder.join("crates");
    fs::create_dir_all(&crates).map_err(Error::write(&crates))?;
    for name in PUBLISHED {
        let file = packed.join(format!("package/{name}-{}.crate", env!("CARGO_PKG_VERSION")));
        finish(Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(&crates)).map_err(Error::Usage)?;
    }
    Ok(crates)
}

/// Serves the feed of the documentation, with one model.
async fn serve_catalog() -> Result<String> {
    let failed = |error: std::io::Error| Error::Usage(format!("the catalog's server: {error}"));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let router = Router::new().route("/api/models", get(async || Json(feed())));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://{address}"))
}

fn feed() -> Value {
    let message = json!({ "type": "object", "required": ["role", "content"], "properties": {
        "role": { "type": "string" }, "content": { "type": "string" },
    } });
    json!({ "models": [{
        "id": "00000000-0000-4000-8000-000000000000", "source": 1, "name": MODEL, "description": "Repeats.",
        "created_at": "2026-11-30 00:00:00", "tags": [], "task": { "id": "1", "name": "Text Generation", "description": "" },
        "properties": [{ "property_id": "context_window", "value": "8192" }],
        "schema": {
            "input": { "type": "object", "required": ["messages", "volume"], "properties": {
                "messages": { "type": "array", "items": message },
                "volume": { "type": "integer", "minimum": 1, "maximum": 11, "description": "How loud it is." },
                "max_tokens": { "type": "integer" },
            } },
            "output": { "type": "object", "properties": { "response": { "type": "string" } } },
        },
    }] })
}

impl Outside {
    fn use_it(&mut self, root: &Path, catalog: &str) {
        let app = self.folder.join("app");
        let command = self.crates.join(format!("cargo-workers-ai-{}", env!("CARGO_PKG_VERSION")));
        let install = self.folder.clone();
        self.check("install the command", |at| {
            at.patch(&at.folder)?;
            at.cargo(&install)
                .args(["install", "--quiet", "--debug", "--path"])
                .arg(&command)
                .arg("--root")
                .arg(&install)
                .done()
        });
        self.check("refresh from a served catalog", |at| {
            at.cargo(&at.folder).args(["new", "--quiet", "--vcs", "none", "app"]).done()?;
            let out = at.cargo(&app).args(["workers-ai", "refresh", "--base-url", catalog]).text()?;
            let lines = out.lines().skip_while(|line| line.trim() != "[env]").nth(1).unwrap_or_default();
            at.patch(&app)?;
            let path = app.join(".cargo/config.toml");
            let patched = fs::read_to_string(&path).map_err(|error| error.to_string())?;
            fs::write(&path, format!("[env]\n{lines}\n{patched}")).map_err(|error| error.to_string())?;
            contains(&out, "1 added")
        });
        self.check("list it", |at| {
            contains(&at.cargo(&app).args(["workers-ai", "models", "--catalog", "workers-ai-catalog"]).text()?, MODEL)
        });
        self.check("add a model that the snapshot lacks", |at| {
            fs::remove_dir_all(app.join("workers-ai-catalog")).map_err(|error| error.to_string())?;
            let out = at.cargo(&app).args(["workers-ai", "add", MODEL, "--base-url", catalog]).text()?;
            contains(&out, "1 added")
        });
        self.check("a field that is forgotten does not compile", |at| {
            let version = env!("CARGO_PKG_VERSION");
            let dependencies = format!(
                "workers-ai = \"{version}\"\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
                 [dev-dependencies]\nserde_json = \"1\"\nworkers-ai-sim = \"{version}\"\n\n[workspace]\n"
            );
            let manifest = app.join("Cargo.toml");
            let text = fs::read_to_string(&manifest).map_err(|error| error.to_string())?;
            fs::write(&manifest, text + &dependencies).map_err(|error| error.to_string())?;
            let program = fs::read_to_string(root.join("tests/outside/main.rs")).map_err(|error| error.to_string())?;
            fs::write(app.join("src/main.rs"), program.replace(".volume(11)", "")).map_err(|error| error.to_string())?;
            match at.cargo(&app).args(["check", "--quiet"]).text() {
                Ok(_) => Err("it compiled".to_owned()),
                Err(message) => contains(&message, "`volume`"),
            }
        });
        self.check("test the program against the local service", |at| {
            fs::create_dir_all(app.join("tests")).map_err(|error| error.to_string())?;
            for (from, to) in [("main.rs", "src/main.rs"), ("local.rs", "tests/local.rs")] {
                fs::copy(root.join("tests/outside").join(from), app.join(to)).map_err(|error| error.to_string())?;
            }
            at.cargo(&app).args(["test", "--quiet"]).done()
        });
        self.check("run it against the local service as a command", |at| {
            let mut service = Service::start(at.cargo(&app).0)?;
            let out = at.cargo(&app).args(["run", "--quiet"]).envs(service.variables()?).text()?;
            contains(&out, "Who are you?")
        });
        self.check("copy an example and run it", |at| {
            let example = at.crates.join(format!("workers-ai-{}/examples/quickstart.rs", env!("CARGO_PKG_VERSION")));
            fs::create_dir_all(app.join("examples")).map_err(|error| error.to_string())?;
            fs::copy(example, app.join("examples/quickstart.rs")).map_err(|error| error.to_string())?;
            contains(&at.cargo(&app).args(["run", "--quiet", "--example", "quickstart"]).text()?, "lighthouse.jpg")
        });
        self.check("audit it", |at| {
            contains(&at.cargo(&app).args(["workers-ai", "audit"]).text()?, "@cf/acme/parrot-2\n    at ./src/main.rs:5")
        });
    }

    fn check(&mut self, name: &str, run: impl FnOnce(&Self) -> std::result::Result<(), String>) {
        // What follows a failure would fail as well.
        if self.checks.iter().all(|(_, problem)| problem.is_none()) {
            let problem = run(self).err();
            self.checks.push((name.to_owned(), problem));
        }
    }

    /// Takes the crates that are not on the registry yet from their packages.
    fn patch(&self, folder: &Path) -> std::result::Result<(), String> {
        let path = |name: &str| self.crates.join(format!("{name}-{}", env!("CARGO_PKG_VERSION")));
        let lines = PUBLISHED.map(|name| format!("{name} = {{ path = '{}' }}\n", path(name).display()));
        let text = format!("[patch.crates-io]\n{}", lines.concat());
        let folder = folder.join(".cargo");
        fs::create_dir_all(&folder)
            .and_then(|()| fs::write(folder.join("config.toml"), text))
            .map_err(|error| error.to_string())
    }

    /// Returns cargo, with the command that was installed.
    fn cargo(&self, folder: &Path) -> Cargo {
        let mut command = Command::new("cargo");
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = [self.folder.join("bin")].into_iter().chain(std::env::split_paths(&path));
        command.current_dir(folder).env("CARGO_TARGET_DIR", &self.target);
        if let Ok(path) = std::env::join_paths(paths) {
            command.env("PATH", path);
        }
        for name in ["WORKERS_AI_CATALOG", "WORKERS_AI_BASE_URL", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"] {
            command.env_remove(name);
        }
        Cargo(command)
    }
}

struct Cargo(Command);

impl Cargo {
    fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.0.args(arguments);
        self
    }

    fn arg(mut self, argument: impl AsRef<std::ffi::OsStr>) -> Self {
        self.0.arg(argument);
        self
    }

    fn envs(mut self, variables: Vec<(String, String)>) -> Self {
        self.0.envs(variables);
        self
    }

    fn done(mut self) -> std::result::Result<(), String> {
        finish(&mut self.0)
    }

    /// Returns what is written to standard output.
    fn text(mut self) -> std::result::Result<String, String> {
        let output = self.0.output().map_err(|error| error.to_string())?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stdout) + &text(&output.stderr))
        }
    }
}

fn finish(command: &mut Command) -> std::result::Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Err(format!("{command:?}: {}{}", text(&output.stdout), text(&output.stderr)))
}

fn contains(text: &str, words: &str) -> std::result::Result<(), String> {
    if text.contains(words) { Ok(()) } else { Err(format!("no `{words}` in: {text}")) }
}

/// The local service, which stops when it is dropped.
struct Service(Child);

impl Service {
    fn start(mut cargo: Command) -> std::result::Result<Self, String> {
        let command = cargo.args(["workers-ai", "serve", "--port", "0"]).stdout(Stdio::piped());
        command.spawn().map(Self).map_err(|error| error.to_string())
    }

    /// Returns the variables that the service prints.
    fn variables(&mut self) -> std::result::Result<Vec<(String, String)>, String> {
        let out = self.0.stdout.take().ok_or("no output")?;
        let mut variables = Vec::new();
        for line in BufReader::new(out).lines().take(2) {
            let line = line.map_err(|error| error.to_string())?;
            let pairs = line.trim_start_matches("export ").split(' ').filter_map(|pair| pair.split_once('='));
            variables.extend(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        Ok(variables)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
