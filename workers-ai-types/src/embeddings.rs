//! Embeddings, with the model and the pooling that produced them in their type: vectors that do not compare do not mix.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};

use crate::{
    decode::{Decode, DecodeError, decode_json},
    extra::Extra,
    fast_vectors::{self, Found},
    open_enum::open_enum,
    read::{ReadObject, Reader, deserialize},
    wire::Num,
};
pub use crate::{
    model::{Dimensions, TextEmbedding},
    replies::Vectors,
};

open_enum! {
    /// The method by which the vectors of a text's tokens are combined into one.
    PoolingMethod {
        /// The mean of the tokens' vectors.
        Mean = "mean",
        /// The vector of the first token.
        Cls = "cls",
    }
}

/// Texts to rank or to embed.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::embeddings::Contexts;
///
/// let contexts: Contexts = ["a lighthouse", "a ship"].into();
/// assert_eq!(serde_json::to_string(&contexts).unwrap(), r#"[{"text":"a lighthouse"},{"text":"a ship"}]"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contexts(pub Vec<String>);

impl Serialize for Contexts {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|text| Context { text: Cow::Borrowed(text) }))
    }
}

impl<'de> Deserialize<'de> for Contexts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let contexts = Vec::<Context<'_>>::deserialize(from)?;
        Ok(Self(contexts.into_iter().map(|context| context.text.into_owned()).collect()))
    }
}

impl crate::wire::Wire for Contexts {}

impl<T: Into<String>> From<Vec<T>> for Contexts {
    fn from(texts: Vec<T>) -> Self {
        texts.into_iter().collect()
    }
}

impl<T: Into<String>, const N: usize> From<[T; N]> for Contexts {
    fn from(texts: [T; N]) -> Self {
        texts.into_iter().collect()
    }
}

impl<T: Clone + Into<String>> From<&[T]> for Contexts {
    fn from(texts: &[T]) -> Self {
        texts.iter().cloned().collect()
    }
}

impl<T: Clone + Into<String>> From<&Vec<T>> for Contexts {
    fn from(texts: &Vec<T>) -> Self {
        texts.iter().cloned().collect()
    }
}

impl<T: Into<String>> FromIterator<T> for Contexts {
    fn from_iter<I: IntoIterator<Item = T>>(texts: I) -> Self {
        Self(texts.into_iter().map(Into::into).collect())
    }
}

impl Contexts {
    /// Iterates over the texts.
    pub fn iter(&self) -> std::slice::Iter<'_, String> {
        self.0.iter()
    }
}

impl<'c> IntoIterator for &'c Contexts {
    type Item = &'c String;
    type IntoIter = std::slice::Iter<'c, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

struct Context<'t> {
    text: Cow<'t, str>,
}

impl Serialize for Context<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(1))?;
        map.serialize_entry("text", &self.text)?;
        map.end()
    }
}

impl<'de> ReadObject<'de> for Context<'static> {
    const MEMBERS: &'static [&'static str] = &["text"];

    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
        let mut text: Option<String> = None;
        while let Some(member) = from.next(Self::MEMBERS)? {
            if member == 0 { from.value(&mut text)? } else { from.skip()? }
        }
        Ok(Self { text: Cow::Owned(text.unwrap_or_default()) })
    }
}

impl<'de> Deserialize<'de> for Context<'static> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize(from)
    }
}

/// A pooling as a type: [`Mean`], [`Cls`], or [`Dyn`] for one that is known only at run time.
pub trait Pooling: Clone + fmt::Debug + PartialEq + 'static {
    /// Returns the pooling as a value.
    fn method(&self) -> PoolingMethod;
}

/// Mean pooling, the default of all models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mean;

/// The only pooling of a model, which the caller cannot choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed;

/// Pooling by the first token. Its vectors cannot be compared with those of [`Mean`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cls;

/// A pooling that is known only at run time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dyn(pub PoolingMethod);

impl Pooling for Mean {
    fn method(&self) -> PoolingMethod {
        PoolingMethod::Mean
    }
}

impl Pooling for Cls {
    fn method(&self) -> PoolingMethod {
        PoolingMethod::Cls
    }
}

impl Pooling for Dyn {
    fn method(&self) -> PoolingMethod {
        self.0.clone()
    }
}

/// Embeddings of one model and pooling, in the order of the texts.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::embeddings::{Embeddings, Mean};
///
/// let two: Embeddings<(), _> = serde_json::from_str(r#"{"shape":[2,3],"data":[[1,0,0],[0,1,0]]}"#).unwrap();
/// let two: Embeddings<(), Mean> = two;
/// assert_eq!(two.get(1), Some(&[0.0, 1.0, 0.0][..]));
/// for vector in &two {
///     assert_eq!(vector.len(), 3);
/// }
/// ```
pub struct Embeddings<M, P = Mean> {
    numbers: Vec<f32>,
    count: usize,
    dimensions: usize,
    /// The pooling that the service reports.
    pub pooling: Option<PoolingMethod>,
    /// Members that the catalog does not know.
    pub extra: Extra,
    of: PhantomData<fn() -> (M, P)>,
}

impl<M, P> Embeddings<M, P> {
    /// Returns the number of vectors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    /// Returns `true` if there are no vectors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Returns the length of each vector.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Returns the vector with this index.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&[f32]> {
        let start = index.checked_mul(self.dimensions)?;
        (index < self.count).then(|| self.numbers.get(start..start + self.dimensions)).flatten()
    }

    /// Returns the vector with this index, with its length in its type. Only for models whose length the catalog knows.
    ///
    /// Also `None` if the service returned vectors of another length, which [`Embeddings::dimensions`] tells.
    ///
    /// ```
    /// # use workers_ai_types as workers_ai;
    /// use workers_ai::embeddings::{Dimensions, Embeddings};
    ///
    /// fn length<M: Dimensions<384>, P>(answer: &Embeddings<M, P>) -> Option<usize> {
    ///     let vector: &[f32; 384] = answer.array(0)?;
    ///     Some(vector.len())
    /// }
    /// ```
    #[must_use]
    pub fn array<const N: usize>(&self, index: usize) -> Option<&[f32; N]>
    where
        M: Dimensions<N>,
    {
        self.get(index)?.try_into().ok()
    }

    /// Iterates over the vectors, in order.
    #[must_use]
    pub fn iter(&self) -> VectorIter<'_> {
        self.into_iter()
    }

    /// Returns the indexes of vectors that contain only zeros. These are not embeddings: a search would find them close to nothing,
    /// or to everything. The service has sent some without an error.
    pub fn zeros(&self) -> impl Iterator<Item = usize> {
        self.iter().enumerate().filter(|(_, vector)| vector.iter().all(|number| *number == 0.0)).map(|(index, _)| index)
    }

    /// Returns all numbers, one vector after the other.
    #[must_use]
    pub fn as_flat(&self) -> &[f32] {
        &self.numbers
    }
}

impl<'e, M, P> IntoIterator for &'e Embeddings<M, P> {
    type Item = &'e [f32];
    type IntoIter = VectorIter<'e>;

    fn into_iter(self) -> VectorIter<'e> {
        VectorIter { numbers: &self.numbers, dimensions: self.dimensions, left: self.count }
    }
}

/// Iterates over the vectors of [`Embeddings`].
#[derive(Debug, Clone)]
pub struct VectorIter<'e> {
    numbers: &'e [f32],
    dimensions: usize,
    left: usize,
}

impl<'e> Iterator for VectorIter<'e> {
    type Item = &'e [f32];

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let (vector, rest) = self.numbers.split_at_checked(self.dimensions)?;
        self.numbers = rest;
        Some(vector)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for VectorIter<'_> {}

impl<M, P> Vectors for Embeddings<M, P> {
    fn count(&self) -> usize {
        self.count
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn vector(&self, index: usize) -> Option<&[f32]> {
        self.get(index)
    }
}

impl<M, P> Clone for Embeddings<M, P> {
    fn clone(&self) -> Self {
        Self {
            numbers: self.numbers.clone(),
            count: self.count,
            dimensions: self.dimensions,
            pooling: self.pooling.clone(),
            extra: self.extra.clone(),
            of: PhantomData,
        }
    }
}

impl<M, P> fmt::Debug for Embeddings<M, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Embeddings({} of {} dimensions, {:?})", self.count, self.dimensions, self.pooling)
    }
}

impl<M, P> PartialEq for Embeddings<M, P> {
    fn eq(&self, other: &Self) -> bool {
        (self.count, self.dimensions, &self.numbers, &self.pooling, &self.extra)
            == (other.count, other.dimensions, &other.numbers, &other.pooling, &other.extra)
    }
}

impl<'de, M, P> ReadObject<'de> for Embeddings<M, P> {
    const MEMBERS: &'static [&'static str] = &["data", "response", "shape", "pooling"];

    fn read<R: Reader<'de>>(from: &mut R) -> Result<Self, R::Error> {
        let mut rows = None;
        let mut pooling = None;
        let mut extra = Extra::new();
        while let Some(member) = from.next(Self::MEMBERS)? {
            match member {
                0 | 1 => from.value(&mut rows),
                // The shape repeats what the vectors show.
                2 => from.skip(),
                3 => from.value(&mut pooling),
                _ => from.keep(&mut extra),
            }?;
        }
        let Rows { numbers, count, dimensions } = from.required("data", rows)?;
        Ok(Self { numbers, count, dimensions, pooling, extra, of: PhantomData })
    }
}

impl<'de, M, P> Deserialize<'de> for Embeddings<M, P> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        deserialize(from)
    }
}

impl<M, P> Decode for Embeddings<M, P> {
    fn decode(content_type: Option<&str>, body: &[u8]) -> Result<Self, DecodeError> {
        if let Some(Found { numbers, count, dimensions, rest }) = fast_vectors::find(body, ["data", "response"])
            && let Ok(around) = decode_json::<Self>(None, &rest)
            && around.numbers == [fast_vectors::MARK]
        {
            return Ok(Self { numbers, count, dimensions, ..around });
        }
        decode_json(content_type, body)
    }
}

impl<M, P> Serialize for Embeddings<M, P> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("shape", &[self.count, self.dimensions])?;
        map.serialize_entry("data", &Written(self))?;
        if let Some(pooling) = &self.pooling {
            map.serialize_entry("pooling", pooling)?;
        }
        for (name, value) in &self.extra {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct Written<'e, M, P>(&'e Embeddings<M, P>);

impl<M, P> Serialize for Written<'_, M, P> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut rows = to.serialize_seq(Some(self.0.len()))?;
        for row in self.0 {
            rows.serialize_element(&row.iter().map(|number| Num(f64::from(*number))).collect::<Vec<_>>())?;
        }
        rows.end()
    }
}

/// Rows of equal length in one list: one allocation for all vectors.
#[derive(Default)]
struct Rows {
    numbers: Vec<f32>,
    count: usize,
    dimensions: usize,
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct All;
        impl<'de> Visitor<'de> for All {
            type Value = Rows;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of vectors")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rows, A::Error> {
                let mut rows = Rows::default();
                while let Some(length) = seq.next_element_seed(Row(&mut rows.numbers))? {
                    if rows.count == 0 {
                        rows.dimensions = length;
                    } else if rows.dimensions != length {
                        return Err(A::Error::custom(format_args!(
                            "vector {} has {length} numbers where the first has {}",
                            rows.count, rows.dimensions
                        )));
                    }
                    rows.count += 1;
                }
                Ok(rows)
            }
        }
        from.deserialize_seq(All)
    }
}

struct Row<'r>(&'r mut Vec<f32>);

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<usize, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Row<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of numbers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<usize, A::Error> {
        let start = self.0.len();
        while let Some(number) = seq.next_element::<f32>()? {
            self.0.push(number);
        }
        Ok(self.0.len() - start)
    }

    /// Reads a vector in OpenAI's form: `{"object": "embedding", "index": 0, "embedding": […]}`.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut length = None;
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            if name == "embedding" && length.is_none() {
                length = Some(map.next_value_seed(Row(self.0))?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        length.ok_or_else(|| A::Error::missing_field("embedding"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Embeddings, Mean};

    #[test]
    fn ragged_vectors_are_refused_by_name() {
        let error = serde_json::from_str::<Embeddings<(), Mean>>(r#"{"data":[[1,2],[3]]}"#).expect_err("ragged");
        assert!(error.to_string().contains("vector 1 has 1 numbers where the first has 2"), "{error}");
    }

    #[test]
    fn vectors_in_the_form_of_openai_are_read() {
        let text =
            r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1,2]},{"embedding":[3,4]}]}"#;
        let read: Embeddings<(), Mean> = serde_json::from_str(text).expect("vectors");
        assert_eq!((read.get(0), read.get(1), read.len()), (Some(&[1.0, 2.0][..]), Some(&[3.0, 4.0][..]), 2));
        let error = serde_json::from_str::<Embeddings<(), Mean>>(r#"{"data":[{"index":0}]}"#).expect_err("none");
        assert!(error.to_string().contains("missing field `embedding`"), "{error}");
    }

    #[test]
    fn what_was_read_is_written_again() {
        let text = r#"{"shape":[2,2],"data":[[0.5,1],[-2,0.25]],"pooling":"cls","usage":{"n":1}}"#;
        let read: Embeddings<(), Mean> = serde_json::from_str(text).expect("vectors");
        assert_eq!(serde_json::to_string(&read).expect("JSON"), text);
    }
}
