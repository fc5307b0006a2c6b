//! `Described`: a message as reports show it.

use std::fmt;

/// A message by its handler's name, with those of its arguments that can be shown.
#[derive(Debug)]
pub struct Described<'a> {
    name: &'static str,
    args: Vec<Option<&'a dyn fmt::Debug>>,
}

impl<'a> Described<'a> {
    /// A message without arguments.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            args: Vec::new(),
        }
    }

    /// Adds an argument; `None` for one without `Debug`.
    #[must_use]
    pub fn arg(mut self, value: Option<&'a dyn fmt::Debug>) -> Self {
        self.args.push(value);
        self
    }
}

impl fmt::Display for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.args.is_empty() {
            return Ok(());
        }
        f.write_str("(")?;
        for (nth, arg) in self.args.iter().enumerate() {
            if nth > 0 {
                f.write_str(", ")?;
            }
            match arg {
                Some(value) => value.fmt(f)?,
                None => f.write_str("_")?,
            }
        }
        f.write_str(")")
    }
}
