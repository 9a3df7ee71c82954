//! Our own words for the commonest fields.

use crate::compiled::GLOSSARY;

/// What a field of that name is, wherever it stands.
pub(crate) fn lookup(name: &str) -> Option<&'static str> {
    GLOSSARY.binary_search_by_key(&name, |(name, _)| name).ok().map(|found| GLOSSARY[found].1)
}
