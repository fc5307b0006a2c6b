//! Without the prelude there are only full paths.

#![no_implicit_prelude]

use ::suptree::{genserver, supervisor};

struct Cache(::std::string::String);

#[genserver(name = id, trap_exit, shutdown = 5s, mailbox = 4, inline = never, inline_casts, last_message)]
impl Cache {
    #[init]
    async fn init(
        id: u8,
        text: ::std::string::String,
    ) -> ::core::result::Result<Self, ::std::io::Error> {
        let _ = id;
        ::core::result::Result::Ok(Self(text))
    }

    #[call]
    fn get(&self) -> ::std::string::String {
        ::core::clone::Clone::clone(&self.0)
    }

    #[call]
    fn later(&mut self, reply: ::suptree::ReplyTo<u8>, cx: &mut ::suptree::Context<Self>) {
        cx.reply(reply, 1);
    }

    #[cast]
    async fn save(
        &mut self,
        new: ::std::string::String,
    ) -> ::core::result::Result<(), ::std::io::Error> {
        self.0 = new;
        ::core::result::Result::Ok(())
    }

    #[info]
    fn tick(&mut self, _tick: u8) {}

    #[exit]
    fn exit(&mut self, _from: ::suptree::Pid, _reason: ::suptree::ExitReason) {}

    #[terminate]
    async fn close(&mut self, _reason: &::suptree::ExitReason) {}
}

#[derive(::core::default::Default)]
struct Stack<T>(::std::vec::Vec<T>);

#[genserver]
impl<T: ::core::default::Default + ::core::marker::Send + 'static> Stack<T> {
    #[call]
    fn pop(&mut self) -> ::core::option::Option<T> {
        self.0.pop()
    }
}

supervisor! {
    pub App(text: ::std::string::String, name = "app") {
        strategy: one_for_one,
        children: [
            Cache(1, "one") as one,
            Cache(2, text) as two { restart: transient, shutdown: 1m },
            Stack::<u8> as stack,
        ],
    }
}

async fn serve(of: CacheClient, text: ::std::string::String) {
    let _ = (of, text);
    ::suptree::stopping().await;
}

supervisor! {
    Forms(text: ::std::string::String, on: bool) {
        strategy: rest_for_one,
        children: [
            for n in 0..2 => Cache(n, text) as caches,
            if on => Cache(3, "three") as three { backoff: 1s..2s },
            ::suptree::ChildSpec::new::<Stack<u8>>("x", || ()) as spec,
            task serve: serve(three, text),
            dynamic either: Stack<u8> | Cache,
            supervisor Inside { strategy: one_for_all, children: [for n in 4..6 => Cache(n, text) as caches] },
        ],
    }
}

supervisor! { Stacks { dynamic: Stack<u8>, max_children: 3 } }

supervisor! { Pool(text: ::std::string::String, name = "pool") { partition: Cache(1, text), partitions: 2 } }

fn main() {}
