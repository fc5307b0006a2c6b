//! Foreign values as text for a report: escaped, cut, and with panics contained.

use std::fmt::{self, Debug, Write as _};

use crate::catch::catch;

/// The longest text of one field, in bytes.
const LONGEST: usize = 1024;
/// Of one that says who it is: so one report stays below 4 KiB.
pub(crate) const LONGEST_NAME: usize = 256;

/// A value's `Debug` text, fit for a report; `None` when there is no value.
pub(crate) fn debug<'a>(value: &dyn Fn() -> Option<&'a dyn Debug>) -> Option<String> {
    match catch(|| value().map(|value| text(format_args!("{value:?}")))) {
        Ok(text) => text,
        Err(_) => Some("<Debug panicked>".to_owned()),
    }
}

/// Formats foreign values: escaped, cut, and with a panic contained.
pub(crate) fn text(value: fmt::Arguments<'_>) -> String {
    cut(value, LONGEST)
}

/// The same, for who somebody is.
pub(crate) fn name(value: fmt::Arguments<'_>) -> String {
    cut(value, LONGEST_NAME)
}

fn cut(value: fmt::Arguments<'_>, longest: usize) -> String {
    let mut clean = Clean {
        text: String::new(),
        longest,
    };
    match catch(|| clean.write_fmt(value)) {
        Ok(_) => {}
        Err(_) => clean.text.push_str("<Debug panicked>"),
    }
    clean.text
}

/// A text inside of the quotes of a Mermaid diagram, where it would be taken for HTML.
pub(crate) fn mermaid(text: &str) -> String {
    let text = text.replace('#', "#35;").replace('"', "#quot;");
    text.replace('<', "#lt;").replace('>', "#gt;")
}

/// Takes what fits, without control characters: one report stays one record.
struct Clean {
    text: String,
    longest: usize,
}

impl fmt::Write for Clean {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let plain = |byte: &u8| matches!(byte, b' '..=b'~');
        if self.text.len() + text.len() <= self.longest && text.as_bytes().iter().all(plain) {
            self.text.push_str(text);
            return Ok(());
        }
        for char in text.chars() {
            if self.text.len() >= self.longest {
                if !self.text.ends_with('…') {
                    self.text.push('…');
                }
                return Err(fmt::Error);
            }
            if char.is_control() {
                self.text.extend(char.escape_default());
            } else {
                self.text.push(char);
            }
        }
        Ok(())
    }
}
