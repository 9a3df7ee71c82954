use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

struct Words {
    count: usize,
}

impl From<Words> for String {
    fn from(words: Words) -> String {
        "word ".repeat(words.count)
    }
}

fn main() {
    let _ = inputs!(Flux { prompt: (Words { count: 1 }), num_steps: 4 });
    let _ = inputs!(Flux { prompt: Words { count: 1 }, num_steps: 4 });
    //~ error: `Words` is not a part of a model's input [at `Words`]
}
