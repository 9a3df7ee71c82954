//! `cost`: the tokens, neurons and dollars of requests in a file.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Read as _},
    path::PathBuf,
};

use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use workers_ai::{
    WorkersAi,
    billing::{ApproximateCounter, Cost, cost},
    chat::Usage,
    transport::MockTransport,
};

use crate::{
    error::{Error, Result},
    guide::{count, table, trimmed},
    pretty::pretty,
};

/// Compute what requests cost: their tokens, neurons and US dollars by model
///
/// Each line is a JSON object with `model`, and either `usage` (as a response reports it), `tokens_in` and `tokens_out` (as the logs of AI
/// Gateway have them), or `input` (a request, whose tokens are estimated: its output is at most what it allows). Prices are those of
/// this release's snapshot.
#[derive(Args, Debug)]
pub struct Costs {
    /// The file; `-` reads standard input
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Line {
    model: String,
    usage: Option<Usage>,
    tokens_in: Option<u64>,
    tokens_out: Option<u64>,
    input: Option<Value>,
}

/// More than any request.
const MAX_LINE_BYTES: u64 = 64 << 20;

/// The costs of a model.
#[derive(Debug, Default)]
struct Sum {
    requests: u64,
    input_tokens: u64,
    output_tokens: u64,
    cost: f64,
    neurons: f64,
    /// Requests of which nothing is known but that they were made.
    unpriced: u64,
    /// Requests whose output is at most what is counted.
    estimated: u64,
    /// Requests of a model that the catalog lacks.
    unknown: u64,
}

/// Computes the costs of a file of requests.
///
/// # Errors
/// Returns an error if the file cannot be read, or names the line that is not a request.
pub fn run(task: &Costs) -> Result<String> {
    let reader: Box<dyn BufRead> = if task.file.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(&task.file).map_err(Error::read(&task.file))?))
    };
    let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
    // Nothing is sent: the client only knows the models.
    let ai = WorkersAi::with_transport(MockTransport::new());
    let mut reader = reader;
    for number in 1.. {
        let mut line = String::new();
        let read = reader.by_ref().take(MAX_LINE_BYTES).read_line(&mut line).map_err(Error::read(&task.file))?;
        if read == 0 {
            break;
        }
        if read as u64 == MAX_LINE_BYTES {
            return Err(Error::Usage(format!("{}:{number}: the line is too long", task.file.display())));
        }
        if line.trim().is_empty() {
            continue;
        }
        let invalid = |cause: String| Error::Usage(format!("{}:{number}: {cause}", task.file.display()));
        let line: Line = serde_json::from_str(&line).map_err(|error| invalid(error.to_string()))?;
        let sum = sums.entry(line.model.clone()).or_default();
        add(&ai, &line, sum).map_err(invalid)?;
    }
    Ok(if task.json { as_json(&sums) } else { as_text(&sums) })
}

fn add(ai: &WorkersAi, line: &Line, sum: &mut Sum) -> Result<(), String> {
    let model = ai.model(&line.model);
    let reported = line.usage.or_else(|| match (line.tokens_in, line.tokens_out) {
        (None, None) => None,
        (input, output) => Some(Usage {
            prompt_tokens: input.unwrap_or_default(),
            completion_tokens: output.unwrap_or_default(),
            total_tokens: input.unwrap_or_default().saturating_add(output.unwrap_or_default()),
            ..Usage::default()
        }),
    });
    sum.requests += 1;
    let (input, output, price): (u64, u64, Option<Cost>) = match (reported, &line.input) {
        (Some(usage), _) => (usage.prompt_tokens, usage.completion_tokens, cost(model.info(), &usage)),
        (None, Some(input)) => {
            let estimate = model.estimate(input, &ApproximateCounter);
            sum.estimated += 1;
            (estimate.input_tokens, estimate.max_output_tokens, estimate.max_cost)
        }
        (None, None) => return Err("it has neither `usage`, `tokens_in` and `tokens_out`, nor `input`".to_owned()),
    };
    sum.input_tokens = sum.input_tokens.saturating_add(input);
    sum.output_tokens = sum.output_tokens.saturating_add(output);
    if model.info().task.is_empty() {
        sum.unknown += 1;
    }
    match price {
        Some(price) => {
            sum.cost += price.usd();
            sum.neurons += price.neurons();
        }
        None => sum.unpriced += 1,
    }
    Ok(())
}

fn as_text(sums: &BTreeMap<String, Sum>) -> String {
    let mut rows = table(&["Model", "Requests", "Input tokens", "Output tokens", "Neurons", "USD", "Remarks"]);
    let mut total = Sum::default();
    for (id, sum) in sums {
        let mut remarks = Vec::new();
        if sum.unknown > 0 {
            remarks.push("not in the catalog".to_owned());
        }
        if sum.estimated > 0 {
            remarks.push(format!("{} estimated: at most this", count(sum.estimated)));
        }
        if sum.unpriced > 0 {
            remarks.push(format!("{} without a known price", count(sum.unpriced)));
        }
        rows.add_row(row(id, sum, &remarks.join("; ")));
        total.requests += sum.requests;
        total.input_tokens = total.input_tokens.saturating_add(sum.input_tokens);
        total.output_tokens = total.output_tokens.saturating_add(sum.output_tokens);
        total.cost += sum.cost;
        total.neurons += sum.neurons;
    }
    rows.add_row(row("all", &total, ""));
    format!("{}\n", trimmed(&rows.to_string()))
}

fn row(name: &str, sum: &Sum, remarks: &str) -> [String; 7] {
    [
        name.to_owned(),
        count(sum.requests),
        count(sum.input_tokens),
        count(sum.output_tokens),
        format!("{:.2}", sum.neurons),
        format!("{:.6}", sum.cost),
        remarks.to_owned(),
    ]
}

fn as_json(sums: &BTreeMap<String, Sum>) -> String {
    let list: Vec<Value> = sums
        .iter()
        .map(|(id, sum)| {
            json!({
                "model": id, "requests": sum.requests, "input_tokens": sum.input_tokens, "output_tokens": sum.output_tokens,
                "neurons": sum.neurons, "usd": sum.cost, "estimated": sum.estimated, "unpriced": sum.unpriced,
            })
        })
        .collect();
    pretty(&Value::Array(list))
}
