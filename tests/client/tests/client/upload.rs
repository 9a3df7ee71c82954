//! Files that arrive in chunks.

use std::{io, time::Duration};

use futures_util::{StreamExt, stream};
use workers_ai::{Error, error::TransportErrorKind, gateway::Gateway, media::Transcript};
use workers_ai_sim::Fault;

use crate::{
    models::{Aura, Flux2, Nova, Whisper},
    setup::{chain, start},
};

/// A recording in chunks.
async fn recording(ai: &workers_ai::WorkersAi, text: &str) -> Vec<Result<Vec<u8>, io::Error>> {
    let spoken = ai.run(Aura, Aura::input().text(text)).await.expect("speech");
    let bytes = spoken.audio.decode().expect("a recording");
    bytes.chunks(bytes.len() / 5 + 1).map(|piece| Ok(piece.to_vec())).collect()
}

#[tokio::test]
async fn a_file_is_the_body_where_the_model_takes_it_so_and_is_put_together_elsewhere() {
    let (sim, ai) = start().await;
    let pieces = stream::iter(recording(&ai, "the tide comes in").await);
    let heard = ai.upload(Nova, "audio/mpeg", pieces, |audio| Nova::input().audio(audio).language("en"));
    let heard = heard.tags(["tide"]).await.expect("a transcript");
    assert_eq!(Transcript::text(&*heard), "the tide comes in");
    let request = &sim.requests()[1];
    assert_eq!(request.header("transfer-encoding"), Some("chunked"));
    assert_eq!(request.header("content-type"), Some("audio/mpeg"));
    assert_eq!(request.uri.query(), Some("tags=tide&language=en"));

    let pieces = stream::iter(recording(&ai, "and it goes out").await);
    let heard = ai.upload(Whisper, "audio/mpeg", pieces, |audio| Whisper::input().audio(audio)).await;
    assert_eq!(Transcript::text(&*heard.expect("a transcript")), "and it goes out");
    assert!(sim.requests()[3].json()["audio"].is_string());

    let picture = stream::iter([Ok::<_, io::Error>(vec![0xff, 0xd8]), Ok(vec![0xff, 0xe0, 0, 0])]);
    let form = |image| Flux2::input().prompt("the same at dawn").num_steps(4).input_image_0(image);
    ai.upload(Flux2, "image/jpeg", picture, form).await.expect("a picture");
    assert!(sim.requests()[4].header("content-type").expect("a form").starts_with("multipart/form-data"));
}

#[tokio::test]
async fn what_was_sent_piece_by_piece_is_not_sent_again() {
    let (sim, ai) = start().await;
    let pieces = recording(&ai, "the tide").await;
    for fault in [Fault::code(3040), Fault::status(502), Fault::reset()] {
        let before = sim.request_count();
        sim.fail_next(fault);
        let pieces: Vec<_> =
            pieces.iter().map(|piece| Ok::<_, io::Error>(piece.as_ref().expect("bytes").clone())).collect();
        let heard = ai.upload(Nova, "audio/mpeg", stream::iter(pieces), |audio| Nova::input().audio(audio));
        let error = heard.await.expect_err("a fault");
        assert!(error.is_retryable(), "{error}");
        assert_eq!(sim.request_count() - before, 1);
    }
    // A file that is joined first can be sent again.
    sim.fail_next(Fault::code(3040));
    let before = sim.request_count();
    ai.upload(Whisper, "audio/mpeg", stream::iter(pieces), |audio| Whisper::input().audio(audio)).await.expect("text");
    assert_eq!(sim.request_count() - before, 2);
}

#[tokio::test]
async fn a_file_that_never_arrives_is_not_waited_for_forever() {
    let (sim, ai) = start().await;
    let never = || stream::pending::<Result<Vec<u8>, io::Error>>();
    let whisper = ai.upload(Whisper, "audio/mpeg", never(), |audio| Whisper::input().audio(audio));
    let nova = ai.upload(Nova, "audio/mpeg", never(), |audio| Nova::input().audio(audio));
    for error in [
        whisper.timeout(Duration::from_millis(20)).await.expect_err("no file"),
        nova.timeout(Duration::from_millis(20)).await.expect_err("no file"),
    ] {
        assert!(error.is_timeout(), "{error}");
    }
    assert!(sim.requests().is_empty());
}

#[tokio::test]
async fn a_file_that_breaks_off_is_an_error_that_says_why() {
    let (_sim, ai) = start().await;
    let broken = || stream::iter([Ok(vec![0xff, 0xfb]), Err(io::Error::other("the disk is gone"))]);
    let error = ai.upload(Nova, "audio/mpeg", broken(), |audio| Nova::input().audio(audio)).await.expect_err("broken");
    assert!(chain(&error).contains("the disk is gone"), "{}", chain(&error));
    let error = ai.upload(Whisper, "audio/mpeg", broken(), |audio| Whisper::input().audio(audio)).await;
    assert!(matches!(&error, Err(Error::Transport(error)) if error.kind == TransportErrorKind::Build), "{error:?}");

    // A call that cannot be made fails without reading anything.
    let unread = || stream::once(async { panic!("nobody reads it") }).map(|()| Ok::<Vec<u8>, io::Error>(Vec::new()));
    let whisper = ai.upload(Whisper, "audio/mpeg", unread(), |audio| Whisper::input().audio(audio));
    let error = whisper.gateway(Gateway::new("a/b")).await.expect_err("no gateway");
    assert!(matches!(error, Error::Configuration(_)), "{error}");
    let form = |image| Flux2::input().prompt("").num_steps(4).input_image_0(image);
    let error = ai.upload(Flux2, "image/jpeg", unread(), form).await.expect_err("no prompt");
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
}
