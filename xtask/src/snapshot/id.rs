//! Ids of models and the files they lie in.

/// The path of a model's file in the snapshot.
///
/// # Errors
/// For an id that is no model's or would lead out of the snapshot, with what is wrong with it.
pub fn path(id: &str) -> Result<String, String> {
    check(id)?;
    Ok(format!("{}.json", id.trim_start_matches('@')))
}

/// Refuses ids that could not be, or must not be, the path of a file.
///
/// # Errors
/// With what is wrong.
pub fn check(id: &str) -> Result<(), String> {
    if id.len() > 160 {
        return Err("the id is longer than 160 bytes".to_owned());
    }
    let (at, rest) = id.strip_prefix('@').map_or((false, id), |rest| (true, rest));
    let segments: Vec<&str> = rest.split('/').collect();
    if let Some(bad) = segments.iter().find(|segment| !is_plain(segment)) {
        return Err(format!("`{}` cannot be a part of an id", bad.escape_debug()));
    }
    match (at, segments.as_slice()) {
        (true, ["cf" | "hf", _, _]) => Ok(()),
        (true, _) => Err("an id with `@` is `@cf/author/model` or `@hf/author/model`".to_owned()),
        (false, ["cf" | "hf" | "shared", ..]) => {
            Err(format!("`{}/` is kept for the snapshot's own files", segments[0]))
        }
        (false, [_, _] | [_, _, _]) => Ok(()),
        (false, _) => Err("an id is `@cf/author/model` or `provider/model`".to_owned()),
    }
}

fn is_plain(segment: &str) -> bool {
    segment.starts_with(|c: char| c.is_ascii_alphanumeric())
        && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
        && !segment.ends_with('.')
        && !segment.to_ascii_lowercase().ends_with(".json")
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn an_id_is_the_path_of_its_file() {
        assert_eq!(path("@cf/meta/llama-3.3").unwrap(), "cf/meta/llama-3.3.json");
        assert_eq!(path("openai/gpt-5.4").unwrap(), "openai/gpt-5.4.json");
    }

    #[test]
    fn ids_that_lead_elsewhere_are_refused() {
        for id in [
            "",
            "@",
            "@cf/../x",
            "../etc/passwd",
            "/etc/passwd",
            "@cf//x",
            "@cf/a/b/c",
            "@cf/a",
            "@cf/a/b\n",
            "@cf/a/\u{0}",
            "@cf/a\\..\\b/c",
            "@cf/a/..",
            "@cf/a/.hidden",
            "cf/a/b",
            "shared/messages",
            "@cf/a/b.json",
            "C:/x",
            "@ab/c/d",
            "@cf/a/%2e%2e",
            "@cf/a/\u{202e}b",
            "one",
        ] {
            assert!(path(id).is_err(), "{id:?}");
        }
    }
}
