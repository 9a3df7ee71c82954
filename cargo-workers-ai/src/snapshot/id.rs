//! Model IDs and the paths of their files.

/// Returns the path of a model's file in the snapshot.
///
/// # Errors
/// Returns an error for an invalid ID or one that would lead out of the snapshot.
pub fn path(id: &str) -> Result<String, String> {
    check(id)?;
    Ok(format!("{}.json", id.trim_start_matches('@')))
}

/// Rejects IDs that cannot be used as the path of a file.
///
/// # Errors
/// Returns a description of the problem.
pub fn check(id: &str) -> Result<(), String> {
    if id.len() > 160 {
        return Err("the ID is longer than 160 bytes".to_owned());
    }
    let (at, rest) = id.strip_prefix('@').map_or((false, id), |rest| (true, rest));
    let segments: Vec<&str> = rest.split('/').collect();
    if let Some(rejected) = segments.iter().find(|segment| !is_plain(segment)) {
        return Err(format!("an ID cannot contain `{}`", rejected.escape_debug()));
    }
    if let Some(device) = segments.iter().find(|segment| is_device(segment)) {
        return Err(format!("an ID cannot contain `{device}`, which Windows takes for a device"));
    }
    match (at, segments.as_slice()) {
        (true, ["cf" | "hf", _, _]) => Ok(()),
        (true, _) => Err("an ID with `@` must be `@cf/author/model` or `@hf/author/model`".to_owned()),
        (false, ["cf" | "hf" | "shared", ..]) => {
            Err(format!("`{}/` is reserved for the snapshot's own files", segments[0]))
        }
        (false, [_, _] | [_, _, _]) => Ok(()),
        (false, _) => Err("an ID must be `@cf/author/model` or `provider/model`".to_owned()),
    }
}

fn is_plain(segment: &str) -> bool {
    segment.starts_with(|c: char| c.is_ascii_alphanumeric())
        && segment.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+'))
        && !segment.ends_with('.')
        && !segment.to_ascii_lowercase().ends_with(".json")
}

/// Returns whether Windows reserves a name, with any extension.
fn is_device(segment: &str) -> bool {
    let name = segment.split('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(name.as_str(), "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"]
            .iter()
            .any(|port| name.strip_prefix(port).is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9'])))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn an_id_is_the_path_of_its_file() {
        assert_eq!(path("@cf/meta/llama-3.3").unwrap(), "cf/meta/llama-3.3.json");
        assert_eq!(path("@cf/common/console").unwrap(), "cf/common/console.json");
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
            "@cf/con/x",
            "@cf/a/NUL.v2",
            "a/com1",
        ] {
            assert!(path(id).is_err(), "{id:?}");
        }
    }
}
