pub(crate) static DATE: &str = "2026-11-24";
pub(crate) static MODELS: &[(&str, &str)] = &[];
pub(crate) static SHARED: &[(&str, &str)] = &[];
