//! The hostile server, below HTTP.

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

use super::treatment::Treatment;

/// A server that counts the responses that it computes for each call.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    calls: Calls,
}

/// The number of requests of each call, and of the responses that were computed.
type Calls = Arc<Mutex<HashMap<u64, (u32, u32)>>>;

/// The header that names a call.
pub(super) const CALL: &str = "x-call";

impl Server {
    pub(super) async fn start(seed: u64) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let (address, calls) = (listener.local_addr()?, Calls::default());
        let shared = Arc::clone(&calls);
        tokio::spawn(async move {
            for connection in 0_u64.. {
                match listener.accept().await {
                    // What the peer does to the connection is its business.
                    Ok((stream, _)) => drop(tokio::spawn(serve(stream, seed, connection, Arc::clone(&shared)))),
                    Err(_) => tokio::task::yield_now().await,
                }
            }
        });
        Ok(Self { address, calls })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, (u32, u32)>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of responses that were computed.
    pub(super) fn computed(&self) -> u64 {
        self.lock().values().map(|(_, computed)| u64::from(*computed)).sum()
    }

    /// Returns the number of responses that were computed for a call beyond the first.
    pub(super) fn twice(&self) -> u64 {
        self.lock().values().map(|(_, computed)| u64::from(computed.saturating_sub(1))).sum()
    }

    /// Returns whether a response was computed for a call.
    pub(super) fn has_computed(&self, call: u64) -> bool {
        self.lock().get(&call).is_some_and(|(_, computed)| *computed > 0)
    }
}

/// Serves the requests of a connection.
async fn serve(mut stream: TcpStream, seed: u64, connection: u64, calls: Calls) -> io::Result<()> {
    if Treatment::of((seed, "connection", connection)) == Treatment::Reset {
        // Bytes left unread when a socket closes make the kernel send a reset.
        return stream.readable().await;
    }
    let mut buffer = Vec::new();
    loop {
        let Some((call, streams)) = request(&mut stream, &mut buffer).await? else { return Ok(()) };
        let treatment = {
            let mut calls = calls.lock().unwrap_or_else(PoisonError::into_inner);
            let (requests, computed) = calls.entry(call).or_default();
            *requests += 1;
            let treatment = Treatment::of((seed, call, *requests));
            *computed += u32::from(treatment.computes());
            treatment
        };
        for (pause, bytes) in treatment.pieces(streams) {
            tokio::time::sleep(pause).await;
            stream.write_all(&bytes).await?;
        }
        if !matches!(treatment, Treatment::Answer | Treatment::Busy | Treatment::Refusal) {
            return stream.shutdown().await;
        }
    }
}

/// Reads a request. Returns its call, and whether it asks for a stream. `None`: the client closed the connection.
async fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<(u64, bool)>> {
    const MAX_BYTES: usize = 1 << 20;
    loop {
        let head = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = head.map(|at| at + 4) {
            let head = String::from_utf8_lossy(&buffer[..end]).to_ascii_lowercase();
            let header = |name: &str| {
                let line = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
                line.and_then(|value| value.trim().parse::<u64>().ok())
            };
            let length = usize::try_from(header("content-length").unwrap_or_default()).unwrap_or(MAX_BYTES);
            if buffer.len() >= end + length {
                let body = String::from_utf8_lossy(&buffer[end..end + length]).into_owned();
                let call = header(CALL).unwrap_or_default();
                buffer.drain(..end + length);
                return Ok(Some((call, body.contains("\"stream\":true"))));
            }
        }
        if buffer.len() > MAX_BYTES || stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    }
}

/// Returns how many connections the process may have, after asking for as many as the system allows.
pub(super) fn connections() -> usize {
    const RESERVED: u64 = 100;
    #[cfg(unix)]
    let limit = {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap_or((1024, 1024));
        if setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok() { hard } else { soft }
    };
    #[cfg(not(unix))]
    let limit = 4096;
    usize::try_from(limit.saturating_sub(RESERVED)).unwrap_or(usize::MAX)
}
