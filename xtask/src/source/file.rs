//! Saved feeds.
