//! Calls with a file that comes piece by piece.

use std::{error::Error as StdError, fmt, future::IntoFuture, marker::PhantomData};

use ::bytes::Bytes;
use futures_core::Stream;
use workers_ai_types::{Body, Decode, Media, Model, Request, Run};

use crate::{
    Error, Reply, WorkersAi,
    call::options::{Options, options},
    call::request::PreparedRequest,
    call::{complete_as, read},
    transport::maybe_send::{BoxFuture, MaybeSend},
    transport::{BodyStream, TransportError, TransportErrorKind},
};

#[cfg(not(target_arch = "wasm32"))]
type Make = Box<dyn Fn(Media) -> PreparedRequest + Send>;
#[cfg(target_arch = "wasm32")]
type Make = Box<dyn Fn(Media) -> PreparedRequest>;

impl WorkersAi {
    /// Calls a model with a file that comes piece by piece: from a disk, from a browser that is still sending it.
    ///
    /// `input` makes the request with the file in its place; it may be called twice. Models that take the file as the body get its
    /// pieces as they come, in one attempt: they cannot be sent again. For all others they are put together first.
    ///
    /// ```no_run
    /// use futures_util::stream;
    /// use workers_ai::prelude::*;
    ///
    /// #[workers_ai_model("@cf/deepgram/nova-3")]
    /// pub struct Nova;
    ///
    /// # async fn f(ai: WorkersAi) -> Result<(), workers_ai::Error> {
    /// // Of a file: `tokio_util::io::ReaderStream::new(tokio::fs::File::open("talk.mp3").await?)`.
    /// let pieces = stream::iter([Ok::<_, std::io::Error>(vec![0xff, 0xfb]), Ok(vec![0x90, 0x64])]);
    /// let heard = ai.upload(Nova, "audio/mpeg", pieces, |audio| Nova::input().audio(audio).language("en")).await?;
    /// println!("{}", heard.text());
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload<M: Model<This: Run>, R: Request<M::This>, B, E>(
        &self,
        _: M,
        content_type: impl Into<String>,
        pieces: impl Stream<Item = Result<B, E>> + MaybeSend + 'static,
        input: impl Fn(Media) -> R + MaybeSend + 'static,
    ) -> UploadCall<M, R::Output>
    where
        B: Into<Bytes>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let ai = self.clone();
        let make = move |media| ai.encode::<M, _>(&input(media).into_input(), false);
        UploadCall {
            ai: self.clone(),
            make: Box::new(make),
            content_type: content_type.into(),
            pieces: BodyStream::new(pieces),
            options: Options::default(),
            answer: PhantomData,
        }
    }
}

/// A call with a file. [`WorkersAi::upload`] returns it.
#[must_use = "a call is made when it is awaited"]
pub struct UploadCall<M, T> {
    ai: WorkersAi,
    make: Make,
    content_type: String,
    pieces: BodyStream,
    options: Options,
    answer: PhantomData<fn(M) -> T>,
}

impl<M, T> UploadCall<M, T> {
    options!(gateway of M);
}

impl<M, T> fmt::Debug for UploadCall<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UploadCall").field("options", &self.options).finish_non_exhaustive()
    }
}

impl<M: 'static, T: Decode + 'static> IntoFuture for UploadCall<M, T> {
    type Output = Result<Reply<T>, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        /// What stands for the file until it is there.
        const PLACEHOLDER: [u8; 1] = [0];
        let Self { ai, make, content_type, pieces, options, .. } = self;
        let media = |bytes: &[u8]| Media::new(bytes).with_content_type(content_type.clone());
        let encoded = make(media(&PLACEHOLDER));
        let is_body = matches!(&encoded.body, Ok(Body::File { bytes, .. }) if *bytes == PLACEHOLDER);
        Box::pin(async move {
            let encoded = if is_body {
                PreparedRequest { upload: Some(pieces), ..encoded }
            } else {
                // What cannot be sent at all need not be read.
                encoded.body?;
                options.check()?;
                let file =
                    pieces.collect().await.map_err(|error| TransportError::new(TransportErrorKind::Build, error))?;
                make(Media::new(file).with_content_type(content_type))
            };
            complete_as(&ai, PreparedRequest { options, ..encoded }, read).await
        })
    }
}
