//! Generated code in modules whose names would break unhygienic code.
#![deny(warnings, missing_docs)]
#![allow(dead_code, reason = "these items are only there to compile")]

use workers_ai::{Model, workers_ai_model};

/// Shadows names of the standard library.
pub mod shadowed {
    use ::workers_ai::workers_ai_model;

    /// Not the prelude's.
    pub struct Option;
    /// Not the prelude's.
    pub struct String;
    /// Not the prelude's.
    pub struct Result;
    /// Not the prelude's.
    pub struct Vec;
    /// Not the prelude's.
    pub struct Some;
    /// Not the prelude's.
    pub struct Box;
    /// Not a primitive.
    #[allow(non_camel_case_types)]
    pub struct u8;
    /// Not a primitive.
    #[allow(non_camel_case_types)]
    pub struct bool;

    /// An image model.
    #[workers_ai_model("@cf/leonardo/phoenix-1.0")]
    pub struct Phoenix;

    /// A chat model.
    #[workers_ai_model("@cf/zai-org/glm-5.3-flash")]
    pub struct Glm;

    /// A model that answers questions.
    #[workers_ai_model("@cf/cloudflare/clef-omni")]
    pub struct Clef;
}

/// Many models in one module.
pub mod together {
    use workers_ai::workers_ai_model;

    /// Flux.
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    pub struct Flux;
    /// Flux of the second generation.
    #[workers_ai_model("@cf/black-forest-labs/flux-2-dev")]
    pub struct Flux2;
    /// The same model twice.
    #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    pub struct Llama;
    /// The same model twice.
    #[workers_ai_model("@cf/meta/llama-3.3-70b-instruct-fp8-fast")]
    pub struct OtherLlama;
    /// A chat model.
    #[workers_ai_model("@cf/moonshotai/kimi-k2.6")]
    pub struct Kimi;
    /// A raw name.
    #[allow(non_camel_case_types)]
    #[workers_ai_model("@cf/leonardo/phoenix-1.0")]
    pub struct r#match;
    /// A speech model.
    #[workers_ai_model("@cf/deepgram/nova-3")]
    pub struct Nova;
}

/// `workers-ai` under another name.
pub mod renamed {
    /// Re-exports it.
    pub mod wrapper {
        pub use workers_ai as inner;
    }

    /// An image model.
    #[wrapper::inner::workers_ai_model("@cf/black-forest-labs/flux-1-schnell", crate = crate::renamed::wrapper::inner)]
    pub struct Flux;
}

mod private {
    #[workers_ai::workers_ai_model("@cf/baai/bge-m3")]
    struct Hidden;

    pub(super) fn id() -> &'static str {
        <Hidden as workers_ai::SingleModel>::ID
    }
}

/// Fields whose names are keywords, methods of the builder, or invalid identifiers.
#[workers_ai_model("@cf/test/awkward", catalog = "catalogs/awkward.json")]
pub struct Awkward;

#[test]
fn awkward_names_have_setters_and_are_sent_as_the_service_wants_them() {
    let input = Awkward::input()
        .type_("t")
        .self_(true)
        .build_("b")
        .extra_("x")
        .clone_("c")
        ._2d(3)
        .content_type("text/plain")
        .a_b("dashed")
        .größe(1.5)
        .properties([("k", "v")])
        .input("i")
        .output("o")
        .build();
    let json = serde_json::to_value(&input).expect("JSON");
    for (name, value) in [
        ("type", serde_json::json!("t")),
        ("self", serde_json::json!(true)),
        ("build", serde_json::json!("b")),
        ("extra", serde_json::json!("x")),
        ("clone", serde_json::json!("c")),
        ("2d", serde_json::json!(3)),
        ("contentType", serde_json::json!("text/plain")),
        ("a-b", serde_json::json!("dashed")),
        ("größe", serde_json::json!(1.5)),
        ("properties", serde_json::json!({ "k": "v" })),
        ("input", serde_json::json!("i")),
        ("output", serde_json::json!("o")),
    ] {
        assert_eq!(json[name], value, "{name}");
    }
}

#[test]
fn a_model_can_be_declared_inside_a_function() {
    #[workers_ai_model("@cf/black-forest-labs/flux-1-schnell")]
    struct Local;

    let input = Local::input().prompt("a lighthouse").num_steps(4).build();
    assert!(input.validate().is_ok());
    assert_eq!(Local.id(), "@cf/black-forest-labs/flux-1-schnell");
    assert_eq!(private::id(), "@cf/baai/bge-m3");
}
