//! Requests that no well-behaved client sends.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use workers_ai_sim::Sim;

use crate::setup::{LLAMA, api, bare};

/// Sends bytes and returns the status of the response. `None`: the server closed the connection.
async fn send(sim: &Sim, bytes: &[u8]) -> Option<u16> {
    let mut connection = TcpStream::connect(sim.url().replace("http://", "")).await.expect("a server");
    // A server that has heard enough may close while more is sent.
    let _ = connection.write_all(bytes).await;
    let _ = connection.shutdown().await;
    let mut answer = Vec::new();
    let _ = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).split(' ').nth(1)?.parse().ok()
}

#[tokio::test]
async fn what_is_not_http_is_refused_and_the_server_goes_on() {
    let sim = Sim::start().await.expect("a free port");
    for bytes in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        &[&b"GET /"[..], &vec![b'a'; 100_000], b" HTTP/1.1\r\n\r\n"].concat(),
    ] {
        let status = send(&sim, bytes).await;
        assert!(status.is_none_or(|status| (400..500).contains(&status)), "{status:?}");
    }
    let known = bare(&sim, "GET", &api(&sim, "/ai/models/search"), &[("authorization", &bearer(&sim))], b"").await;
    assert_eq!(known.status, 200);
}

#[tokio::test]
async fn a_path_leads_to_no_file() {
    let sim = Sim::start().await.expect("a free port");
    for path in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "//etc/passwd"] {
        for path in
            [path.to_owned(), api(&sim, &format!("/ai/run{path}")), api(&sim, &format!("/ai/catalog/models{path}"))]
        {
            for method in ["GET", "POST"] {
                let answer = bare(&sim, method, &path, &[("authorization", &bearer(&sim))], b"{}").await;
                assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
                assert!(!answer.text().contains("root:"), "{path}");
            }
        }
    }
}

#[tokio::test]
async fn a_body_of_a_hundred_megabytes_is_refused() {
    let sim = Sim::start().await.expect("a free port");
    let path = api(&sim, &format!("/ai/run/{LLAMA}"));
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\ncontent-length: 104857600\r\n\r\n",
        bearer(&sim)
    );
    let body = vec![b'x'; 100 << 20];
    let status = send(&sim, &[head.as_bytes(), &body].concat()).await;
    assert!(matches!(status, None | Some(413)), "{status:?}");
}

fn bearer(sim: &Sim) -> String {
    format!("Bearer {}", sim.token())
}
