//! Snapshots of the expansion of the most different models, pretty-printed.

use workers_ai_catalog::Catalog;
use workers_ai_codegen::Target;

fn check(snapshot: &str, name: &str, id: &str) {
    let model = Catalog::embedded().model(id).unwrap();
    let tokens = workers_ai_codegen::model(&model, &Target::named(name));
    let text = prettyplease::unparse(&syn::parse2(tokens).unwrap());
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(snapshot, text);
    });
}

#[test]
fn a_picture_of_a_text() {
    check("flux-1-schnell", "Flux", "@cf/black-forest-labs/flux-1-schnell");
}

#[test]
fn a_form_with_files() {
    check("flux-2-dev", "Flux2", "@cf/black-forest-labs/flux-2-dev");
}

#[test]
fn alternatives_and_items_of_a_batch() {
    check("llama-3.3-70b", "Llama", "@cf/meta/llama-3.3-70b-instruct-fp8-fast");
}

#[test]
fn the_newer_chat_schema_with_efforts() {
    check("glm-5.3-flash", "Glm", "@cf/zai-org/glm-5.3-flash");
}

#[test]
fn vectors_of_two_kinds_of_pooling() {
    check("bge-small-en-v1.5", "Bge", "@cf/baai/bge-small-en-v1.5");
}

#[test]
fn a_raw_body() {
    check("nova-3", "Nova", "@cf/deepgram/nova-3");
}
