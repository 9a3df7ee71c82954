//! The impls of an enum whose variants are models.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use workers_ai_catalog::{Capability, Set, Variation};

use super::{
    Context, builder, model,
    tokens::{Fragment, join},
};
use crate::{SetVariant, names::ident, plan::SetPlan};

pub(super) fn tokens(cx: &Context<'_>, set: &Set, variants: &[SetVariant<'_>]) -> TokenStream {
    let input = ident(&cx.plan.input.name);
    join([
        model::hidden_rules(cx),
        model(cx, set, variants, &input),
        names(cx, variants),
        text(cx),
        model::capabilities(cx, &input),
        gates(cx, &input),
    ])
}

/// Generates the impl of the model, whose facts depend on the value.
fn model(cx: &Context<'_>, set: &Set, variants: &[SetVariant<'_>], input: &Ident) -> TokenStream {
    let Context { private, target, .. } = cx;
    let (name, output) = (&target.name, model::output(cx));
    let models = variants.iter().zip(&set.variations).map(|(variant, variation)| {
        let (id, info, variation) =
            (&variant.model.id, model::info(private, variant.model), self::variation(private, variation));
        quote!(#private::ModelFacts::new(#id, &#info, #name::__RULES.0).varied(&#variation))
    });
    quote! {
        impl #private::Model for #name {
            const MODELS: &'static [#private::ModelFacts] = &[#(#models),*];
            type This = Self;
            type Input = #input;
            type Output = #output;
            fn facts(&self) -> #private::ModelFacts {
                <Self as #private::Model>::MODELS[#private::ModelSet::position(*self)]
            }
        }
    }
}

fn variation(private: &Fragment, variation: &Variation) -> TokenStream {
    let body = builder::body_kind(private, &variation.body);
    let streams = variation.stream == Some(true);
    let renamed = variation.renamed.iter().map(|(wire, own)| quote!((#wire, #own)));
    let sent = variation.sent.iter().map(|(wire, value)| {
        let json = value.to_string();
        quote!((#wire, #json))
    });
    let files = variation.files.iter().map(|(wire, shape)| {
        let json = ident(match shape.as_str() {
            "ByteArray" => "BYTES",
            "DataUri" => "DATA_URI",
            _ => "BASE64",
        });
        quote!((#wire, #private::FileJson::#json))
    });
    let native = variation.native_format;
    quote! {
        #private::Variation {
            body: #body,
            streams_by_default: #streams,
            renamed: &[#(#renamed),*],
            sent: &[#(#sent),*],
            files: &[#(#files),*],
            native_format: #native,
        }
    }
}

/// Generates the list of the models.
fn names(cx: &Context<'_>, variants: &[SetVariant<'_>]) -> TokenStream {
    let Context { private, target, .. } = cx;
    let name = &target.name;
    let idents: Vec<&Ident> = variants.iter().map(|variant| &variant.name).collect();
    let texts = idents.iter().map(|ident| {
        let text = ident.to_string();
        text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
    });
    let positions = 0..idents.len();
    quote! {
        impl #private::ModelSet for #name {
            const ALL: &'static [Self] = &[#(#name::#idents),*];
            const NAMES: &'static [&'static #private::str] = &[#(#texts),*];
            fn position(self) -> #private::usize {
                match self { #(#name::#idents => #positions,)* }
            }
        }
    }
}

/// Generates how a model is read from text, and written: as its ID.
fn text(cx: &Context<'_>) -> TokenStream {
    let Context { private, target, .. } = cx;
    let name = &target.name;
    let read = (!target.derives("Deserialize")).then(|| {
        quote! {
            impl<'de> #private::Deserialize<'de> for #name {
                fn deserialize<__D: #private::Deserializer<'de>>(from: __D) -> #private::Result<Self, __D::Error> {
                    #private::read_model(from)
                }
            }
        }
    });
    let write = (!target.derives("Serialize")).then(|| {
        quote! {
            impl #private::Serialize for #name {
                fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                    #private::Serializer::serialize_str(to, #private::Model::id(self))
                }
            }
        }
    });
    quote! {
        impl #private::FromStr for #name {
            type Err = #private::UnknownModel;
            fn from_str(text: &#private::str) -> #private::Result<Self, #private::UnknownModel> {
                #private::find_model(text)
            }
        }
        impl #private::fmt::Display for #name {
            fn fmt(&self, f: &mut #private::fmt::Formatter<'_>) -> #private::fmt::Result {
                f.pad(#private::Model::id(self))
            }
        }
        #read
        #write
    }
}

/// Generates the capabilities that some models lack. Their impls have a condition that is never met, whose message names those
/// models. It is about a lifetime, since the compiler would check one about a type here instead of where it is used.
fn gates(cx: &Context<'_>, input: &Ident) -> TokenStream {
    let Context { private, target, plan, .. } = cx;
    let name = &target.name;
    let Some(set) = &plan.set else { return TokenStream::new() };
    let gates = set.lacking.iter().map(|(capability, _)| {
        let (of, types) = (ident(capability.name()), model::capability_types(cx, *capability, input));
        let gate = format_ident!("__Lacks{}", of);
        let message = lacks(set, *capability);
        quote! {
            #[diagnostic::on_unimplemented(message = #message, note = "a set of models has the capabilities that all of its models have")]
            pub trait #gate {}
            impl #private::#of for #name where for<'a> #private::Gate<'a>: #gate { #types }
        }
    });
    join(gates)
}

/// Says which models lack a capability.
fn lacks(set: &SetPlan, capability: Capability) -> String {
    let (who, several) = set.lacking(capability).unwrap_or_default();
    let does = if several { "do" } else { "does" };
    let words = match capability {
        Capability::Run => return format!("{who} cannot be run: only over a realtime connection"),
        Capability::GatewayCompatible => return format!("{who} cannot be called through a gateway"),
        Capability::TextEmbedding => "return embeddings",
        Capability::Reasoning => "reason",
        Capability::Streaming => "support streaming",
        Capability::Batch => "support batches",
        Capability::Tools => "support tools",
        Capability::Vision => "support images",
        Capability::Lora => "support LoRA",
        Capability::Realtime => "support realtime connections",
        Capability::JsonMode => "support JSON mode",
    };
    format!("{who} {does} not {words}")
}
