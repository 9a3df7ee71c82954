//! Models beside traits that give every type methods of the names that generated code could call.
#![deny(warnings, missing_docs, unreachable_pub)]

macro_rules! everything {
    ($trait:ident, $($receiver:tt)*) => {
        /// Methods for everything.
        pub trait $trait {
            everything!(@ ($($receiver)*) set map map_err as_str as_ref as_deref first unwrap_or map_or and_then has is_object is_string is_bool is_number is_array read_as none_fits extra build messages check_str check_int check_items check_float part clone into serialize deserialize members member value new write write_known set_extra debug with_extra read read_or_null is_none flatten missing required next skip keep);
        }

        impl<T> $trait for T {}
    };
    (@ $receiver:tt $($name:ident)*) => { $(everything!(@@ $receiver $name);)* };
    (@@ ($($receiver:tt)*) $name:ident) => {
        /// Takes the place of another method.
        fn $name($($receiver)*) where Self: Sized {}
    };
}

macro_rules! models {
    ($($name:ident: $id:literal)*) => { $(
        /// A model.
        #[renamed::workers_ai_model($id, crate = renamed)]
        pub struct $name;
    )* };
}

extern crate workers_ai as renamed;

/// Traits whose methods take the value.
pub mod by_value {
    everything!(Everything, self);
    models! { Flux: "@cf/black-forest-labs/flux-1-schnell" Llama: "@cf/meta/llama-3.3-70b-instruct-fp8-fast" Glm: "@cf/zai-org/glm-5.3-flash" Bge: "@cf/baai/bge-m3" Pooled: "@cf/baai/bge-base-en-v1.5" Nova: "@cf/deepgram/nova-3" Clef: "@cf/cloudflare/clef-omni" Whisper: "@cf/openai/whisper-large-v3-turbo" Phoenix: "@cf/leonardo/phoenix-1.0" }
}

/// Traits whose methods take a reference.
pub mod by_reference {
    everything!(Everything, &self);
    models! { Flux: "@cf/black-forest-labs/flux-1-schnell" Llama: "@cf/meta/llama-3.3-70b-instruct-fp8-fast" Glm: "@cf/zai-org/glm-5.3-flash" Bge: "@cf/baai/bge-m3" Pooled: "@cf/baai/bge-base-en-v1.5" Nova: "@cf/deepgram/nova-3" Clef: "@cf/cloudflare/clef-omni" Whisper: "@cf/openai/whisper-large-v3-turbo" Phoenix: "@cf/leonardo/phoenix-1.0" }
}

/// Traits whose methods take a mutable reference.
pub mod by_mutable_reference {
    everything!(Everything, &mut self);
    models! { Flux: "@cf/black-forest-labs/flux-1-schnell" Llama: "@cf/meta/llama-3.3-70b-instruct-fp8-fast" Glm: "@cf/zai-org/glm-5.3-flash" Bge: "@cf/baai/bge-m3" Pooled: "@cf/baai/bge-base-en-v1.5" Nova: "@cf/deepgram/nova-3" Clef: "@cf/cloudflare/clef-omni" Whisper: "@cf/openai/whisper-large-v3-turbo" Phoenix: "@cf/leonardo/phoenix-1.0" }
}
