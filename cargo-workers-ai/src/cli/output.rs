//! Printing to the terminal.

use std::io::Write as _;

use anstyle::{AnsiColor, Style};

/// Something good.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// Something to look at.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Something wrong.
pub(super) const BAD: Style = AnsiColor::Red.on_default();

/// Writes to standard output, ignoring a closed pipe.
pub fn print(text: &str) {
    let mut out = anstream::stdout().lock();
    let _ = out.write_all(strip_control(text).as_bytes()).and_then(|()| out.flush());
}

/// Writes a line that begins with a coloured word.
pub(super) fn print_marked(style: Style, word: &str, text: &str) {
    let (word, text) = (strip_control(word), strip_control(text));
    let mut out = anstream::stdout().lock();
    let _ = writeln!(out, "{style}{word}{style:#} {text}").and_then(|()| out.flush());
}

/// Writes an error to standard error.
pub fn print_error(text: &str) {
    let _ = writeln!(anstream::stderr(), "{BAD}error:{BAD:#} {}", strip_control(text));
}

/// Replaces control characters, with which a catalog could manipulate the terminal.
#[must_use]
pub fn strip_control(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c }).collect()
}
