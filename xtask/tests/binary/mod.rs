//! The binary of the workspace's tasks.

use std::process::Command;

use crate::support::Workspace;

/// Returns the binary, on a workspace.
pub fn xtask(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("--root").arg(workspace.root()).args(arguments);
    for name in ["WORKERS_AI_BASE_URL", "WORKERS_AI_CATALOG", "CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN"] {
        command.env_remove(name);
    }
    command
}
