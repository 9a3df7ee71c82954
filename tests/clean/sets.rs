//! Sets of models, with every visibility, in functions, and with names that generated code must not take.
#![deny(warnings, missing_docs)]
#![forbid(unsafe_code, unreachable_pub, unused_imports, non_snake_case)]

use workers_ai::prelude::*;

/// A set with its docs.
#[workers_ai_model]
#[derive(Debug, PartialOrd, Ord)]
pub enum Assistant {
    /// The larger one.
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
    /// The newer one.
    #[model("@cf/zai-org/glm-5.2")]
    Glm = 7,
}

/// A set with a retired model.
#[workers_ai_model]
#[allow(deprecated)]
pub enum Old {
    /// The retired one, which is allowed for all.
    #[model("@cf/meta/llama-3-8b-instruct")]
    Llama,
}

/// A set with a retired model.
#[workers_ai_model]
pub enum Mixed {
    /// The retired one, which is allowed here only.
    #[allow(deprecated)]
    #[model("@cf/meta/llama-3-8b-instruct")]
    Llama,
    /// Another one.
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
}

/// A set with a variant that the user deprecated.
#[workers_ai_model]
pub enum Leaving {
    /// The one to use.
    #[model("@cf/zai-org/glm-5.2")]
    Glm,
    /// The other one.
    #[deprecated = "use Glm"]
    #[model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    Llama,
}

mod inner {
    #[allow(dead_code)]
    type Option = ();
    #[allow(dead_code)]
    type String = ();

    #[workers_ai::workers_ai_model]
    #[derive(Clone, Copy)]
    pub(super) enum Gate {
        #[model("@cf/black-forest-labs/flux-2-dev")]
        Set,
        #[model("@cf/leonardo/phoenix-1.0")]
        r#Type,
    }
}

fn requests<M: Chat>(model: M) -> [M::Input; 2] {
    let _ = model.id();
    [1, 2].map(|number| Request::<M>::into_input(M::chat([user("hi")]).max_tokens(number)))
}

/// All of them.
pub fn all() -> bool {
    #[workers_ai_model]
    enum Embedder {
        #[model("@cf/baai/bge-large-en-v1.5")]
        Bge,
    }

    let _ = (requests(Assistant::Glm), requests(Old::Llama), requests(Mixed::Glm));
    let _ = inputs!(Assistant { messages: [user("hi")], temperature: 1.5 });
    let picture = inner::Gate::input().prompt("a").num_steps(4).build();
    let vectors = Embedder::input().text("a").build();
    picture.validate().is_ok() && vectors.validate().is_ok() && inner::Gate::ALL.len() > Embedder::ALL.len()
}
