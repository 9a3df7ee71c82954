//! The outer JSON of a response, with its models still unparsed, so that an invalid model does not affect the others.

use std::fmt;

use serde::{
    Deserialize, Deserializer as _,
    de::{Error as _, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::fetch_error::FetchError;

/// A response with the JSON text of its models.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The content.
    pub content: Content,
    /// The total number of models, if this is one page of several.
    pub total: Option<u64>,
    failed: bool,
    complaint: Option<String>,
}

/// The content of a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// `{"models": […]}`, or just the list.
    Feed(Vec<String>),
    /// `{"result": […]}`.
    Page(Vec<String>),
    /// `{"result": {…}}`.
    Result(String),
    /// Any other object.
    Object(String),
    /// `{"result": null}`.
    Nothing,
}

#[derive(Deserialize)]
struct Top<'a> {
    #[serde(borrow)]
    models: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    success: Option<bool>,
    #[serde(borrow)]
    errors: Option<&'a RawValue>,
    #[serde(borrow)]
    result_info: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct PageInfo {
    total_count: Option<u64>,
}

#[derive(Deserialize)]
struct Complaint {
    code: Option<i64>,
    message: Option<String>,
}

impl Reply {
    /// Parses the outer JSON.
    ///
    /// # Errors
    /// Returns an error if the text is HTML or invalid JSON.
    pub fn parse(text: &str) -> Result<Self, FetchError> {
        let content = |cause: String, cut: bool| FetchError::Content { cause, cut };
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('<') {
            let title = title(start).map(|title| format!(" (its title is `{title}`)")).unwrap_or_default();
            return Err(content(format!("the response is HTML, not JSON{title}"), false));
        }
        if start.is_empty() {
            return Err(content("the response is empty".to_owned(), true));
        }
        if start.starts_with('[') {
            let items = list(start).map_err(|e| content(format!("the response is not valid JSON: {e}"), e.is_eof()))?;
            return Ok(Self { content: Content::Feed(items), total: None, failed: false, complaint: None });
        }
        let top: Top<'_> = serde_json::from_str(start)
            .map_err(|e| content(format!("the response is not valid JSON: {e}"), e.is_eof()))?;
        let found = match (top.models, top.result) {
            (Some(models), _) if !models.get().starts_with('[') => {
                return Err(content("`models` is not a list of models".to_owned(), false));
            }
            (Some(models), _) => {
                Content::Feed(list(models.get()).map_err(|e| content(format!("`models`: {e}"), false))?)
            }
            (None, Some(result)) if result.get().starts_with('[') => {
                Content::Page(list(result.get()).map_err(|e| content(format!("`result`: {e}"), false))?)
            }
            (None, Some(result)) if result.get().starts_with('{') => Content::Result(result.get().to_owned()),
            (None, None) if top.success.is_none() => Content::Object(start.to_owned()),
            _ => Content::Nothing,
        };
        let total = top
            .result_info
            .and_then(|info| serde_json::from_str::<PageInfo>(info.get()).ok())
            .and_then(|info| info.total_count);
        Ok(Self { content: found, total, failed: top.success == Some(false), complaint: complaint(top.errors) })
    }

    /// Returns the service's error message, if there is one.
    #[must_use]
    pub fn complaint(&self) -> Option<&str> {
        self.complaint.as_deref()
    }

    /// Returns an error if the response reports a failure.
    ///
    /// # Errors
    /// Returns the service's error message.
    pub fn succeeded(&self) -> Result<&Self, String> {
        if self.failed {
            let reason = self.complaint().unwrap_or("no reason given");
            return Err(format!("the service reports `success: false`: {reason}"));
        }
        Ok(self)
    }
}

/// The maximum number of items in a list. A longer one is not a model catalog and would exhaust the memory.
const MAX_ITEMS: usize = 20_000;

fn list(text: &str) -> Result<Vec<String>, serde_json::Error> {
    struct Items;

    impl<'de> Visitor<'de> for Items {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of models")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut found = Vec::new();
            while let Some(item) = items.next_element::<&RawValue>()? {
                if found.len() == MAX_ITEMS {
                    return Err(A::Error::custom(format_args!("the list has more than {MAX_ITEMS} items")));
                }
                found.push(item.get().to_owned());
            }
            Ok(found)
        }
    }

    serde_json::Deserializer::from_str(text).deserialize_seq(Items)
}

fn complaint(errors: Option<&RawValue>) -> Option<String> {
    let errors: Vec<Complaint> = serde_json::from_str(errors?.get()).ok()?;
    let texts = errors.into_iter().filter_map(|error| {
        let message = error.message?;
        let message: String = message.chars().filter(|c| !c.is_control()).take(200).collect();
        Some(error.code.map_or_else(|| message.clone(), |code| format!("{message} ({code})")))
    });
    Some(texts.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty())
}

fn title(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title: String = html.get(start..end)?.trim().chars().filter(|c| !c.is_control()).take(80).collect();
    (!title.is_empty()).then_some(title)
}

#[cfg(test)]
mod tests {
    use super::{Content, Reply};

    #[test]
    fn each_shape_of_answer_is_known_by_its_outermost_members() {
        let content = |text: &str| Reply::parse(text).unwrap().content;
        assert_eq!(content(r#"{"models":[{"a":1}]}"#), Content::Feed(vec![r#"{"a":1}"#.to_owned()]));
        assert_eq!(content(r#"[{"a":1}]"#), Content::Feed(vec![r#"{"a":1}"#.to_owned()]));
        assert_eq!(content(r#"{"success":true,"result":[1]}"#), Content::Page(vec!["1".to_owned()]));
        assert_eq!(content(r#"{"success":true,"result":{"a":1}}"#), Content::Result(r#"{"a":1}"#.to_owned()));
        assert_eq!(content(r#"{"success":true,"result":null}"#), Content::Nothing);
        assert_eq!(content(r#"{"name":"x"}"#), Content::Object(r#"{"name":"x"}"#.to_owned()));
    }

    #[test]
    fn html_is_named_by_its_title() {
        let error = Reply::parse("<!doctype html><title>Just a moment...</title>").unwrap_err().to_string();
        assert_eq!(error, "the response is HTML, not JSON (its title is `Just a moment...`)");
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let junk = format!("[{}0]", "0,".repeat(3_000_000));
        for text in [junk.clone(), format!(r#"{{"models":{junk}}}"#), format!(r#"{{"result":{junk}}}"#)] {
            let error = Reply::parse(&text).unwrap_err().to_string();
            assert!(error.contains("the list has more than 20000 items"), "{error}");
        }
    }

    #[test]
    fn a_deeply_nested_model_leaves_the_others_readable() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let Content::Feed(models) = Reply::parse(&format!(r#"{{"models":[{deep},{{"name":"x"}}]}}"#)).unwrap().content
        else {
            panic!("no feed")
        };
        assert_eq!(models[1], r#"{"name":"x"}"#);
    }
}
