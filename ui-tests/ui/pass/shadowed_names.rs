//! Everything that generated code could have meant is something else here.

#![allow(dead_code, unused_macros)]

use suptree::{genserver, supervisor};

mod std {}
mod core {}
mod alloc {}
mod tokio {}
mod __private {}

struct Result;
struct Vec;
struct Box;
struct Call;
struct Cast;
struct Start;
struct Name;
struct Context;
struct ServerRef;
struct CacheCall;
struct CacheCast;
struct CacheInfo;
struct CacheGetCall;
struct Infallible;

trait Send {}
trait Sized {}
trait Clone {}
trait Default {}
trait Into {}
trait From {}
trait Future {}
trait GenServer {}

#[allow(non_snake_case)]
fn Ok() {}
#[allow(non_snake_case)]
fn Err() {}
#[allow(non_snake_case)]
fn Some() {}
const NONE: u8 = 0;

macro_rules! panic {
    () => {
        compile_error!("not this one")
    };
}
macro_rules! vec {
    () => {
        compile_error!("not this one")
    };
}
macro_rules! matches {
    () => {
        compile_error!("not this one")
    };
}
macro_rules! unreachable {
    () => {
        compile_error!("not this one")
    };
}
macro_rules! stringify {
    () => {
        compile_error!("not this one")
    };
}

// The words of the output as the server's own.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
struct Option(u8);
struct String;

struct Cache(u8);

#[genserver(name = name, last_message)]
impl Cache {
    #[init]
    fn init(name: u8, args: u8) -> Self {
        Self(name + args)
    }

    #[call]
    fn get(&self, request: u8, reply: u8, cx: u8, call: u8) -> Option {
        Option(self.0 + request + reply + cx + call)
    }

    #[call]
    async fn later(&self, answer: u8, cx: &mut suptree::Context<Self>, server: u8) -> u8 {
        cx.stop(suptree::ExitReason::Normal);
        answer + server
    }

    #[cast]
    fn save(&mut self, cast: u8, this: u8, message: u8) {
        self.0 = cast + this + message;
    }

    #[info]
    async fn tell(&mut self, info: u8, never: u8) {
        self.0 = info + never;
    }
}

supervisor! {
    App(handle: u8, id: u8, spec: u8) {
        strategy: one_for_one,
        children: [Cache(handle, id) as supervisor, Cache(spec, 1) as args],
    }
}

fn main() {}
