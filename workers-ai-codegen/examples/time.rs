//! Measures how long reading and expanding each model takes in this build's profile. `cargo xtask bench expansion` runs it
//! unoptimized, as rustc runs macros.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use workers_ai_catalog::Catalog;
use workers_ai_codegen::Target;

/// The number of runs of which the shortest time counts.
const RUNS: usize = 15;

/// Selects one of a model's two times, or their sum.
type Part = fn(&[Duration; 2]) -> Duration;

/// Prints the table.
pub fn main() {
    let catalog = Catalog::embedded();
    let first = first(&catalog);
    let mut times: Vec<(String, [Duration; 2], usize)> = Vec::new();
    for id in catalog.ids().unwrap_or_default() {
        let Ok(model) = catalog.model(&id) else { continue };
        let target = Target::named("Model");
        let read = shortest(|| drop(black_box(catalog.model(&id))));
        let expand = shortest(|| drop(black_box(workers_ai_codegen::model(&model, &target))));
        let size = workers_ai_codegen::model(&model, &target).to_string().len();
        times.push((id, [read, expand], size));
    }
    if std::env::args().any(|argument| argument == "--each") {
        for (id, [read, expand], size) in &times {
            println!("{id:<60} {:>9.3} {:>9.3} {size:>8}", ms(*read), ms(*expand));
        }
    }
    println!("{:<10} {:>8} {:>8} {:>8} {:>8}", "ms a model", "median", "p90", "p99", "worst");
    let parts: [(&str, Part); 3] =
        [("read", |times| times[0]), ("expand", |times| times[1]), ("both", |times| times[0] + times[1])];
    for (name, part) in parts {
        times.sort_by_key(|(_, times, _)| part(times));
        let Some(last) = times.len().checked_sub(1) else { return };
        let at = |share: f64| ms(part(&times[nearest(last, share)].1));
        println!("{name:<10} {:>8.3} {:>8.3} {:>8.3} {:>8.3}  {}", at(0.5), at(0.9), at(0.99), at(1.0), times[last].0);
    }
    println!(
        "{} models, the shortest of {RUNS} runs each; the first of a process, which parses what all share: {:.3}",
        times.len(),
        ms(first)
    );
}

/// A chat model, whose corrections and shared schemas nothing has parsed yet.
fn first(catalog: &Catalog) -> Duration {
    let start = Instant::now();
    if let Ok(model) = catalog.model("@cf/meta/llama-3.3-70b-instruct-fp8-fast") {
        drop(black_box(workers_ai_codegen::model(&model, &Target::named("Model"))));
    }
    start.elapsed()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a hundred models"
)]
fn nearest(last: usize, share: f64) -> usize {
    (last as f64 * share).floor() as usize
}

fn shortest(mut work: impl FnMut()) -> Duration {
    let run = |()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    std::iter::repeat_n((), RUNS).map(run).min().unwrap_or_default()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
