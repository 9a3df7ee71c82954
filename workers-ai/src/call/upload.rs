//! Calls with a file that arrives in chunks.

use std::{error::Error as StdError, fmt, future::IntoFuture, marker::PhantomData};

use ::bytes::Bytes;
use futures_core::Stream;
use workers_ai_types::{
    Model, Request, Run,
    codec::{Body, Decode},
    media::Media,
};

use super::{
    CallFuture,
    options::{Options, options},
    pipeline::{Answer, complete, within},
    request::PreparedRequest,
};
use crate::{
    Error, Reply, WorkersAi,
    transport::{BodyStream, TransportError},
};

type Prepare = Box<dyn Fn(Media) -> PreparedRequest + Send>;

impl WorkersAi {
    /// Calls a model with a file that arrives in chunks: from a disk, or from a browser that is still sending it.
    ///
    /// `input` builds the request with the file in its place; it may be called twice. Models that take the file as the body receive the
    /// chunks as they arrive, in one attempt: they cannot be sent again. For all others the chunks are joined first.
    ///
    /// ```no_run
    /// use futures_util::stream;
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/deepgram/nova-3")]
    /// pub struct Nova;
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// // For a file: `tokio_util::io::ReaderStream::new(tokio::fs::File::open("talk.mp3").await?)`.
    /// let chunks = stream::iter([Ok::<_, std::io::Error>(vec![0xff, 0xfb]), Ok(vec![0x90, 0x64])]);
    /// let transcript = ai.upload(Nova, "audio/mpeg", chunks, |audio| Nova::input().audio(audio).language("en")).await?;
    /// println!("{}", transcript.text());
    /// # Ok(())
    /// # }
    /// ```
    #[allow(clippy::needless_pass_by_value, reason = "a model is passed like a value: `ai.upload(Nova, …)`")]
    pub fn upload<M: Model<This: Run>, R: Request<M::This>, B, E>(
        &self,
        model: M,
        content_type: impl Into<String>,
        chunks: impl Stream<Item = Result<B, E>> + Send + 'static,
        input: impl Fn(Media) -> R + Send + 'static,
    ) -> UploadCall<M, R::Output>
    where
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let facts = model.facts();
        let prepare = move |media| PreparedRequest::encode(facts, &input(media).into_input(), false);
        UploadCall {
            ai: self.clone(),
            prepare: Box::new(prepare),
            content_type: content_type.into(),
            chunks: BodyStream::new(chunks),
            options: Options::default(),
            output: PhantomData,
        }
    }
}

/// A call with a file that arrives in chunks. Returned by [`WorkersAi::upload`].
#[must_use = "a call is made when it is awaited"]
pub struct UploadCall<M, T> {
    ai: WorkersAi,
    prepare: Prepare,
    content_type: String,
    chunks: BodyStream,
    options: Options,
    output: PhantomData<fn(M) -> T>,
}

impl<M, T> UploadCall<M, T> {
    fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    options!(gateway of M);
}

impl<M, T> fmt::Debug for UploadCall<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadCall").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<M, T: Decode> IntoFuture for UploadCall<M, T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        let Self { ai, prepare, content_type, chunks, options, .. } = self;
        let answer = upload(ai, prepare, content_type, chunks, options);
        CallFuture::new(Box::pin(answer), Answer::decode::<T>)
    }
}

async fn upload(
    ai: WorkersAi,
    prepare: Prepare,
    content_type: String,
    chunks: BodyStream,
    mut options: Options,
) -> Result<Answer, Error> {
    /// Stands for the file until it has arrived.
    const PLACEHOLDER: [u8; 1] = [0];
    let media = |bytes: Vec<u8>| Media::new(bytes).with_content_type(content_type.clone());
    let request = prepare(media(PLACEHOLDER.to_vec()));
    let is_body = matches!(&request.body, Ok(Body::File { bytes, .. }) if *bytes == PLACEHOLDER);
    let request = if is_body {
        PreparedRequest { upload: Some(chunks), ..request }
    } else {
        // If the request cannot be sent at all, the file need not be read.
        request.body?;
        options.check()?;
        let file = async {
            let unreadable = |error| TransportError::build(error).into();
            chunks.collect().await.map_err(unreadable)
        };
        let file = within(&ai, options.timeout.or(ai.timeout), "file", file).await?;
        prepare(media(file))
    };
    drop(prepare);
    complete(&ai, PreparedRequest { options, ..request }).await
}
