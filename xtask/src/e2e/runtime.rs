//! The runtime of Workers as a process, which stops when it is dropped.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};
use workers_ai_sim::Sim;

use cargo_workers_ai::error::{Error, Result};

pub(super) struct Workerd {
    _process: Child,
    http: reqwest::Client,
    port: u64,
}

impl Workerd {
    /// Starts the runtime with the modules in a folder.
    pub(super) async fn start(program: &Path, modules: &Path, sim: &Sim) -> Result<Self> {
        let config = modules.join("config.capnp");
        let text = self::config(modules, sim)?;
        fs::write(&config, text).map_err(Error::write(&config))?;
        let mut process = Command::new(program)
            .args(["serve", "--control-fd=1"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Error::Usage(format!("{}: {error}", program.display())))?;
        let output = process.stdout.take().ok_or_else(|| Error::Usage("workerd has no output".to_owned()))?;
        let mut lines = BufReader::new(output).lines();
        let started = async {
            while let Ok(Some(line)) = lines.next_line().await {
                let event: Value = serde_json::from_str(&line).unwrap_or_default();
                if event["event"] == "listen" {
                    return event["port"].as_u64();
                }
            }
            None
        };
        let port = timeout(Duration::from_secs(30), started).await.ok().flatten();
        let port = port.ok_or_else(|| Error::Usage("workerd did not start".to_owned()))?;
        // What the Worker logs later must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build();
        let http = http.map_err(|error| Error::Usage(format!("the HTTP client: {error}")))?;
        Ok(Self { _process: process, http, port })
    }

    /// Requests a path of the Worker, and returns its JSON.
    pub(super) async fn get(&self, path: &str) -> std::result::Result<Value, String> {
        self.read(self.http.get(self.url(path))).await
    }

    /// Requests a path of the Worker, and returns the response with its body unread.
    pub(super) async fn open(&self, path: &str) -> std::result::Result<reqwest::Response, String> {
        self.http.get(self.url(path)).send().await.map_err(|error| error.to_string())
    }

    /// Sends a body to a path of the Worker, and returns its JSON.
    pub(super) async fn post(&self, path: &str, body: Vec<u8>) -> std::result::Result<Value, String> {
        self.read(self.http.post(self.url(path)).body(body)).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn read(&self, request: reqwest::RequestBuilder) -> std::result::Result<Value, String> {
        let response = request.send().await.map_err(|error| error.to_string())?;
        let text = response.text().await.map_err(|error| error.to_string())?;
        serde_json::from_str(&text).map_err(|_| text.chars().take(300).collect())
    }
}

/// Returns the configuration of the runtime: the Worker with its real binding, behind which is the local Workers AI.
fn config(modules: &Path, sim: &Sim) -> Result<String> {
    let mut files = Vec::new();
    list(modules, modules, &mut files)?;
    // The first is the entry.
    files.sort_by_key(|file| (file != "shim.js", file.clone()));
    let list: Vec<String> = files
        .iter()
        .map(|file| {
            let kind = if Path::new(file).extension().is_some_and(|of| of == "wasm") { "wasm" } else { "esModule" };
            format!("(name = \"{file}\", {kind} = embed \"{file}\")")
        })
        .collect();
    let (list, url) = (list.join(",\n        "), sim.url());
    let (address, account, token) = (url.trim_start_matches("http://"), sim.account(), sim.token());
    Ok(format!(
        r#"using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [
        {list}
      ],
      compatibilityDate = "2026-11-01",
      bindings = [
        (name = "AI", wrapped = (
          moduleName = "cloudflare-internal:ai-api",
          innerBindings = [(name = "fetcher", service = "sim")],
        )),
        (name = "CLOUDFLARE_ACCOUNT_ID", text = "{account}"),
        (name = "CLOUDFLARE_API_TOKEN", text = "{token}"),
        (name = "WORKERS_AI_BASE_URL", text = "{url}"),
      ],
      globalOutbound = "sim",
    )),
    (name = "sim", external = (address = "{address}", http = ())),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
"#
    ))
}

/// Lists the modules below a folder, by their paths from the root.
fn list(root: &Path, folder: &Path, files: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
        let path: PathBuf = entry.map_err(Error::read(folder))?.path();
        if path.is_dir() {
            list(root, &path, files)?;
        } else if path.extension().is_some_and(|of| of == "js" || of == "wasm") {
            let name = path.strip_prefix(root).unwrap_or(&path);
            files.push(name.display().to_string());
        }
    }
    Ok(())
}
