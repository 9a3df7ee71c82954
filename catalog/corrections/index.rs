pub(crate) static RULES: &[(&[&str], &str)] = &[];
pub(crate) static GLOSSARY: &[(&str, &str)] = &[];
