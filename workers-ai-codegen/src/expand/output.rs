//! The output of a model: its types, and how they are read.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use workers_ai_catalog::{Field, Kind, Presence};

use super::{Context, docs, object as members, ty, union};
use crate::{
    names::ident,
    plan::{Answer, LocalForm, Media, Member, Object, Output, Plan, Shape, Ty},
};

/// Returns the names of the output's own types.
pub(super) fn names<'p>(plan: &'p Plan<'_>) -> impl Iterator<Item = Ident> + use<'p> {
    let parts = match &plan.output {
        Output::Several(answers) => answers.as_slice(),
        _ => &[],
    };
    let parts = parts.iter().filter_map(|(_, answer)| match answer {
        Answer::Object(object) => Some(ident(&object.name)),
        Answer::Type(_) => None,
    });
    std::iter::once(ident(&plan.output_name())).chain(parts)
}

/// Generates the type of the output.
pub(super) fn tokens(cx: &Context<'_>) -> TokenStream {
    let Context { private, vis, target, .. } = cx;
    let name = cx.output();
    match &cx.plan.output {
        Output::Object(object) => {
            let tokens = self::object(cx, object);
            let replies = replies(cx, object);
            // A chat model may answer in the form of other chat models.
            let decode = ident(if is_chat(object) { "decode_chat" } else { "decode_json" });
            quote! {
                #tokens
                #replies
                impl #private::Decode for #name {
                    fn decode(content_type: #private::Option<&#private::str>, body: &[#private::u8]) -> #private::Result<Self, #private::DecodeError> {
                        #private::#decode(content_type, body)
                    }
                }
            }
        }
        Output::Single(Ty::Shape(Shape::Named(shape))) if shape == "Embeddings" => {
            let doc = docs::attribute(&format!("The embeddings of `{}`.", cx.id()));
            let (model, pooling) = (&target.name, ident(&cx.parameter("Pooled")));
            quote!(#doc #vis type #name<#pooling = #private::Fixed> = #private::Embeddings<#model, #pooling>;)
        }
        Output::Single(single) => newtype(cx, &name, single),
        Output::Several(answers) => several(cx, &name, answers),
        Output::Media(media) => self::media(cx, &name, *media),
        Output::Either(object, media) => either(cx, &name, object, *media),
    }
}

/// Returns the type of one of the model's outputs, or of the whole.
pub(super) fn answer(cx: &Context<'_>, index: Option<usize>, pooling: Option<&Ident>) -> TokenStream {
    let Context { private, target, .. } = cx;
    let model = &target.name;
    let whole = cx.output();
    match &cx.plan.output {
        Output::Several(answers) => match index.and_then(|index| answers.get(index)) {
            Some((_, Answer::Object(object))) => {
                let name = ident(&object.name);
                quote!(#name)
            }
            Some((_, Answer::Type(of))) => ty::field(cx, of, false),
            None => quote!(#whole),
        },
        Output::Single(Ty::Shape(Shape::Named(shape))) if shape == "Embeddings" => match pooling {
            Some(pooling) => quote!(#private::Embeddings<#model, #pooling>),
            None => quote!(#private::Embeddings<#model, #private::Fixed>),
        },
        _ => quote!(#whole),
    }
}

/// Generates an object that is received.
pub(super) fn object(cx: &Context<'_>, object: &Object) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let name = ident(&object.name);
    let part = if object.name.ends_with("Output") { "The output" } else { "A part of the output" };
    let doc = docs::attribute(&format!("{part} of {}.", cx.owner()));
    let names: Vec<Ident> = object.members.iter().map(|member| ident(&member.name)).collect();
    let fields = object.members.iter().zip(&names).map(|(member, name)| {
        let doc = docs::attribute(&docs::member(cx, member, false));
        let of = ty::field(cx, &member.ty, false);
        let of = if member.presence == Presence::Required { of } else { quote!(#private::Option<#of>) };
        quote!(#doc #vis #name: #of,)
    });
    let extra =
        object.open.then(|| quote!(#[doc = " Members that the catalog does not name."] #vis extra: #private::Extra,));
    let read = read(cx, object, &names);
    let write = cx.both.then(|| write(cx, object, &names));
    quote! {
        #doc
        #[derive(#private::Clone, #private::Debug, #private::PartialEq)]
        #vis struct #name { #(#fields)* #extra }
        #read
        #write
    }
}

fn read(cx: &Context<'_>, object: &Object, names: &[Ident]) -> TokenStream {
    let members = object.members.iter().zip(names).map(|(member, name)| {
        let method = ident(match member.ty {
            Ty::Int(_) => "integer",
            ref ty if ty.has_integers() => "integers",
            Ty::Number => "number",
            // Null is valid too, beside tool calls.
            Ty::Shape(Shape::Named(ref shape)) if shape == "LegacyResponse" => "whole",
            Ty::Shape(Shape::Named(ref shape)) if shape == "Usage" => "usage",
            _ if member.keeps_null && member.presence == Presence::Required => "whole",
            _ => "value",
        });
        members::Read {
            wire: &member.wire,
            name: name.clone(),
            call: quote!(#method(&mut #name)),
            required: member.presence == Presence::Required,
            constant: false,
        }
    });
    let members: Vec<members::Read<'_>> = members.collect();
    let others = if object.open { members::Others::Kept } else { members::Others::Skipped };
    let extra = object.open.then(|| quote!(extra,));
    let made = quote!(Self { #(#names,)* #extra });
    members::read(cx, &ident(&object.name), &members, &TokenStream::new(), &made, others)
}

fn write(cx: &Context<'_>, object: &Object, names: &[Ident]) -> TokenStream {
    let private = &cx.private;
    let name = ident(&object.name);
    let extra = object.open.then(|| quote!(extra(&self.extra)));
    let members = object.members.iter().zip(names).map(|(member, name)| {
        let wire = &member.wire;
        let value = if member.keeps_null { quote!(#private::Kept(&self.#name)) } else { quote!(self.#name) };
        quote!(member(#wire, &#value))
    });
    let members: Vec<TokenStream> = extra.into_iter().chain(members).collect();
    let write = members::write(cx, &name, &TokenStream::new(), &quote!(let _ = to #(.#members)*;));
    quote!(#write impl #private::Wire for #name {})
}

/// Generates an output that is not an object, such as a list.
fn newtype(cx: &Context<'_>, name: &Ident, single: &Ty) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let of = ty::field(cx, single, false);
    let doc = docs::attribute(&format!("The output of `{}`.", cx.id()));
    let write = cx.both.then(|| {
        quote! {
            impl #private::Serialize for #name {
                fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                    #private::Serialize::serialize(&self.0, to)
                }
            }
        }
    });
    let is_chat = *single == Ty::Shape(Shape::Named("ChatCompletion".to_owned()));
    let decode = ident(if is_chat { "decode_chat" } else { "decode_json" });
    let chat = is_chat.then(|| {
        quote! {
            impl #private::HasChatReply for #name {
                type Reply = #private::ChatCompletion;
                fn reply(&self) -> &#private::ChatCompletion { &self.0 }
            }
        }
    });
    quote! {
        #doc
        #[derive(#private::Clone, #private::Debug, #private::PartialEq)]
        #vis struct #name(
            /// The value itself.
            #vis #of
        );
        impl ::core::ops::Deref for #name {
            type Target = #of;
            fn deref(&self) -> &#of { &self.0 }
        }
        impl<'de> #private::Deserialize<'de> for #name {
            fn deserialize<__D: #private::Deserializer<'de>>(from: __D) -> #private::Result<Self, __D::Error> {
                #private::Ok(Self(#private::Deserialize::deserialize(from)?))
            }
        }
        impl #private::Decode for #name {
            fn decode(content_type: #private::Option<&#private::str>, body: &[#private::u8]) -> #private::Result<Self, #private::DecodeError> {
                #private::#decode(content_type, body)
            }
        }
        #chat
        #write
    }
}

/// Generates an output that is one of several types.
fn several(cx: &Context<'_>, name: &Ident, answers: &[(String, Answer)]) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let doc = docs::attribute(&format!("The output of `{}`, which depends on the input.", cx.id()));
    let variants: Vec<Ident> = answers.iter().map(|(variant, _)| ident(variant)).collect();
    let types: Vec<TokenStream> = (0..answers.len()).map(|index| answer(cx, Some(index), None)).collect();
    let objects = answers.iter().map(|(_, answer)| match answer {
        Answer::Object(object) => {
            let tokens = self::object(cx, object);
            let replies = replies(cx, object);
            let of = ident(&object.name);
            quote! {
                #tokens
                #replies
                impl #private::Decode for #of {
                    fn decode(content_type: #private::Option<&#private::str>, body: &[#private::u8]) -> #private::Result<Self, #private::DecodeError> {
                        #private::decode_json(content_type, body)
                    }
                }
            }
        }
        Answer::Type(_) => TokenStream::new(),
    });
    let ways = answers.iter().map(|(_, answer)| match answer {
        Answer::Object(object) => union::object(cx, &object.members, std::iter::empty(), object.open),
        Answer::Type(of) => union::way(cx, of, None),
    });
    let read = union::read(cx, name, &variants, &ways.collect::<Vec<_>>(), false);
    let write = cx.both.then(|| {
        quote! {
            impl #private::Serialize for #name {
                fn serialize<__S: #private::Serializer>(&self, to: __S) -> #private::Result<__S::Ok, __S::Error> {
                    match self { #(Self::#variants(answer) => #private::Serialize::serialize(answer, to),)* }
                }
            }
        }
    });
    quote! {
        #(#objects)*
        #doc
        #[derive(#private::Clone, #private::Debug, #private::PartialEq)]
        #vis enum #name { #(#[doc = " One kind of output."] #variants(#types),)* }
        #read
        impl #private::Decode for #name {
            fn decode(content_type: #private::Option<&#private::str>, body: &[#private::u8]) -> #private::Result<Self, #private::DecodeError> {
                #private::decode_json(content_type, body)
            }
        }
        #write
    }
}

fn media_names(media: Media) -> (&'static str, &'static str, &'static str) {
    let (member, has) = match media {
        Media::Image => ("image", "HasImage"),
        Media::Audio => ("audio", "HasAudio"),
        Media::File => ("file", "HasFile"),
    };
    (media.shape(), member, has)
}

/// Generates an output that is binary.
fn media(cx: &Context<'_>, name: &Ident, media: Media) -> TokenStream {
    let Context { private, vis, .. } = cx;
    let (of, member, has) = media_names(media);
    let doc = docs::attribute(&format!("The output of `{}`.", cx.id()));
    let field_doc = docs::attribute(&format!("The {member}."));
    let (of, member, has) = (ident(of), ident(member), ident(has));
    let both = cx.both.then(|| {
        let object = Object {
            name: name.to_string(),
            members: vec![media_member(&member.to_string(), &of.to_string())],
            open: false,
        };
        let read = read(cx, &object, std::slice::from_ref(&member));
        let write = write(cx, &object, std::slice::from_ref(&member));
        quote!(#read #write)
    });
    quote! {
        #doc
        #[derive(#private::Clone, #private::Debug, #private::PartialEq)]
        #vis struct #name { #field_doc #vis #member: #private::#of }
        impl #private::Decode for #name {
            fn decode(content_type: #private::Option<&#private::str>, body: &[#private::u8]) -> #private::Result<Self, #private::DecodeError> {
                #private::Ok(Self { #member: #private::#of::from_body(content_type, body)? })
            }
        }
        impl #private::#has for #name { fn #member(&self) -> &#private::#of { &self.#member } }
        #both
    }
}

fn media_member(name: &str, shape: &str) -> Member {
    Member {
        name: name.to_owned(),
        wire: name.to_owned(),
        ty: Ty::Shape(Shape::Named(shape.to_owned())),
        presence: Presence::Required,
        keeps_null: false,
        why: None,
        doc: None,
        unchecked: Vec::new(),
        default: None,
        bounds: workers_ai_catalog::Bounds::default(),
        alternatives: 0,
        missing: None,
    }
}

/// Generates an output that is either JSON with the media in it, or the media alone.
fn either(cx: &Context<'_>, name: &Ident, object: &Object, media: Media) -> TokenStream {
    let Context { private, .. } = cx;
    let tokens = self::object(cx, object);
    let replies = replies(cx, object);
    let of = media.shape();
    let shape = ident(of);
    let made = object.members.iter().map(|member| {
        let name = ident(&member.name);
        match (&member.ty, member.presence) {
            (Ty::Shape(Shape::Named(shape)), presence) if shape == of => {
                if presence == Presence::Required {
                    quote!(#name: bytes,)
                } else {
                    quote!(#name: #private::Some(bytes),)
                }
            }
            _ => quote!(#name: #private::Default::default(),),
        }
    });
    let extra = object.open.then(|| quote!(extra: #private::Extra::new(),));
    quote! {
        #tokens
        #replies
        impl #private::Decode for #name {
            fn decode(content_type: #private::Option<&#private::str>, body: &[#private::u8]) -> #private::Result<Self, #private::DecodeError> {
                if #private::is_json(content_type, body) { return #private::decode_json(content_type, body); }
                let bytes = #private::#shape::from_body(content_type, body)?;
                #private::Ok(Self { #(#made)* #extra })
            }
        }
    }
}

/// Generates the common accessors, for those members that the output has.
fn replies(cx: &Context<'_>, object: &Object) -> TokenStream {
    let private = &cx.private;
    let name = ident(&object.name);
    let mut tokens = TokenStream::new();
    let find = |shape: &str| {
        object.members.iter().find(|member| matches!(&member.ty, Ty::Shape(Shape::Named(named)) if named == shape))
    };
    let required = |shape: &str| find(shape).filter(|member| member.presence == Presence::Required);
    if let Some(member) = required("Image") {
        let field = ident(&member.name);
        tokens
            .extend(quote!(impl #private::HasImage for #name { fn image(&self) -> &#private::Image { &self.#field } }));
    }
    if let Some(member) = required("Audio") {
        let field = ident(&member.name);
        tokens
            .extend(quote!(impl #private::HasAudio for #name { fn audio(&self) -> &#private::Audio { &self.#field } }));
    }
    if let Some(text) = transcript(cx, object) {
        tokens.extend(quote!(impl #private::Transcript for #name { fn text(&self) -> &#private::str { #text } }));
    }
    if cx.output() == object.name || !matches!(cx.plan.output, Output::Object(_)) {
        tokens.extend(chat(cx, &name, object));
    }
    tokens
}

/// Returns the transcript: a text of the output itself, or of its first channel's best alternative.
fn transcript(cx: &Context<'_>, object: &Object) -> Option<TokenStream> {
    let is_audio = |field: &Field| {
        let media = ["ByteArray", "Base64Data", "DataUri", "RawBody"];
        field.wire == "audio" && matches!(&field.place.kind, Kind::Shape(name) if media.contains(&name.as_str()))
    };
    if !cx.plan.model.input.fields.iter().any(is_audio) {
        return None;
    }
    let private = &cx.private;
    let own =
        object.members.iter().find(|m| m.wire == "text" && m.ty == Ty::String && m.presence == Presence::Required);
    if let Some(member) = own {
        let field = ident(&member.name);
        return Some(quote!(&self.#field));
    }
    let mut found = quote!(#private::Some(self));
    let mut object = object;
    for wire in ["results", "channels", "alternatives", "transcript"] {
        let member = object.members.iter().find(|member| member.wire == wire)?;
        let field = ident(&member.name);
        let (of, then) = match &member.ty {
            Ty::List(items) => (&**items, quote!(.and_then(|list| <[_]>::first(list)))),
            other => (other, TokenStream::new()),
        };
        found = if member.presence == Presence::Required {
            quote!(#found.map(|it| &it.#field) #then)
        } else {
            quote!(#found.and_then(|it| #private::Option::as_ref(&it.#field)) #then)
        };
        match of {
            Ty::Local(index) => match &cx.plan.types[*index].form {
                LocalForm::Read(next) => object = next,
                _ => return None,
            },
            Ty::String => return Some(quote!(#found.map_or("", |text| #private::String::as_str(text)))),
            _ => return None,
        }
    }
    None
}

/// Returns whether an object is the response of a chat model.
fn is_chat(object: &Object) -> bool {
    let shapes = ["Vec<Choice>", "LegacyResponse"];
    object
        .members
        .iter()
        .any(|member| matches!(&member.ty, Ty::Shape(Shape::Named(named)) if shapes.contains(&named.as_str())))
}

fn chat(cx: &Context<'_>, name: &Ident, object: &Object) -> TokenStream {
    let private = &cx.private;
    let shape = |shape: &str| {
        object.members.iter().find(|member| matches!(&member.ty, Ty::Shape(Shape::Named(named)) if named == shape))
    };
    let option = |member: &Member| {
        let field = ident(&member.name);
        if member.presence == Presence::Required {
            quote!(#private::Some(&self.#field))
        } else {
            quote!(#private::Option::as_ref(&self.#field))
        }
    };
    let list = |member: Option<&Member>| match member {
        Some(member) => {
            let field = ident(&member.name);
            if member.presence == Presence::Required {
                quote!(&self.#field)
            } else {
                quote!(#private::Option::as_deref(&self.#field).unwrap_or(&[]))
            }
        }
        None => quote!(&[]),
    };
    let usage = shape("Usage").map_or_else(|| quote!(#private::None), option);
    if let Some(choices) = shape("Vec<Choice>") {
        let choices = list(Some(choices));
        return quote! {
            impl #private::ChatReply for #name {
                fn choices(&self) -> &[#private::Choice] { #choices }
                fn usage(&self) -> #private::Option<&#private::Usage> { #usage }
            }
        };
    }
    let Some(response) = shape("LegacyResponse") else { return TokenStream::new() };
    let response = option(response);
    let calls = list(shape("Vec<ToolCall>"));
    quote! {
        impl #private::ChatReply for #name {
            fn response(&self) -> #private::Option<&#private::LegacyResponse> { #response }
            fn calls(&self) -> &[#private::ToolCall] { #calls }
            fn usage(&self) -> #private::Option<&#private::Usage> { #usage }
        }
    }
}
