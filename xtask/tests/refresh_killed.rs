//! A refresh that is killed: whoever looks afterwards finds the old snapshot or the new one, whole, and the next run cleans up.

mod binary;
#[path = "../../cargo-workers-ai/tests/support/mod.rs"]
mod support;

use std::{
    collections::BTreeMap,
    fs, thread,
    time::{Duration, Instant},
};

use binary::xtask;
use serde_json::{Value, json};
use support::{Workspace, feed, model};
use workers_ai_catalog::Catalog;

/// A feed of models that differ from those of another edition in every file.
fn edition(number: u64) -> Value {
    let models: Vec<Value> = (0..40)
        .map(|index| {
            let mut model = model(&format!("@cf/author-{}/model-{index}", index % 7));
            model["schema"]["input"]["properties"]["top_k"]["maximum"] = json!(100 * number + index);
            model
        })
        .collect();
    feed(&models)
}

/// Factors from 0.5 to 1.5 that look random and are the same in every run.
fn factors() -> impl Iterator<Item = f64> {
    let mut state = 0x2545_f491_u32;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        0.5 + f64::from(state % 1000) / 1000.0
    })
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_snapshot_or_the_new_one() {
    let workspace = Workspace::new();
    let paths = [1, 2].map(|number| workspace.file(&format!("feed-{number}.json"), &edition(number).to_string()));
    let run = |path: usize| {
        let from = paths[path].to_string_lossy().into_owned();
        let mut command = xtask(&workspace, &["refresh-catalog", "--from", &from]);
        command.stdout(std::process::Stdio::null()).spawn().expect("the binary")
    };
    let mut editions: Vec<BTreeMap<String, String>> = Vec::new();
    let mut typical = Duration::ZERO;
    for path in 0..2 {
        let start = Instant::now();
        assert!(run(path).wait().expect("an end").success());
        typical = start.elapsed();
        editions.push(workspace.files());
    }
    assert_ne!(editions[0], editions[1]);

    // The delays move to where the exchange happens, however fast the machine is at the moment.
    let (mut present, mut swapped) = (1, 0);
    for factor in factors().take(40) {
        let mut child = run(1 - present);
        thread::sleep(typical.mul_f64(factor));
        let _ = child.kill();
        let _ = child.wait();
        let found = workspace.files();
        let edition = editions.iter().position(|edition| *edition == found);
        let edition = edition.expect("a snapshot that is neither the old one nor the new one");
        if edition == present {
            typical = typical.mul_f64(1.2);
        } else {
            typical = typical.mul_f64(0.9);
            swapped += 1;
            present = edition;
        }
    }
    assert!((1..40).contains(&swapped), "kills came both before and after the exchange: {swapped}");

    // The next run takes what the killed ones left away, and what it leaves can be read.
    assert!(run(0).wait().expect("an end").success());
    assert_eq!(workspace.files(), editions[0]);
    let left: Vec<_> = fs::read_dir(workspace.root().join("catalog")).expect("a folder").collect();
    assert_eq!(left.len(), 2, "{left:?}");
    let catalog = Catalog::at(workspace.root().join("catalog/models"));
    for id in catalog.ids().expect("ids") {
        catalog.model(&id).expect("a model");
    }
}
