//! A library with docs on everything that it shows.

#![deny(missing_docs)] // ODD
// PLAIN:

use suptree::prelude::*;

/// Keeps a text.
#[derive(Default)]
pub struct Cache(Option<String>);

#[genserver]
impl Cache {
    /// The text.
    #[call]
    pub fn get(&self) -> Option<String> {
        self.0.clone()
    }

    /// Keeps another one.
    #[cast]
    pub fn put(&mut self, value: String) {
        self.0 = Some(value);
    }
}
