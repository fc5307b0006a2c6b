//! A library with docs on everything that it shows.

#![deny(missing_docs)] // ODD
// PLAIN:

use kameo::prelude::*;

/// Keeps a text.
#[derive(Actor)]
pub struct Cache(Option<String>);

#[messages]
impl Cache {
    /// The text.
    #[message]
    pub fn get(&self) -> Option<String> {
        self.0.clone()
    }

    /// Keeps another one.
    #[message]
    pub fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
