//! The labels of a classification.

use crate::shapes::Label;

/// Reads a list of labels with their scores.
///
/// ```
/// # use workers_ai_types as workers_ai;
/// use workers_ai::shapes::{Label, Labels};
///
/// let labels: Vec<Label> = serde_json::from_str(r#"[{"label":"NEGATIVE","score":0.1},{"label":"POSITIVE","score":0.9}]"#).unwrap();
/// assert_eq!(labels.best().unwrap().label.as_deref(), Some("POSITIVE"));
/// ```
pub trait Labels {
    /// Returns the label with the highest score. `None`: no label has a score.
    fn best(&self) -> Option<&Label>;
}

impl Labels for [Label] {
    fn best(&self) -> Option<&Label> {
        let scored = self.iter().filter(|label| label.score.is_some_and(|score| !score.is_nan()));
        scored.max_by(|a, b| a.score.unwrap_or_default().total_cmp(&b.score.unwrap_or_default()))
    }
}
