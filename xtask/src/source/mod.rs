//! Where facts come from, and how each source says them.

pub mod entry;
pub mod file;
