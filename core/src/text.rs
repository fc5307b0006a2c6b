//! Foreign values as text for a report: escaped, cut, and with panics contained.

use std::fmt::{self, Debug, Write as _};

use crate::catch::catch;

/// The longest text of one field, in bytes.
const LONGEST: usize = 1024;

/// A value's `Debug` text, fit for a report; `None` when there is no value.
pub(crate) fn debug<'a>(value: &dyn Fn() -> Option<&'a dyn Debug>) -> Option<String> {
    match catch(|| value().map(|value| text(format_args!("{value:?}")))) {
        Ok(text) => text,
        Err(_) => Some("<Debug panicked>".to_owned()),
    }
}

/// Formats foreign values: escaped, cut, and with a panic contained.
pub(crate) fn text(value: fmt::Arguments<'_>) -> String {
    let mut clean = Clean::default();
    match catch(|| clean.write_fmt(value)) {
        Ok(_) => {}
        Err(_) => clean.0.push_str("<Debug panicked>"),
    }
    clean.0
}

/// A text inside of the quotes of a Mermaid diagram, where it would be taken for HTML.
pub(crate) fn mermaid(text: &str) -> String {
    let text = text.replace('#', "#35;").replace('"', "#quot;");
    text.replace('<', "#lt;").replace('>', "#gt;")
}

/// Takes what fits, without control characters: one report stays one record.
#[derive(Default)]
struct Clean(String);

impl fmt::Write for Clean {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let plain = |byte: &u8| matches!(byte, b' '..=b'~');
        if self.0.len() + text.len() <= LONGEST && text.as_bytes().iter().all(plain) {
            self.0.push_str(text);
            return Ok(());
        }
        for char in text.chars() {
            if self.0.len() >= LONGEST {
                if !self.0.ends_with('…') {
                    self.0.push('…');
                }
                return Err(fmt::Error);
            }
            if char.is_control() {
                self.0.extend(char.escape_default());
            } else {
                self.0.push(char);
            }
        }
        Ok(())
    }
}
