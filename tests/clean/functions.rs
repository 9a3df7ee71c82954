//! Several models in one function, and the same names in another.
#![deny(warnings)]
#![forbid(unsafe_code, missing_docs, unreachable_pub, unused_imports, non_snake_case, dead_code)]

use workers_ai::prelude::*;

fn request<M: Model, R: Request<M>>(_: M, request: R) -> M::Input {
    request.into_input()
}

/// Several models, and a struct that is checked.
pub fn several() {
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    struct Flux;

    #[workers_ai_model("@cf/baai/bge-m3")]
    struct Bge;

    #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    pub(crate) struct Llama;

    #[workers_ai_model("@cf/zai-org/glm-5.3-flash")]
    struct Glm;

    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    struct Poster {
        prompt: String,
        num_steps: u8,
    }

    let input: FluxInput = request(Flux, Flux::input().prompt("a").num_steps(1));
    let _ = input.validate();
    let _ = request(Bge, Bge::input().text("hi"));
    let _ = request(Llama, Llama::chat([user("hi")]));
    let _ = request(Glm, Glm::chat([user("hi")]));
    let poster = Poster { prompt: String::new(), num_steps: 1 };
    let _ = (poster.prompt.len(), poster.num_steps, serde(&poster));
}

fn serde<M: SingleModel>(_: &M) -> &'static str {
    M::ID
}

/// The same names again.
pub fn again() {
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    struct Flux;

    if serde(&Flux).is_empty() {
        #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
        struct Flux;

        let _ = inputs!(Flux { prompt: "a", num_steps: 1 });
    }
}
