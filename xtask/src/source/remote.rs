//! The three places on the net that know models.

use std::collections::BTreeSet;

use futures_util::{StreamExt as _, stream};
use indicatif::{ProgressBar, ProgressStyle};
use reqwest::Url;
use serde_json::{Value, json};
use workers_ai_catalog::glob;

use super::{
    Covers, Fetched, Found, entry,
    fetch::{Behaviour, Client},
    reply::{Content, Reply},
    secret::Secret,
};
use crate::{
    error::{Error, Result},
    snapshot::id,
};

/// How many requests are under way at once.
const AT_ONCE: usize = 8;

/// More pages than this are refused.
const MOST_PAGES: u64 = 500;

/// Where and how to ask.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The origin, where it is not the usual one.
    pub base: Option<&'a str>,
    /// The account and its token, for the sources that need them.
    pub account: Option<(String, Secret)>,
    /// Only models that this pattern names.
    pub only: Option<&'a str>,
    /// Whether upstream's prose is kept.
    pub prose: bool,
    /// Retries and limits.
    pub behaviour: Behaviour,
}

/// Asks the feed that Cloudflare's documentation is built from.
///
/// # Errors
/// When it cannot be had or is no feed.
pub async fn docs(ask: &Ask<'_>) -> Result<Fetched> {
    let client = client(None, ask)?;
    let url = origin(ask.base.unwrap_or("https://ai-cloudflare-com.pages.dev"), &["api", "models"])?;
    let items = client
        .get(&url, |reply| match &reply.succeeded()?.content {
            Content::Feed(items) => Ok(items.clone()),
            _ => Err("the answer is no model feed: it has no list `models`".to_owned()),
        })
        .await
        .map_err(Error::Fetch)?;
    let mut fetched = Fetched { source: "docs", covers: Covers::Own, ..Fetched::default() };
    for item in items {
        let (id, found) = read(&item, ask.prose, |id, value, prose| {
            Ok(Found { facts: entry::feed(id, value, prose)?, origin: None, with_schema: true })
        });
        if wanted(id.as_deref(), ask.only) {
            fetched.add(id, found);
        }
    }
    Ok(fetched)
}

/// Asks an account's list of models, then for each model's schema.
///
/// # Errors
/// When the list cannot be had.
pub async fn account(ask: &Ask<'_>) -> Result<Fetched> {
    let (account, client) = authorised(ask)?;
    let base = ask.base.unwrap_or("https://api.cloudflare.com");
    let list = origin(base, &["client", "v4", "accounts", &account, "ai", "models", "search"])?;
    let schema = origin(base, &["client", "v4", "accounts", &account, "ai", "models", "schema"])?;
    let items = pages(&client, &list).await?;
    let mut fetched = Fetched { source: "account", covers: Covers::Own, ..Fetched::default() };
    let one = |(id, item): (String, String)| {
        let (client, mut url) = (&client, schema.clone());
        url.query_pairs_mut().append_pair("model", &id);
        async move {
            let found = async {
                id::check(&id)?;
                let mut value = entry::parse(&item)?;
                let Some(pair) = client.get(&url, result_or_nothing).await? else {
                    return Ok(Found { facts: entry::feed(&id, &value, ask.prose)?, origin: None, with_schema: true });
                };
                let pair = entry::parse(&pair)?;
                if pair.get("input").is_none() && pair.get("output").is_none() {
                    return Err(format!("GET {url}: the answer holds neither `input` nor `output`"));
                }
                value["schema"] = json!({"input": pair.get("input"), "output": pair.get("output")});
                Ok(Found { facts: entry::feed(&id, &value, ask.prose)?, origin: None, with_schema: true })
            };
            let found: Result<Found, String> = found.await;
            (id, found)
        }
    };
    each(&mut fetched, heads(items, ask.only), one).await;
    Ok(fetched)
}

/// Asks the unified catalog's list, then for each model's detail.
///
/// # Errors
/// When the list cannot be had.
pub async fn unified(ask: &Ask<'_>) -> Result<Fetched> {
    let (account, client) = authorised(ask)?;
    let base = ask.base.unwrap_or("https://api.cloudflare.com");
    let path = ["client", "v4", "accounts", &account, "ai", "catalog", "models"];
    let list = origin(base, &path)?;
    let items = pages(&client, &list).await?;
    let mut fetched = Fetched { source: "unified", covers: Covers::Partners, ..Fetched::default() };
    let notes = std::cell::RefCell::new(Vec::new());
    let one = |(id, _): (String, String)| {
        let (client, path, notes) = (&client, &path, &notes);
        async move {
            let found = async {
                id::check(&id)?;
                let url = origin(base, &[path.as_slice(), &[&id]].concat()).map_err(|e| e.to_string())?;
                let detail = client.get(&url, result).await?;
                let (named, _) = entry::head(&detail).map_err(|cause| format!("GET {url}: {cause}"))?;
                if named != id {
                    return Err(format!("GET {url}: the answer describes `{}`", named.escape_debug()));
                }
                let (facts, note) = entry::unified(&id, &entry::parse(&detail)?, ask.prose)?;
                notes.borrow_mut().extend(note);
                Ok(Found { facts, origin: None, with_schema: true })
            };
            let found: Result<Found, String> = found.await;
            (id, found)
        }
    };
    each(&mut fetched, heads(items, ask.only), one).await;
    fetched.notes = notes.into_inner();
    fetched.notes.sort_unstable();
    Ok(fetched)
}

/// The object that an answer is about, or nothing where there is none.
fn result_or_nothing(reply: &Reply) -> Result<Option<String>, String> {
    match &reply.succeeded()?.content {
        Content::Nothing => Ok(None),
        _ => result(reply).map(Some),
    }
}

/// The object that an answer is about.
fn result(reply: &Reply) -> Result<String, String> {
    match &reply.succeeded()?.content {
        Content::Result(result) | Content::Object(result) => Ok(result.clone()),
        Content::Nothing => Err("the service has nothing for this model".to_owned()),
        Content::Feed(_) | Content::Page(_) => Err("the answer is a list, not one model".to_owned()),
    }
}

/// Reads one model of a list.
pub(super) fn read(
    item: &str,
    prose: bool,
    facts: impl Fn(&str, &Value, bool) -> Result<Found, String>,
) -> (Option<String>, Result<Found, String>) {
    match entry::head(item) {
        Ok((id, _)) => {
            let found = id::check(&id).and_then(|()| facts(&id, &entry::parse(item)?, prose));
            (Some(id), found)
        }
        Err(cause) => (None, Err(cause)),
    }
}

type Heads = Vec<Result<(String, String), String>>;

fn heads(items: Vec<String>, only: Option<&str>) -> Heads {
    let mut seen = BTreeSet::new();
    let mut heads = Vec::new();
    for item in items {
        match entry::head(&item) {
            Ok((id, _)) if !wanted(Some(&id), only) || !seen.insert(id.clone()) => {}
            Ok((id, _)) => heads.push(Ok((id, item))),
            Err(cause) => heads.push(Err(cause)),
        }
    }
    heads
}

fn wanted(id: Option<&str>, only: Option<&str>) -> bool {
    match (id, only) {
        (Some(id), Some(only)) => glob(only, id),
        (None, Some(_)) => false,
        (_, None) => true,
    }
}

/// Asks for every model, several at once.
async fn each<F>(fetched: &mut Fetched, heads: Heads, one: impl Fn((String, String)) -> F)
where
    F: Future<Output = (String, Result<Found, String>)>,
{
    let mut asked = Vec::new();
    for head in heads {
        match head {
            Ok(head) => asked.push(head),
            Err(cause) => fetched.add(None, Err(cause)),
        }
    }
    // Drawn on standard error, and only where that is a terminal.
    let bar = ProgressBar::new(asked.len() as u64).with_style(style());
    let mut answers = stream::iter(asked).map(one).buffer_unordered(AT_ONCE);
    while let Some((id, found)) = answers.next().await {
        bar.set_message(id.clone());
        bar.inc(1);
        fetched.add(Some(id), found);
    }
    bar.finish_and_clear();
    fetched.bad.sort_by(|a, b| a.id.cmp(&b.id));
}

fn style() -> ProgressStyle {
    ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// All pages of a list: until as many models came as there are said to be, or a page is empty.
async fn pages(client: &Client, list: &Url) -> Result<Vec<String>> {
    let mut items: Vec<String> = Vec::new();
    for page in 1..=MOST_PAGES {
        let mut url = list.clone();
        url.query_pairs_mut().append_pair("page", &page.to_string()).append_pair("per_page", "100");
        let (found, total) = client
            .get(&url, |reply| match &reply.succeeded()?.content {
                Content::Page(items) => Ok((items.clone(), reply.total)),
                Content::Nothing if page > 1 => Ok((Vec::new(), reply.total)),
                _ => Err("the answer has no list `result`".to_owned()),
            })
            .await
            .map_err(Error::Fetch)?;
        if found.is_empty() {
            return Ok(items);
        }
        if found.iter().all(|item| items.contains(item)) {
            return Err(Error::Fetch(format!("GET {url}: page {page} repeats what came before it")));
        }
        items.extend(found);
        if total.is_some_and(|total| items.len() as u64 >= total) {
            return Ok(items);
        }
    }
    Err(Error::Fetch(format!("GET {list}: more than {MOST_PAGES} pages")))
}

fn client(token: Option<Secret>, ask: &Ask<'_>) -> Result<Client> {
    Client::new(token, ask.behaviour.clone()).map_err(Error::Fetch)
}

fn authorised(ask: &Ask<'_>) -> Result<(String, Client)> {
    let Some((account, token)) = &ask.account else {
        return Err(Error::Usage(
            "this source needs CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN; `--from docs` needs neither".to_owned(),
        ));
    };
    Ok((account.clone(), client(Some(token.clone()), ask)?))
}

/// An address of an origin, its segments encoded.
fn origin(base: &str, segments: &[&str]) -> Result<Url> {
    let wrong = |cause: &str| Error::Usage(format!("`{base}` is no address to ask: {cause}"));
    let mut url = Url::parse(base).map_err(|_| wrong("an origin is wanted, such as `http://localhost:8787`"))?;
    if !matches!(url.scheme(), "http" | "https") || !matches!(url.path(), "" | "/") || url.query().is_some() {
        return Err(wrong("an origin is wanted, such as `http://localhost:8787`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it must hold no user and no password"));
    }
    url.path_segments_mut().map_err(|()| wrong("it cannot have a path"))?.clear().extend(segments);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn an_id_is_one_segment_of_an_address() {
        let url = origin("http://localhost:1", &["ai", "catalog", "models", "google/nano-banana"]).unwrap();
        assert_eq!(url.as_str(), "http://localhost:1/ai/catalog/models/google%2Fnano-banana");
    }

    #[test]
    fn only_an_origin_is_a_base() {
        for base in ["", "localhost", "file:///etc", "http://h/path", "http://h?x", "http://user:pass@h"] {
            assert!(origin(base, &["x"]).is_err(), "{base}");
        }
    }
}
