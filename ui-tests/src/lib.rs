//! Compile-fail and compile-pass tests; see `tests/ui.rs`.

/// A protocol for servers of other crates.
pub mod protocols {
    use suptree::{CallError, protocol};

    /// Who greets.
    #[protocol]
    pub trait Greets {
        /// A greeting.
        #[call]
        fn greet(&self, name: String) -> String;
    }

    /// The greetings of all of them.
    ///
    /// # Errors
    ///
    /// One of them is gone.
    pub async fn all(greeters: &[GreetsClient], name: &str) -> Result<Vec<String>, CallError> {
        let mut greetings = Vec::new();
        for greeter in greeters {
            greetings.push(greeter.greet(name).await?);
        }
        Ok(greetings)
    }
}
