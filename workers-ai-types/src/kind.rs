//! The types of your own that can be a field: the compiler is asked, so that aliases and newtypes work.

use std::{borrow::Cow, rc::Rc, sync::Arc};

use crate::{
    chat::{Message, NativeFormat, OpenAiFormat, Tool, ToolChoice},
    embeddings::Contexts,
    media::{Base64Data, ByteArray, DataUri, FormFile, RawBody},
};

/// The kinds of value that a field may have.
pub mod kinds {
    use std::marker::PhantomData;

    /// A boolean.
    #[derive(Debug)]
    pub enum Bool {}
    /// An integer.
    #[derive(Debug)]
    pub enum Int {}
    /// A number.
    #[derive(Debug)]
    pub enum Number {}
    /// A string.
    #[derive(Debug)]
    pub enum Text {}
    /// A list.
    #[derive(Debug)]
    pub struct List<T>(PhantomData<T>);
    /// One value, or a list of several.
    #[derive(Debug)]
    pub struct OneOrMany<T>(PhantomData<T>);
    /// Exactly this type.
    #[derive(Debug)]
    pub struct Exactly<T>(PhantomData<T>);
    /// An optional value.
    #[derive(Debug)]
    pub struct Maybe<T>(PhantomData<T>);
}

use kinds::{Bool, Exactly, Int, List, Maybe, Number, OneOrMany, Text};

/// A type whose values can be a field of a checked struct. Implement it for your own newtypes:
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::checked::WireType;
///
/// #[derive(serde::Serialize)]
/// struct Steps(u8);
///
/// impl WireType for Steps {
///     type Kind = <u8 as WireType>::Kind;
///     type Inner = Self::Kind;
/// }
/// ```
pub trait WireType {
    /// The kind of its values on the wire.
    type Kind;
    /// The same without `Option`.
    type Inner;
}

/// A kind that can be used where another is expected.
pub trait Fits<Wanted> {}

macro_rules! kinds {
    ($($kind:ty: $($of:ty),*;)*) => { $($(
        impl WireType for $of {
            type Kind = $kind;
            type Inner = $kind;
        }
    )*)* };
}
kinds! {
    Bool: bool;
    Int: u8, u16, u32, u64, usize, i8, i16, i32, i64, isize;
    Number: f32, f64;
    Text: str, String, Cow<'_, str>;
}

macro_rules! exact {
    ($($of:ty),*) => { $(
        impl WireType for $of {
            type Kind = Exactly<$of>;
            type Inner = Exactly<$of>;
        }
    )* };
}
exact!(Tool, ToolChoice, NativeFormat, OpenAiFormat, Contexts, Base64Data, ByteArray, DataUri, FormFile, RawBody);

impl<C> WireType for Message<C> {
    type Kind = Exactly<Self>;
    type Inner = Exactly<Self>;
}

macro_rules! lists {
    ($([$($generics:tt)*] $of:ty;)*) => { $(
        impl<$($generics)*> WireType for $of {
            type Kind = List<T::Kind>;
            type Inner = List<T::Kind>;
        }
    )* };
}
lists! {
    [T: WireType] Vec<T>;
    [T: WireType] [T];
    [T: WireType, const N: usize] [T; N];
}

macro_rules! pointers {
    ($($of:ty),*) => { $(
        impl<T: WireType + ?Sized> WireType for $of {
            type Kind = T::Kind;
            type Inner = T::Inner;
        }
    )* };
}
pointers!(&T, Box<T>, Rc<T>, Arc<T>);

impl<T: WireType> WireType for crate::one_or_many::OneOrMany<T> {
    type Kind = OneOrMany<T::Kind>;
    type Inner = OneOrMany<T::Kind>;
}

impl<T: WireType> WireType for Option<T> {
    type Kind = Maybe<T::Kind>;
    type Inner = T::Kind;
}

impl Fits<Bool> for Bool {}
impl Fits<Int> for Int {}
impl Fits<Number> for Int {}
impl Fits<Number> for Number {}
impl Fits<Text> for Text {}
impl<A: Fits<B>, B> Fits<List<B>> for List<A> {}
impl<A: Fits<B>, B> Fits<OneOrMany<B>> for OneOrMany<A> {}
impl<A: Fits<B>, B> Fits<OneOrMany<B>> for List<A> {}
impl<T> Fits<Exactly<T>> for Exactly<T> {}

macro_rules! single {
    ($($of:ty),*) => { $(impl<B> Fits<OneOrMany<B>> for $of where $of: Fits<B> {})* };
}
single!(Bool, Int, Number, Text);
