use workers_ai::prelude::*;

#[workers_ai_model]
pub enum Assistant {
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    #[model("@cf/black-forest-labs/flux-1-schnell")]
    Flux,
    //~ error: `Flux` makes images, `Llama` answers chats: a set has models of one kind [at `Flux`]
}

fn main() {
    let _ = (Assistant::Flux, Assistant::Llama, Assistant::chat([user("hi")]));
}
