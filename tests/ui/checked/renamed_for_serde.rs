use workers_ai::prelude::*;

#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
#[derive(serde::Deserialize)]
struct Poster {
    prompt: String,
    num_steps: u8,
    #[serde(rename = "seed")]
    sprout: i64,
    //~ error: no field `sprout` in the input of @cf/black-forest-labs/flux-1-schnell; `#[wire(rename = "…")]` names the model's field [at `sprout`]
}

fn main() {
    let _ = Poster { prompt: String::new(), num_steps: 4, sprout: 1 };
}
