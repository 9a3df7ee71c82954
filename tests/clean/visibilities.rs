//! Models of every visibility, in modules and in functions.
#![deny(warnings)]
#![forbid(unsafe_code, missing_docs, unreachable_pub, unused_imports, non_snake_case, dead_code)]

use workers_ai::prelude::*;

/// A public model.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Flux;

/// A public model whose alternatives have different outputs.
#[workers_ai_model("@cf/baai/bge-m3")]
pub struct Bge;

/// A model of this crate.
#[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
pub(crate) struct Llama;

/// A private model.
#[workers_ai_model("@cf/baai/bge-m3")]
struct Hidden;

/// A private model with parts of its own.
#[workers_ai_model("@cf/zai-org/glm-5.3-flash")]
struct Glm;

/// A struct that is checked against a model.
#[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
pub struct Poster {
    /// The prompt.
    pub prompt: String,
    /// The steps.
    pub num_steps: u8,
}

mod inner {
    use workers_ai::prelude::*;

    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub(super) struct Flux;

    #[workers_ai_model("@cf/baai/bge-m3")]
    pub(super) struct Bge;

    pub(crate) mod deeper {
        use workers_ai::prelude::*;

        #[workers_ai_model("@cf/baai/bge-m3")]
        pub(in crate::inner) struct Bge;

        #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
        pub(crate) struct Llama;
    }

    pub(super) fn id() -> &'static str {
        let _ = deeper::Bge::input().text("hi").build();
        <deeper::Bge as SingleModel>::ID
    }
}

/// A public module.
pub mod open {
    use workers_ai::prelude::*;

    /// A public model.
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct Flux;
}

/// Names the types that are generated for public models.
pub fn flux(input: FluxInput) -> FluxInputBuilder {
    let _ = (input, inner::id());
    let _: open::FluxInput = open::Flux::input().prompt("a").num_steps(1).build();
    Flux::input()
}

fn chat<M: Chat>(model: M) -> (M, M::Input) {
    let _ = M::chat([user("hi")]);
    let again = model;
    (model, (again, M::from_chat(M::chat([user("hi")]))).1)
}

/// Uses what is not public.
pub fn all() {
    let _ = (chat(Llama), chat(Glm), chat(inner::deeper::Llama), Hidden, Bge, inner::Flux, inner::Bge);
    let _: HiddenInput = Hidden::input().text("hi").build();
    let _ = inner::Flux::input().prompt("a").num_steps(1).build();
    let _ = inner::Bge::input().text("hi").build();
}
