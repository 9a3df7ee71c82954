//! The objects that are part of an input.

/// An object that is part of an input, which `inputs!` builds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a part of a model's input",
    label = "`inputs!` would build this with setters",
    note = "put a struct of your own in parentheses: `field: (Struct {{ … }})`"
)]
pub trait Part {
    /// Its builder.
    type Builder: Default;
}
