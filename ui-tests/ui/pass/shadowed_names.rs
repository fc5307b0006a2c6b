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

// Primitive types are names, too.
#[allow(non_camel_case_types)]
mod primitives {
    use ::core::primitive::u64 as number;
    use ::std::string::String as Text;
    use suptree::{genserver, protocol, supervisor};

    struct bool;
    struct char;
    struct i32;
    struct str;
    struct u8;
    struct u16;
    struct u32;
    struct u64;
    struct usize;

    struct Counter(number);

    #[genserver(name = "counter", mailbox = 8, idle = 5s, last_message, deadlines, protocols(Counts), parts(More))]
    impl Counter {
        #[init]
        fn init(first: number) -> Self {
            Self(first)
        }

        #[call(timeout = 5s)]
        fn get(&self, _of: u32) -> bool {
            bool
        }

        #[call(blocking)]
        fn slow(&mut self) -> usize {
            usize
        }

        #[call]
        async fn later(&mut self) -> u64 {
            u64
        }

        #[cast]
        fn add(&mut self) {
            self.0 += 1;
        }

        #[every(1h)]
        fn tick(&mut self) {}

        #[handle_continue]
        fn go_on(&mut self) {}

        #[timeout]
        fn idle(&mut self) {}

        #[terminate]
        fn terminate(&mut self) {}
    }

    #[genserver(part = More)]
    impl Counter {
        #[call]
        fn more(&self) -> u16 {
            u16
        }
    }

    #[protocol]
    trait Counts {
        #[call]
        fn get(&self, of: u32) -> bool;

        #[cast]
        fn add(&self);
    }

    struct Labelled<T>(T, Text);

    #[genserver(name = label.clone())]
    impl<T: ::core::clone::Clone + ::core::marker::Send + 'static> Labelled<T> {
        #[init]
        fn init(value: T, label: Text) -> Self {
            Self(value, label)
        }

        #[call]
        fn get(&self) -> (T, Text) {
            (self.0.clone(), self.1.clone())
        }
    }

    supervisor! {
        All(label: Text, name = "all") {
            strategy: one_for_one,
            max_restarts: 3,
            auto_shutdown: any_significant,
            children: [
                Counter(1) { restart: transient, significant: true, shutdown: 5s, backoff: 1s..5s },
                for n in [1, 2] => Labelled<number>(n, label) as many,
                if label.is_empty() => Labelled<number>(3, label) as maybe,
                task work: async { drop(label) },
                supervisor Inside(name = "inside") {
                    strategy: one_for_one,
                    children: [Labelled<number>(4, label) as only],
                },
                dynamic rooms: Counter | Labelled<number> { max_children: 5 },
                partition pool: Labelled<number>(5, label) { partitions: 4 },
            ],
        }
    }
}

/// That of a letter.
pub struct ReplyTo(pub u8);

#[derive(Default)]
pub struct Mail(u8);

#[suptree::genserver]
impl Mail {
    #[call]
    fn address(&mut self, reply_to: ReplyTo) {
        self.0 = reply_to.0;
    }

    #[cast]
    fn address_later(&mut self, reply: ReplyTo) {
        self.0 = reply.0;
    }
}

fn main() {}
