//! Names of shared parts, made from the words of their paths.

use std::collections::BTreeSet;

use serde_json::Value;

use super::schema::Step;

/// Longer names are truncated.
const MAX_LENGTH: usize = 48;

/// A place of a part, as the words of its path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Site {
    words: Vec<String>,
    /// The least number of trailing words that a name needs.
    least: usize,
}

impl Site {
    /// The whole input or output of a model with this task.
    pub(super) fn root(task: &str, side: &str) -> Self {
        Self { words: vec![slug(task), side.to_owned()], least: 2 }
    }

    /// Returns a child of this place.
    pub(super) fn below(&self, step: Step<'_>, schema: &Value) -> Self {
        let mut site = self.clone();
        let title = schema.get("title").and_then(Value::as_str).map(slug).filter(|title| !title.is_empty());
        match step {
            Step::Name(_, name) => {
                site.words.push(slug(name));
                site.least = 1;
            }
            Step::Keyword("items" | "additionalProperties" | "contains") if site.least == 1 => {
                if let Some(last) = site.words.last_mut() {
                    *last = singular(last);
                }
            }
            Step::Keyword("items" | "additionalProperties" | "contains") => site.words.push("item".to_owned()),
            Step::Keyword(_) => {}
            // A branch with a word of its own also needs the word before it.
            Step::Item(..) => {
                if let Some(word) = title.or_else(|| tag(schema)) {
                    site.words.push(word);
                    site.least = 2;
                }
            }
        }
        site
    }

    /// Returns a name of this many trailing words.
    fn name(&self, count: usize) -> String {
        let mut name = String::new();
        for word in &self.words[self.words.len().saturating_sub(count)..] {
            if word.is_empty() || name == *word || name.ends_with(&format!("-{word}")) {
                continue;
            }
            if !name.is_empty() {
                name.push('-');
            }
            name.push_str(word);
        }
        if name.len() > MAX_LENGTH {
            name.truncate(name[..MAX_LENGTH].rfind('-').unwrap_or(MAX_LENGTH));
        }
        if name.is_empty() { "part".to_owned() } else { name }
    }
}

/// Returns the shortest descriptive name that is free for a part at these places.
pub(super) fn choose(sites: &[Site], models: &[&str], taken: &BTreeSet<String>) -> String {
    let mut ordered: Vec<(&Site, usize)> = Vec::new();
    for site in sites {
        match ordered.iter_mut().find(|(known, _)| *known == site) {
            Some((_, count)) => *count += 1,
            None => ordered.push((site, 1)),
        }
    }
    ordered.sort_by_key(|(site, count)| (usize::MAX - count, *site));
    let sites: Vec<&Site> = ordered.into_iter().map(|(site, _)| site).collect();
    let Some(best) = sites.first() else { return "part".to_owned() };
    for extra in 0..2 {
        for site in &sites {
            let name = site.name(site.least + extra);
            if !taken.contains(&name) {
                return name;
            }
        }
    }
    let stem = best.name(best.least);
    for word in origins(models) {
        let name = format!("{stem}-{word}");
        if !taken.contains(&name) {
            return name;
        }
    }
    // One more name than are taken, so one is free.
    (2..=taken.len() + 2).map(|number| format!("{stem}-{number}")).find(|name| !taken.contains(name)).unwrap_or(stem)
}

/// Returns words for the models of a part: their common author, or else the name of the first model.
fn origins(models: &[&str]) -> Vec<String> {
    let part = |model: &str, from_end: usize| model.rsplit('/').nth(from_end).map(slug).unwrap_or_default();
    let Some(first) = models.first() else { return Vec::new() };
    let author = part(first, 1);
    let one_author = models.iter().all(|model| part(model, 1) == author);
    let author = one_author.then_some(author);
    author.into_iter().chain([part(first, 0)]).filter(|word| !word.is_empty()).collect()
}

/// Returns the constant member that distinguishes an object from its siblings.
fn tag(schema: &Value) -> Option<String> {
    let properties = schema.get("properties")?.as_object()?;
    properties.values().find_map(|property| {
        let only = property.get("const").or_else(|| match property.get("enum")?.as_array()?.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        only?.as_str().map(slug).filter(|word| !word.is_empty())
    })
}

/// Returns words in lower case, separated by dashes.
fn slug(words: &str) -> String {
    let mut slug = String::new();
    let mut before = ' ';
    for c in words.chars() {
        if c.is_ascii_alphanumeric() {
            if c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit()) {
                slug.push('-');
            }
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        before = c;
    }
    slug.trim_end_matches('-').to_owned()
}

fn singular(plural: &str) -> String {
    match plural.strip_suffix("ies") {
        Some(stem) if stem.len() > 1 => format!("{stem}y"),
        _ => match plural.strip_suffix('s') {
            Some(stem) if stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
            _ => format!("{plural}-item"),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    use super::{Site, Step, choose, slug};

    fn at(steps: &[(Step<'_>, Value)]) -> Site {
        let root = Site::root("Text Generation", "input");
        steps.iter().fold(root, |site, (step, schema)| site.below(*step, schema))
    }

    fn named(site: Site) -> String {
        choose(&[site], &["@cf/meta/llama-3.1-8b"], &BTreeSet::new())
    }

    const MESSAGES: Step<'_> = Step::Name("properties", "messages");

    #[test]
    fn a_part_is_called_after_the_property_it_is() {
        assert_eq!(named(at(&[])), "text-generation-input");
        assert_eq!(named(at(&[(MESSAGES, json!({}))])), "messages");
        assert_eq!(named(at(&[(MESSAGES, json!({})), (Step::Keyword("items"), json!({}))])), "message");
        let branch = (Step::Item("oneOf", 0), json!({"title": "JSON Mode"}));
        assert_eq!(named(at(std::slice::from_ref(&branch))), "input-json-mode");
        assert_eq!(named(at(&[branch, (MESSAGES, json!({}))])), "messages");
    }

    #[test]
    fn a_branch_without_a_title_is_called_after_what_tells_it_from_the_others() {
        let schema = json!({"properties": {"role": {"enum": ["tool"]}, "content": {}}});
        let site = at(&[(MESSAGES, json!({})), (Step::Keyword("items"), json!({})), (Step::Item("oneOf", 1), schema)]);
        assert_eq!(named(site), "message-tool");
    }

    #[test]
    fn names_that_are_taken_get_words_of_their_surroundings_then_of_their_models_then_a_number() {
        let mut taken = BTreeSet::new();
        let site = at(&[(MESSAGES, json!({}))]);
        for expected in
            ["messages", "input-messages", "messages-meta", "messages-llama-3-1-8b", "messages-2", "messages-3"]
        {
            let name = choose(std::slice::from_ref(&site), &["@cf/meta/llama-3.1-8b"], &taken);
            assert_eq!(name, expected);
            taken.insert(name);
        }
        let other = ["@cf/meta/llama-3.1-8b", "@cf/qwen/qwq-32b"];
        taken.remove("messages-meta");
        assert_eq!(choose(&[site], &other, &taken), "messages-4", "a part of several authors is called after none");
    }

    #[test]
    fn the_commonest_place_gives_the_name() {
        let (rare, common) = (at(&[(Step::Name("properties", "a"), json!({}))]), at(&[(MESSAGES, json!({}))]));
        assert_eq!(choose(&[rare, common.clone(), common], &[], &BTreeSet::new()), "messages");
    }

    #[test]
    fn words_of_any_spelling_make_a_file_name() {
        assert_eq!(slug("imageUrl"), "image-url");
        assert_eq!(slug("Automatic Speech Recognition"), "automatic-speech-recognition");
        assert_eq!(slug("../../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("日本"), "");
        assert_eq!(named(at(&[(Step::Name("properties", "日本"), json!({}))])), "part");
    }
}
