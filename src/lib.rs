//! placeholder
extern crate self as suptree;
pub use suptree_core::*;
