//! What `#[genserver]` and `supervisor!` generate, by what it does.

mod arguments;
mod attributes;
mod children;
mod clients;
mod dynamic;
mod generics;
mod handlers;
mod lifecycle;
mod names;
mod partitions;
mod parts;
mod trees;
