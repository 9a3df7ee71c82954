use workers_ai::prelude::*;

#[workers_ai_model("@cf/deepgram/aura-2-en")]
pub struct Aura;

fn main() {
    let _ = Aura::input().text("hello").speaker("bob");
    //~ error: `&str` is not a valid `AuraInputSpeaker`; expected one of `amalthea`, `andromeda`, `apollo`, `arcas`, `aries`, `asteria`, `athena`, `atlas`, `aurora`, `callista`, `cora`, `cordelia`, 28 more in `AuraInputSpeaker::ALL` [at `"bob"`]
}
