//! `workers-ai` under other names.
#![deny(warnings, missing_docs, unreachable_pub)]

extern crate workers_ai as renamed;

/// Where it is.
pub mod wrapper {
    pub use workers_ai as inner;

    /// A path from here.
    #[inner::workers_ai_model("@cf/black-forest-labs/flux-1-schnell", crate = inner)]
    pub struct Here;

    /// A path from here, written out.
    #[inner::workers_ai_model("@cf/zai-org/glm-5.3-flash", crate = self::inner)]
    pub struct SelfPath;

    /// A module.
    pub mod deeper {
        /// A path from the module above.
        #[super::inner::workers_ai_model("@cf/baai/bge-m3", crate = super::inner)]
        pub struct SuperPath;

        /// A path from the crate.
        #[super::inner::workers_ai_model("@cf/zai-org/glm-5.3-flash", crate = crate::wrapper::inner)]
        pub struct CratePath;
    }
}

/// A dependency's name.
#[renamed::workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast", crate = renamed)]
pub struct Dependency;

/// A relative path of two segments.
#[renamed::workers_ai_model("@cf/black-forest-labs/flux-1-schnell", crate = wrapper::inner)]
pub struct Relative;

/// Inside a function.
pub fn function() {
    #[renamed::workers_ai_model("@cf/baai/bge-m3", crate = wrapper::inner)]
    struct Local;

    let _ = Local::input().text("hi").build();
    let _ = Dependency::input().prompt("hi").build();
}
