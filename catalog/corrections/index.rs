// Made by `cargo xtask generate` from the `.toml` files beside it.

#[rustfmt::skip]
pub(crate) static RULES: &[(&[&str], &str)] = &[
];

#[rustfmt::skip]
pub(crate) static GLOSSARY: &[(&str, &str)] = &[
];
