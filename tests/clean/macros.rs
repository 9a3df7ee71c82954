//! Models that a `macro_rules!` declares, wherever that is.
#![deny(warnings)]
#![forbid(unsafe_code, missing_docs, unreachable_pub, unused_imports, non_snake_case, dead_code)]

use workers_ai::prelude::*;

macro_rules! private {
    ($name:ident) => {
        #[workers_ai_model("@cf/baai/bge-m3")]
        struct $name;
    };
}

private!(Root);

mod inner {
    use workers_ai::prelude::*;

    macro_rules! visible {
        ($name:ident, $id:literal) => {
            #[workers_ai_model($id)]
            pub(crate) struct $name;
        };
    }

    visible!(Flux, "@cf/black-forest-labs/flux-1-schnell");
    visible!(Llama, "@cf/meta/llama-3.3-70b-instruct-fp8-fast");
    visible!(Glm, "@cf/zai-org/glm-5.3-flash");

    macro_rules! of_this_crate {
        ($name:ident) => {
            #[$crate::inner::reexported("@cf/cloudflare/clef-omni")]
            pub(in $crate::inner) struct $name;
        };
    }

    pub(crate) use workers_ai::workers_ai_model as reexported;

    of_this_crate!(Clef);

    pub(super) fn id() -> &'static str {
        let _ = Clef;
        <Clef as SingleModel>::ID
    }
}

/// Names all of them.
pub fn all() {
    macro_rules! local {
        ($name:ident) => {
            #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
            pub(crate) struct $name;
        };
    }

    local!(Local);

    let _ = (Root, inner::Flux, inner::Llama, inner::Glm, inner::id(), Local);
}
