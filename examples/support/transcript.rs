//! A session as IEx would show it: printed line by line, and checked at the end.

/// The lines of a session.
pub(crate) struct Transcript {
    inputs: usize,
    lines: Vec<String>,
}

impl Transcript {
    pub(crate) const fn new() -> Self {
        Self {
            inputs: 0,
            lines: Vec::new(),
        }
    }

    /// What is typed.
    pub(crate) fn input(&mut self, text: &str) {
        self.inputs += 1;
        self.output(format!("{}> {text}", self.inputs));
    }

    /// What is answered, or printed meanwhile.
    pub(crate) fn output(&mut self, text: impl Into<String>) {
        for line in text.into().lines() {
            println!("{line}");
            self.lines.push(line.to_owned());
        }
    }

    /// Compares the session with what it should have been.
    pub(crate) fn check(&self, expected: &[&str]) {
        assert_eq!(self.lines, expected);
    }
}
