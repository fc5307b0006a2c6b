//! Attributes on handlers, arguments, blocks and in them: rustc's, clippy's, rustfmt's, docs in every form.

#![deny(warnings, missing_docs)]
//! A crate with documentation.

use suptree::prelude::*;

/** A counter.

With a long text. */
#[derive(Debug, Default)]
pub struct Counter(u32);

#[allow(clippy::needless_pass_by_value)]
#[genserver]
#[allow(non_snake_case)]
impl Counter {
    #![allow(clippy::unused_self)]

    /// The value.
    #[inline(always)]
    #[must_use = "it is why you call"]
    #[call]
    pub fn value(&self) -> u32 {
        self.0
    }

    /** Adds. */
    #[cold]
    #[cast]
    #[doc(alias = "plus")]
    pub fn add(&mut self, #[allow(unused_variables)] by: u32, #[allow(unused_mut)] mut times: u32) {
        self.0 += times;
    }

    #[doc = concat!("The ", "double", ".")]
    #[call]
    #[rustfmt::skip]
    #[track_caller]
    pub fn double(&self) -> u32 { self.0*2 }

    #[doc(hidden)]
    #[info]
    #[allow(dead_code, unused_variables)]
    fn Hidden(&mut self, x: u32) {
        let unused = 1;
    }

    /// Not any more.
    #[deprecated(since = "0.1.0", note = "use `value`")]
    #[call]
    pub fn get(&self) -> u32 {
        self.0
    }

    #[expect(unused_variables, reason = "nobody looks at it")]
    #[cast]
    async fn expected(&mut self, of: u32) {}

    #[cfg_attr(all(), must_use, doc = "Under a condition.")]
    #[cfg_attr(any(), no_such_attribute)]
    #[call]
    #[allow(missing_docs)]
    pub fn conditional(&self, #[cfg_attr(all(), allow(unused_variables))] of: u32) -> u32 {
        1
    }

    #[warn(clippy::all)]
    #[call]
    #[doc(inline)]
    #[allow(rustdoc::all, invalid_doc_attributes)]
    fn warned(&self) -> u32 {
        2
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let counter = Counter::start().await?;
    counter.add(1, 2).await?;
    assert_eq!(counter.value().await?, 2);
    assert_eq!(counter.double().await?, 4);
    counter.Hidden(1).await?;
    counter.expected(1).await?;
    assert_eq!(counter.conditional(1).await? + counter.warned().await?, 3);
    #[allow(deprecated)]
    let get = counter.get();
    assert_eq!(get.await?, 2);
    Ok(())
}
