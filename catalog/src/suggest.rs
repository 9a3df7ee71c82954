//! "Did you mean …?": the names closest to a mistyped one.

/// Returns the number of single-character edits (insert, delete, replace, swap of neighbours) between two names.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let mut cost = (above[j + 1] + 1).min(row[j] + 1).min(above[j] + usize::from(from != to));
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

/// Returns up to `max` of `names` that `wrong` was probably meant to be, closest first.
///
/// ```
/// assert_eq!(workers_ai_catalog::suggest("promt", ["prompt", "seed"], 1), ["prompt"]);
/// assert!(workers_ai_catalog::suggest("colour", ["prompt", "seed"], 1).is_empty());
/// ```
pub fn suggest<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>, max: usize) -> Vec<&'n str> {
    scored(wrong, names).into_iter().take(max).map(|(_, name)| name).collect()
}

/// Returns the names within reach of a typing error, each with its distance, closest first.
fn scored<'n>(wrong: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<(usize, &'n str)> {
    let allowed = 1 + wrong.chars().count() / 4;
    let mut found: Vec<(usize, &str)> = names
        .into_iter()
        .filter(|name| name.len().abs_diff(wrong.len()) <= allowed)
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    found.sort_unstable();
    found
}

/// Returns up to three model IDs that `wrong` was probably meant to be. One with the same last segment comes first.
pub(crate) fn suggest_ids<'n>(wrong: &str, ids: &(impl Iterator<Item = &'n str> + Clone)) -> Vec<String> {
    let last = |id: &'n str| id.rsplit('/').next().unwrap_or(id);
    let wrong_last = wrong.rsplit('/').next().unwrap_or(wrong);
    let mut found: Vec<&str> = ids.clone().filter(|id| last(id).eq_ignore_ascii_case(wrong_last)).collect();
    if found.is_empty() && wrong.contains('/') && wrong_last.len() > 3 {
        // An ID whose end is missing.
        found.extend(ids.clone().filter(|id| id.starts_with(wrong)));
    }
    if found.is_empty() {
        let whole = scored(wrong, ids.clone());
        let segments = scored(wrong_last, ids.clone().map(last));
        let nearest = whole.iter().chain(&segments).map(|(distance, _)| *distance).min().unwrap_or_default();
        // Far worse than the best is noise, not a suggestion.
        found.extend(whole.iter().filter(|(distance, _)| *distance <= nearest + 1).map(|(_, id)| *id));
        for (_, segment) in segments.iter().filter(|(distance, _)| *distance <= nearest + 1) {
            found.extend(ids.clone().filter(|id| last(id) == *segment));
        }
    }
    if found.is_empty() && wrong_last.len() > 3 {
        // The start of a long name is a way to ask for it.
        found.extend(ids.clone().filter(|id| last(id).starts_with(wrong_last)));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|id| seen.insert(*id));
    found.truncate(3);
    found.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{distance, suggest_ids};

    #[test]
    fn a_swap_of_neighbours_is_one_edit() {
        assert_eq!(distance("propmt", "prompt"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn the_beginning_of_a_name_finds_it() {
        let ids = ["@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/meta/llama-guard-3-8b"];
        assert_eq!(suggest_ids("@cf/meta/llama-3.3", &ids.into_iter()), [ids[0]]);
        let ids = [ids[0], "@cf/meta/llama-3.1-8b-instruct-fp8"];
        assert_eq!(suggest_ids("@cf/meta/llama-3.3-70b-instruct-fp8", &ids.into_iter()), [ids[0]]);
    }

    #[test]
    fn an_id_without_its_author_is_found_by_its_last_segment() {
        let ids = ["@cf/black-forest-labs/flux-1-schnell", "@cf/deepgram/flux"];
        assert_eq!(suggest_ids("flux-1-schnell", &ids.into_iter()), ["@cf/black-forest-labs/flux-1-schnell"]);
        assert_eq!(
            suggest_ids("@cf/blackforest/flux-1-schnel", &ids.into_iter()),
            ["@cf/black-forest-labs/flux-1-schnell"]
        );
    }
}
