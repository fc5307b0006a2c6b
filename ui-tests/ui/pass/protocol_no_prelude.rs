//! Without the prelude, and beside names of the user's that shadow those of std and suptree.

#![deny(warnings)]
#![no_implicit_prelude]
#![allow(dead_code)]

extern crate std;
extern crate suptree as _;

mod core {}
mod alloc {}

struct Option;
struct Result;
struct Arc;
struct Send;
trait From {}
trait Clone {}
trait ProtocolCall {}

#[::suptree::protocol]
trait KeyValue {
    #[call]
    fn get(&self, key: std::string::String) -> u64;
    #[cast]
    fn put(&mut self, key: std::string::String, value: u64);
}

struct Memory;

#[::suptree::genserver(protocols(KeyValue))]
impl Memory {
    #[init]
    fn init() -> Self {
        Self
    }

    #[call]
    fn get(&self, key: std::string::String) -> u64 {
        key.len() as u64
    }

    #[cast]
    fn put(&mut self, key: std::string::String, value: u64) {
        std::mem::drop((key, value));
    }
}

impl KeyValue for Memory {
    fn get(&self, _key: std::string::String) -> u64 {
        0
    }

    fn put(&mut self, _key: std::string::String, _value: u64) {}
}

fn main() {
    let _ = KeyValueClient::stand_in(Memory);
    let _ = || -> KeyValueClient { std::convert::Into::into(Memory::named_by_nobody()) };
}

impl Memory {
    fn named_by_nobody() -> MemoryClient {
        std::convert::Into::into(::suptree::ServerRef::named(std::convert::Into::into(
            "nobody",
        )))
    }
}
