//! The three remote sources: the docs feed, the account's API, the unified catalog.

use std::collections::{BTreeSet, HashSet};

use futures_util::{StreamExt as _, stream};
use reqwest::Url;
use serde_json::{Value, json};

use super::{
    Fetched, Found, Scope, entry,
    fetch::{Behaviour, Client},
    reply::{Content, Reply},
    secret::Secret,
};
use crate::{
    error::{Error, Result},
    only::Only,
    snapshot::id,
};

/// The number of concurrent requests.
const CONCURRENCY: usize = 8;

/// Longer lists are rejected.
const MAX_PAGES: u64 = 500;

/// Options for fetching.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The origin, if not the default.
    pub base: Option<&'a str>,
    /// The account ID and the API token, for the sources that need them.
    pub account: Option<(String, Secret)>,
    /// Reads only models whose ID matches this pattern.
    pub only: &'a Only,
    /// Keeps upstream's descriptions.
    pub prose: bool,
    /// Retries and limits.
    pub behaviour: Behaviour,
}

/// Fetches the feed that Cloudflare's documentation is built from.
///
/// # Errors
/// Returns an error if it cannot be fetched or is not a feed.
pub async fn docs(ask: &Ask<'_>) -> Result<Fetched> {
    let client = client(None, ask)?;
    let url = origin(ask.base.unwrap_or("https://ai-cloudflare-com.pages.dev"), &["api", "models"])?;
    let items = client
        .get(&url, |reply| match &reply.succeeded()?.content {
            Content::Feed(items) => Ok(items.clone()),
            _ => Err("the response is not a model feed: it has no list `models`".to_owned()),
        })
        .await
        .map_err(Error::Fetch)?;
    let mut fetched = Fetched { source: "docs", scope: Scope::Own, ..Fetched::default() };
    for item in items {
        let (id, found) = read(&item, ask.prose, |id, value, prose| {
            Ok(Found { facts: entry::feed(id, value, prose)?, origin: None, with_schema: true })
        });
        if ask.only.takes(id.as_deref()) {
            fetched.add(id, found);
        }
    }
    Ok(fetched)
}

/// Fetches an account's list of models and each model's schema.
///
/// # Errors
/// Returns an error if the list cannot be fetched.
pub async fn account(ask: &Ask<'_>) -> Result<Fetched> {
    let (account, client) = authorised(ask)?;
    let base = ask.base.unwrap_or("https://api.cloudflare.com");
    let list = origin(base, &["client", "v4", "accounts", &account, "ai", "models", "search"])?;
    let schema = origin(base, &["client", "v4", "accounts", &account, "ai", "models", "schema"])?;
    let (items, short) = pages(&client, &list).await?;
    let mut fetched = Fetched { source: "account", scope: Scope::Own, short, ..Fetched::default() };
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
                    return Err(format!("GET {url}: the response has neither `input` nor `output`"));
                }
                value["schema"] = json!({"input": pair.get("input"), "output": pair.get("output")});
                Ok(Found { facts: entry::feed(&id, &value, ask.prose)?, origin: None, with_schema: true })
            };
            let found: Result<Found, String> = found.await;
            (id, found)
        }
    };
    each(&client, &mut fetched, heads(items, ask.only), one).await;
    Ok(fetched)
}

/// Fetches the unified catalog's list and each model's entry.
///
/// # Errors
/// Returns an error if the list cannot be fetched.
pub async fn unified(ask: &Ask<'_>) -> Result<Fetched> {
    let (account, client) = authorised(ask)?;
    let base = ask.base.unwrap_or("https://api.cloudflare.com");
    let path = ["client", "v4", "accounts", &account, "ai", "catalog", "models"];
    let list = origin(base, &path)?;
    let (items, short) = pages(&client, &list).await?;
    let mut fetched = Fetched { source: "unified", scope: Scope::Partners, short, ..Fetched::default() };
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
                    return Err(format!("GET {url}: the response describes `{}`", named.escape_debug()));
                }
                let (facts, note) = entry::unified(&id, &entry::parse(&detail)?, ask.prose)?;
                notes.borrow_mut().extend(note);
                Ok(Found { facts, origin: None, with_schema: true })
            };
            let found: Result<Found, String> = found.await;
            (id, found)
        }
    };
    each(&client, &mut fetched, heads(items, ask.only), one).await;
    fetched.notes = notes.into_inner();
    fetched.notes.sort_unstable();
    Ok(fetched)
}

/// Returns the result of a response, if there is one.
fn result_or_nothing(reply: &Reply) -> Result<Option<String>, String> {
    match &reply.succeeded()?.content {
        Content::Nothing => Ok(None),
        _ => result(reply).map(Some),
    }
}

/// Returns the result of a response.
fn result(reply: &Reply) -> Result<String, String> {
    match &reply.succeeded()?.content {
        Content::Result(result) | Content::Object(result) => Ok(result.clone()),
        Content::Nothing => Err("the service has no entry for this model".to_owned()),
        Content::Feed(_) | Content::Page(_) => Err("the response is a list, not a model".to_owned()),
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

fn heads(items: Vec<String>, only: &Only) -> Heads {
    let mut seen = BTreeSet::new();
    let mut heads = Vec::new();
    for item in items {
        match entry::head(&item) {
            Ok((id, _)) if !only.matches(&id) || !seen.insert(id.clone()) => {}
            Ok((id, _)) => heads.push(Ok((id, item))),
            Err(cause) => heads.push(Err(cause)),
        }
    }
    heads
}

/// Fetches every model, with several concurrent requests.
async fn each<F>(client: &Client, fetched: &mut Fetched, heads: Heads, one: impl Fn((String, String)) -> F)
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
    let all = asked.len();
    let mut answers = stream::iter(asked).map(one).buffer_unordered(CONCURRENCY);
    while let Some((id, found)) = answers.next().await {
        fetched.add(Some(id), found);
        client.show(fetched.models.len(), all);
    }
    fetched.rejected.sort_by(|a, b| a.id.cmp(&b.id));
}

/// Fetches all pages of a list, until the total count is reached or a page is empty. If it was not reached, returns
/// how many there were, and the total count.
async fn pages(client: &Client, list: &Url) -> Result<(Vec<String>, Option<(usize, u64)>)> {
    let mut items: Vec<String> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut promised = None;
    for page in 1..=MAX_PAGES {
        let mut url = list.clone();
        url.query_pairs_mut().append_pair("page", &page.to_string()).append_pair("per_page", "100");
        let (found, total) = client
            .get(&url, |reply| match &reply.succeeded()?.content {
                Content::Page(items) => Ok((items.clone(), reply.total)),
                Content::Nothing if page > 1 => Ok((Vec::new(), reply.total)),
                _ => Err("the response has no list `result`".to_owned()),
            })
            .await
            .map_err(Error::Fetch)?;
        promised = total.or(promised);
        if found.is_empty() {
            let short = promised.map(|total| (known.len(), total)).filter(|(count, total)| (*count as u64) < *total);
            return Ok((items, short));
        }
        // Pages that overlap do not make a list complete.
        let name = |item: &String| entry::head(item).map_or_else(|_| item.clone(), |(id, _)| id);
        if found.iter().all(|item| known.contains(&name(item))) {
            return Err(Error::Fetch(format!("GET {url}: page {page} repeats earlier pages")));
        }
        known.extend(found.iter().map(name));
        items.extend(found);
        if promised.is_some_and(|total| known.len() as u64 >= total) {
            return Ok((items, None));
        }
    }
    Err(Error::Fetch(format!("GET {list}: more than {MAX_PAGES} pages")))
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

/// Returns a URL of an origin with the segments percent-encoded.
fn origin(base: &str, segments: &[&str]) -> Result<Url> {
    let wrong = |cause: &str| Error::Usage(format!("invalid base URL `{base}`: {cause}"));
    let mut url = Url::parse(base).map_err(|_| wrong("expected an origin such as `http://localhost:8787`"))?;
    if !matches!(url.scheme(), "http" | "https") || !matches!(url.path(), "" | "/") || url.query().is_some() {
        return Err(wrong("expected an origin such as `http://localhost:8787`"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it must not contain a user or a password"));
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
