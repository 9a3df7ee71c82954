//! Small schemas that the catalog does not have, each read, compiled and used as an input and as an output.
#![cfg(feature = "serde-both")]
#![allow(dead_code, reason = "of some models only the types are used")]

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

mod additional_of_nested_input {
    #[workers_ai::workers_ai_model(
        "@cf/test/additional-of-nested-input",
        catalog = "schemas/additional-of-nested-input.json"
    )]
    pub struct M;
}
mod allof_in_allof_root {
    #[workers_ai::workers_ai_model("@cf/test/allof-in-allof-root", catalog = "schemas/allof-in-allof-root.json")]
    pub struct M;
}
mod answers_collide {
    #[workers_ai::workers_ai_model("@cf/test/answers-collide", catalog = "schemas/answers-collide.json")]
    pub struct M;
}
mod bounds_crossed {
    #[workers_ai::workers_ai_model("@cf/test/bounds-crossed", catalog = "schemas/bounds-crossed.json")]
    pub struct M;
}
mod const_replaced {
    #[workers_ai::workers_ai_model("@cf/test/const-replaced", catalog = "schemas/const-replaced.json")]
    pub struct M;
}
mod effort_twice {
    #[workers_ai::workers_ai_model("@cf/test/effort-twice", catalog = "schemas/effort-twice.json")]
    pub struct M;
}
mod exclusive_bounds {
    #[workers_ai::workers_ai_model("@cf/test/exclusive-bounds", catalog = "schemas/exclusive-bounds.json")]
    pub struct M;
}
mod false_schema {
    #[workers_ai::workers_ai_model("@cf/test/false-schema", catalog = "schemas/false-schema.json")]
    pub struct M;
}
mod field_start {
    #[workers_ai::workers_ai_model("@cf/test/field-start", catalog = "schemas/field-start.json")]
    pub struct M;
}
mod input_required_not_checked {
    #[workers_ai::workers_ai_model(
        "@cf/test/input-required-not-checked",
        catalog = "schemas/input-required-not-checked.json"
    )]
    pub struct M;
}
mod int_as_float {
    #[workers_ai::workers_ai_model("@cf/test/int-as-float", catalog = "schemas/int-as-float.json")]
    pub struct M;
}
mod int_bound_2p53 {
    #[workers_ai::workers_ai_model("@cf/test/int-bound-2p53", catalog = "schemas/int-bound-2p53.json")]
    pub struct M;
}
mod keywords_without_a_note {
    #[workers_ai::workers_ai_model(
        "@cf/test/keywords-without-a-note",
        catalog = "schemas/keywords-without-a-note.json"
    )]
    pub struct M;
}
mod list_of_maps {
    #[workers_ai::workers_ai_model("@cf/test/list-of-maps", catalog = "schemas/list-of-maps.json")]
    pub struct M;
}
mod names {
    #[workers_ai::workers_ai_model("@cf/test/names", catalog = "schemas/names.json")]
    pub struct Start;
}
mod alternatives_of_names {
    #[workers_ai::workers_ai_model("@cf/test/alternatives-of-names", catalog = "schemas/alternatives-of-names.json")]
    pub struct Next;
}
mod null_and_defaults {
    #[workers_ai::workers_ai_model("@cf/test/null-and-defaults", catalog = "schemas/null-and-defaults.json")]
    pub struct M;
}
mod nullable_items {
    #[workers_ai::workers_ai_model("@cf/test/nullable-items", catalog = "schemas/nullable-items.json")]
    pub struct M;
}
mod oneof_const {
    #[workers_ai::workers_ai_model("@cf/test/oneof-const", catalog = "schemas/oneof-const.json")]
    pub struct M;
}
mod openai_seed {
    #[workers_ai::workers_ai_model("@cf/test/openai-seed", catalog = "schemas/openai-seed.json")]
    pub struct M;
}
mod optional_const {
    #[workers_ai::workers_ai_model("@cf/test/optional-const", catalog = "schemas/optional-const.json")]
    pub struct M;
}
mod prefixitems_items_false {
    #[workers_ai::workers_ai_model(
        "@cf/test/prefixitems-items-false",
        catalog = "schemas/prefixitems-items-false.json"
    )]
    pub struct M;
}
mod ref_description {
    #[workers_ai::workers_ai_model("@cf/test/ref-description", catalog = "schemas/ref-description.json")]
    pub struct M;
}
mod ref_nullable_required {
    #[workers_ai::workers_ai_model("@cf/test/ref-nullable-required", catalog = "schemas/ref-nullable-required.json")]
    pub struct M;
}
mod ref_scalar_wrapped {
    #[workers_ai::workers_ai_model("@cf/test/ref-scalar-wrapped", catalog = "schemas/ref-scalar-wrapped.json")]
    pub struct M;
}
mod ref_sibling_default {
    #[workers_ai::workers_ai_model("@cf/test/ref-sibling-default", catalog = "schemas/ref-sibling-default.json")]
    pub struct M;
}
mod root_union_of_scalars {
    #[workers_ai::workers_ai_model("@cf/test/root-union-of-scalars", catalog = "schemas/root-union-of-scalars.json")]
    pub struct M;
}
mod struct_called_like_a_field {
    #[workers_ai::workers_ai_model(
        "@cf/test/struct-called-like-a-field",
        catalog = "schemas/struct-called-like-a-field.json"
    )]
    pub struct Prompt;
}
mod tagged_root {
    #[workers_ai::workers_ai_model("@cf/test/tagged-root", catalog = "schemas/tagged-root.json")]
    pub struct M;
}
mod type_null {
    #[workers_ai::workers_ai_model("@cf/test/type-null", catalog = "schemas/type-null.json")]
    pub struct M;
}
mod union_bounds {
    #[workers_ai::workers_ai_model("@cf/test/union-bounds", catalog = "schemas/union-bounds.json")]
    pub struct M;
}
mod union_first_wins {
    #[workers_ai::workers_ai_model("@cf/test/union-first-wins", catalog = "schemas/union-first-wins.json")]
    pub struct M;
}

/// Reads JSON as a type, and returns what the type writes.
fn through<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    let read: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    Ok(serde_json::to_value(read).expect("it can be written"))
}

/// Asserts that JSON survives as an input and as an output.
macro_rules! survives {
    ($module:ident: $($value:tt)*) => {{
        let value = json!($($value)*);
        assert_eq!(through::<$module::MInput>(&value).as_ref(), Ok(&value), "as an input");
        assert_eq!(through::<$module::MOutput>(&value).as_ref(), Ok(&value), "as an output");
    }};
}

/// Returns why JSON is refused as an input: when it is read, or when it is checked.
macro_rules! refusal {
    ($module:ident: $($value:tt)*) => {{
        match serde_json::from_value::<$module::MInput>(json!($($value)*)) {
            Ok(input) => input.validate().expect_err("an error").to_string(),
            Err(error) => error.to_string(),
        }
    }};
}

#[test]
fn declared_members_of_any_name_are_kept_in_nested_objects() {
    survives!(additional_of_nested_input: {"value": {"a": "x", "q": 1}});
    let value = additional_of_nested_input::MInputValue::builder().a("x").extra("q", 1).build();
    let input = additional_of_nested_input::M::input().value(value).build();
    assert_eq!(serde_json::to_value(input).expect("JSON"), json!({"value": {"a": "x", "q": 1}}));
}

#[test]
fn members_of_all_schemas_that_apply_are_required() {
    survives!(allof_in_allof_root: {"a": "x", "b": "y"});
    assert_eq!(refusal!(allof_in_allof_root: {"a": "x"}), "`b` is missing");
}

#[test]
fn an_answer_is_read_as_the_one_that_it_looks_like() {
    for value in [json!({"id": {"x": "y"}}), json!({"other": "z"})] {
        assert_eq!(through::<answers_collide::MOutput>(&value), Ok(value));
    }
    for value in [json!("text"), json!(7)] {
        assert_eq!(through::<root_union_of_scalars::MOutput>(&value), Ok(value));
    }
}

#[test]
fn a_constant_is_never_replaced() {
    assert_eq!(
        refusal!(const_replaced: {"value": 5}),
        "`value` must be between 2 and 2, got 5 (@cf/test/const-replaced)"
    );
    survives!(const_replaced: {"value": 2});
    survives!(optional_const: {});
    survives!(optional_const: {"value": "x"});
    assert!(refusal!(optional_const: {"value": "y"}).contains('y'));
    let asked = optional_const::M::input().value(optional_const::MInputValue::X).build();
    assert_eq!(serde_json::to_value(asked).expect("JSON"), json!({"value": "x"}));
    assert_eq!(serde_json::to_value(optional_const::M::input().build()).expect("JSON"), json!({}));
}

#[test]
fn two_choices_of_one_name_are_two_types() {
    survives!(effort_twice: {"prompt": "p", "reasoning_effort": "medium", "reasoning": {"effort": "high"}});
}

#[test]
fn exclusive_bounds_exclude() {
    survives!(exclusive_bounds: {"value": 0.5});
    for value in [0, 1] {
        let told = format!("`value` must be above 0 and below 1, got {value} (@cf/test/exclusive-bounds)");
        assert_eq!(refusal!(exclusive_bounds: {"value": value}), told);
    }
}

#[test]
fn bounds_hold_in_alternatives_and_beyond_the_precision_of_numbers() {
    for value in [json!({"value": 1.5}), json!({"value": "abc"})] {
        survives!(union_bounds: value);
    }
    assert_eq!(
        refusal!(union_bounds: {"value": 9.0}),
        "`value` must be between 0 and 2, got 9 (@cf/test/union-bounds)"
    );
    assert!(refusal!(union_bounds: {"value": "abcd"}).starts_with("`value` must have at most 3 characters"));
    survives!(int_bound_2p53: {"value": 9_007_199_254_740_993_i64});
    assert!(refusal!(int_bound_2p53: {"value": 9_007_199_254_740_992_i64}).contains("9007199254740993"));
    survives!(openai_seed: {"value": i64::MIN});
}

#[test]
fn a_member_that_cannot_be_is_not_offered() {
    survives!(false_schema: {"a": "x"});
}

#[test]
fn any_member_can_be_a_field() {
    survives!(field_start: {"start": 1.5, "end": 2.5});
    survives!(list_of_maps: {"filters": [{"a": 1}, {}]});
    let filters = vec![std::collections::BTreeMap::from([("a".to_owned(), json!(1))])];
    let input = list_of_maps::M::input().filters(filters).build();
    assert_eq!(serde_json::to_value(input).expect("JSON"), json!({"filters": [{"a": 1}]}));
    let input = struct_called_like_a_field::Prompt::input().prompt("p").build();
    assert_eq!(serde_json::to_value(input).expect("JSON"), json!({"prompt": "p"}));
}

#[test]
fn names_of_generated_code_are_names_of_fields_too() {
    let nested = names::StartInputNested::builder().start("a").x("b").é("c").extra("more", 1).build();
    let expected = json!({"start": "a", "x": "b", "é": "c", "more": 1});
    assert_eq!(serde_json::to_value(nested).expect("JSON"), expected);
    let input = alternatives_of_names::Next::input().builder("b").build();
    assert_eq!(serde_json::to_value(input).expect("JSON"), json!({"builder": "b", "k": 1}));
}

#[test]
fn what_the_builder_requires_is_required_of_a_file() {
    assert_eq!(refusal!(input_required_not_checked: {}), "`value` is missing");
    assert_eq!(refusal!(input_required_not_checked: {"value": {"b": 1}}), "`a` is missing");
    survives!(input_required_not_checked: {"value": {"a": "x", "b": 1}});
}

#[test]
fn an_integer_may_be_written_with_a_decimal_point() {
    for value in [json!({"value": 1.0}), json!({"value": 1})] {
        assert_eq!(through::<int_as_float::MInput>(&value), Ok(json!({"value": 1})));
        assert_eq!(through::<int_as_float::MOutput>(&value), Ok(json!({"value": 1})));
    }
    assert!(refusal!(int_as_float: {"value": 1.5}).contains("not a whole number"));
}

#[test]
fn null_is_kept_in_lists_and_where_it_is_required() {
    survives!(nullable_items: {"value": [null, "a"]});
    survives!(ref_nullable_required: {"value": null});
    let built = ref_nullable_required::M::input().null_value().build();
    assert_eq!(serde_json::to_value(built).expect("an input"), json!({"value": null}));
    survives!(ref_nullable_required: {"value": "x"});
    assert_eq!(refusal!(ref_nullable_required: {}), "`value` is missing");
}

#[test]
fn constants_make_a_choice() {
    survives!(oneof_const: {"value": "a"});
    assert!(refusal!(oneof_const: {"value": "c"}).contains("`a`"));
    let input = oneof_const::M::input().value(oneof_const::MInputValue::B).build();
    assert_eq!(serde_json::to_value(input).expect("JSON"), json!({"value": "b"}));
    assert_eq!(through::<tagged_root::MInput>(&json!({"kind": "b"})), Ok(json!({"kind": "b"})));
    assert!(serde_json::from_value::<tagged_root::MInput>(json!({"kind": "c"})).is_err());
    assert!(serde_json::from_value::<tagged_root::MInput>(json!({})).is_err());
}

#[test]
fn tuples_are_lists_of_any_values() {
    survives!(prefixitems_items_false: {"value": ["a", 1]});
    survives!(prefixitems_items_false: {"value": ["a"]});
    assert!(refusal!(prefixitems_items_false: {"value": ["a", 1, 2]}).contains("`value` must have at most 2 items"));
    assert!(
        refusal!(prefixitems_items_false: {"value": ["a", "b"]}).contains("`value[1]` must be of the type `integer`")
    );
}

#[test]
fn a_reference_is_what_it_refers_to() {
    let output: ref_scalar_wrapped::MOutput = serde_json::from_value(json!({"value": 1.5})).expect("an answer");
    let value: Option<f64> = output.value;
    assert_eq!(value, Some(1.5));
    let part = ref_description::MInputP::builder().k(1).build();
    let input = ref_description::M::input().p(part).build();
    assert_eq!(serde_json::to_value(input).expect("JSON"), json!({"p": {"k": 1}}));
    // The default that stands beside the reference.
    assert_eq!(serde_json::to_value(ref_sibling_default::M::input().build()).expect("JSON"), json!({"u": "x"}));
}

#[test]
fn a_union_is_read_as_the_type_that_knows_the_members() {
    survives!(union_first_wins: {"value": {"y": "1"}});
    survives!(union_first_wins: {"value": {"x": "1"}});
    // An answer that nothing knows is kept; an input like that is refused.
    let unknown = json!({"value": {"z": "1"}});
    assert_eq!(through::<union_first_wins::MOutput>(&unknown), Ok(unknown.clone()));
    assert!(serde_json::from_value::<union_first_wins::MInput>(unknown).is_err());
}

#[test]
fn bounds_that_nothing_can_meet_refuse_everything() {
    assert!(refusal!(bounds_crossed: {"value": 4}).contains("`value` must be between 5 and 3"));
    survives!(type_null: {});
    survives!(keywords_without_a_note: {"a": 1.5, "b": ["x", "y"]});
    assert!(refusal!(keywords_without_a_note: {"a": 0.7}).contains("`a` must be a multiple of 0.5"));
    survives!(keywords_without_a_note: {"g": "abc"});
    assert!(refusal!(keywords_without_a_note: {"g": "A1"}).contains("`g` must match `^[a-z]+$`"));
    assert!(refusal!(keywords_without_a_note: {"b": ["x", "x"]}).contains("`b` must have no item twice"));
}

mod fields {
    #[workers_ai::workers_ai_model("@cf/test/fields", catalog = "schemas/fields.json")]
    pub struct M;
}

/// Returns what an input is as JSON, after it was read again and found to be equal.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(input: &T) -> Value {
    let json = serde_json::to_value(input).expect("JSON");
    assert_eq!(&serde_json::from_value::<T>(json.clone()).expect("its own JSON"), input);
    json
}

#[test]
fn every_kind_of_field_can_be_set_and_read_again() {
    let input = || fields::M::input().seed_1(1).seed1(2).any(Value::Null).count(3);
    let full = input()
        .integers([1, 2])
        .flags([true, false])
        .numbers([1.0, 0.5])
        .words(["a", "b"])
        .rows([vec![1, 2], vec![]])
        .counts([("a", 1_i64)])
        .large(1_u64 << 63)
        .number(2)
        .maybe_integers(None::<[i64; 0]>)
        .maybe_numbers(None::<Vec<f32>>)
        .build();
    full.validate().expect("it is valid");
    let json = json!({
        "seed_1": 1, "seed1": 2, "any": null, "count": 3, "integers": [1, 2], "flags": [true, false], "numbers": [1, 0.5],
        "words": ["a", "b"], "rows": [[1, 2], []], "counts": {"a": 1}, "large": 9_223_372_036_854_775_808_u64, "number": 2,
    });
    assert_eq!(round_trip(&full), json);
    assert_eq!(
        format!("{:?}", input().words(["a"]).extra("other", "b").build()),
        r#"MInput { any: null, count: 3, seed1: 2, seed_1: 1, words: ["a"], other: "b" }"#
    );
    let read = |json: Value| serde_json::from_value::<fields::MInput>(json);
    let null = json!({ "seed_1": 1.0, "seed1": 2, "any": 1, "count": null });
    assert_eq!(round_trip(&read(null).expect("null is valid"))["count"], Value::Null);
    read(json!({ "seed_1": 1, "seed1": 2, "any": 1, "count": 1.0 })).expect("an integer, whatever its spelling");
    let missing = read(json!({ "seed_1": 1 })).expect_err("three are missing").to_string();
    assert!(missing.starts_with("`any`, `count`, `seed1` are missing"), "{missing}");
}

#[test]
fn inputs_are_equal_if_the_same_is_sent() {
    let input = || fields::M::input().seed_1(1).seed1(2).any(0).count(3);
    assert_eq!(input().extra("words", "x").build(), input().words(["a"]).extra("words", "x").build());
    assert_eq!(
        format!("{:?}", input().words(["a"]).extra("words", "x").build()),
        r#"MInput { any: 0, count: 3, seed1: 2, seed_1: 1, words: "x" }"#
    );
    assert_ne!(input().build(), input().words(["a"]).build());
    assert_eq!(
        input().words(["a"]).build(),
        input().words(["b"]).words(["a"]).maybe_words(None::<[String; 0]>).build()
    );
}

#[test]
fn numbers_that_json_lacks_are_refused() {
    let input = || fields::M::input().seed_1(1).seed1(2).any(0).count(3);
    for (number, text) in [(f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let error = input().number(number).build().validate().expect_err(text).to_string();
        assert_eq!(error, format!("`number` must be a finite number, got {text} (@cf/test/fields)"));
        let input = input().numbers([1.0, number]).build();
        assert!(serde_json::to_string(&input).is_err_and(|error| error.to_string().contains("is not a finite number")));
    }
}

#[test]
fn nested_parts_take_little_stack() {
    use fields::MInputTree2 as Tree;
    let mut tree = Tree::builder().name("leaf").build();
    for _ in 0..1_000 {
        tree = Tree::builder().left(tree).build();
    }
    let input = fields::M::input().seed_1(1).seed1(2).any(0).count(3).tree(tree).build();
    input.validate().expect("it is valid");
    assert!(serde_json::to_string(&input).is_ok_and(|text| text.ends_with(&"}".repeat(1_000))));
    assert!(input.clone() == input);
}

mod constants_of_alternatives {
    #[workers_ai::workers_ai_model(
        "@cf/test/constants-of-alternatives",
        catalog = "schemas/constants-of-alternatives.json"
    )]
    pub struct M;
}

#[test]
fn each_alternative_has_its_own_constant() {
    use constants_of_alternatives::{M, MInput};
    assert_eq!(round_trip(&M::input().prompt("a").build()), json!({ "prompt": "a", "mode": "p" }));
    assert_eq!(round_trip(&M::input().words(["a"]).build()), json!({ "words": ["a"], "mode": "w" }));
    for (invalid, message) in [
        (json!({ "prompt": "a", "mode": "w" }), r#"`mode` must be "p", not "w""#),
        (json!({ "words": ["a"], "mode": "p" }), r#"`mode` must be "w", not "p""#),
        (json!({ "words": ["a"] }), "`mode` is missing"),
        (json!({ "words": ["a"], "prompt": "a", "mode": "p" }), r#"`mode` must be "w", not "p""#),
    ] {
        let error = serde_json::from_value::<MInput>(invalid).expect_err(message).to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn null_of_one_alternative_is_kept_and_defaults_are_sent() {
    use null_and_defaults::{M, MInput, MInputLevel};
    let built = M::input().null_w().build();
    let json = serde_json::to_value(&built).expect("JSON");
    assert_eq!(json, json!({"w": null, "ratio": 0.5, "names": ["a"], "maybe": "x"}));
    let read: MInput = serde_json::from_value(json.clone()).expect("an input");
    assert_eq!(serde_json::to_value(&read).expect("JSON"), json);
    let given = json!({"v": "a", "ratio": 1, "names": [], "maybe": null});
    let read: MInput = serde_json::from_value(given.clone()).expect("an input");
    assert_eq!(serde_json::to_value(&read).expect("JSON"), given, "null is not the default");
    assert_eq!(MInputLevel::ALL.map(|level| level.as_str()), ["ALL", "NONE"]);
}
