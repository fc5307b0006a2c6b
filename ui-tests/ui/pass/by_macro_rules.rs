//! Servers and supervisors made by `macro_rules!`: names, types, visibilities, expressions and whole handlers.

use suptree::prelude::*;

macro_rules! register {
    ($vis:vis $server:ident($ty:ty) = $name:literal { $get:ident, $set:ident, $new:ident: $default:expr }) => {
        $vis struct $server($ty);

        #[genserver(name = $name)]
        impl $server {
            #[init]
            fn init() -> Self {
                Self($default)
            }

            #[call]
            $vis fn $get(&self) -> $ty {
                self.0.clone()
            }

            #[cast]
            $vis fn $set(&mut self, $new: $ty) {
                self.0 = $new;
            }

            #[call]
            $vis fn with_reply(&self, reply: ReplyTo<$ty>) {
                reply.send(self.0.clone());
            }
        }
    };
}

register! { pub(crate) Texts(String) = "texts" { text, set_text, new: String::from("none") } }
register! { Numbers(Option<u8>) = "numbers" { number, set_number, new: None } }

macro_rules! handlers {
    ($server:ty { $($body:tt)* }) => {
        #[genserver]
        impl $server { $($body)* }
    };
}

#[derive(Default)]
struct Log(Vec<String>);

handlers! {
    Log {
        #[cast]
        fn push(&mut self, line: String) {
            self.0.push(line);
        }
    }
}

// Whole items, each in an invisible group: an attribute is before it, or inside.
macro_rules! items {
    ($server:ident: $first:item $($item:item)*) => {
        #[derive(Default)]
        struct $server(u8);

        #[genserver]
        impl $server {
            #[call]
            $first
            $($item)*
        }
    };
}

items! {
    Items:
    fn get(&self) -> u8 {
        self.0 + Self::ONE
    }
    const ONE: u8 = 1;
    /// It has docs.
    #[cast]
    pub(crate) async fn add(&mut self, by: u8) {
        self.0 += by + Self::one();
    }
    #[every(1s)]
    fn tick(&mut self) {}
    fn one() -> u8 {
        Self::ONE
    }
}

macro_rules! tree {
    ($app:ident: $($child:ident $(($($arg:expr),*))? as $id:ident),*) => {
        supervisor! { $app { strategy: one_for_one, children: [$($child $(($($arg),*))? as $id),*] } }
    };
}

struct Counter(u8);

#[genserver]
impl Counter {
    #[init]
    fn init(start: u8) -> Self {
        Self(start)
    }

    #[call]
    fn count(&self) -> u8 {
        self.0
    }
}

// The name of the argument comes from outside, and the body that uses it from the macro, or from outside as well.
macro_rules! by_name {
    ($server:ident($arg:ident: $ty:ty) = $name:expr, $state:expr) => {
        struct $server($ty, String);

        #[genserver(name = $name)]
        impl $server {
            #[init]
            fn init($arg: $ty) -> Self {
                Self($arg.clone(), $state)
            }

            #[call]
            fn is(&self, $arg: $ty) -> bool {
                self.0 == $arg && self.1.is_empty()
            }
        }
    };
    ($server:ident($arg:ident: $ty:ty)) => {
        #[derive(Default)]
        struct $server;

        #[genserver(name = $arg)]
        impl $server {
            #[init]
            fn init($arg: $ty) -> Self {
                Self
            }
        }
    };
}

by_name! { Room(topic: String) = topic, format!("{topic}") }
by_name! { Game(id: u64) = format!("game_{id}"), String::new() }
by_name! { Unused(id: u64) }

tree! { App: Texts as texts, Counter(1 + 2) as three, Log as log }

macro_rules! one {
    ($app:ident: $child:ty) => {
        supervisor! { $app { dynamic: $child } }
    };
}

one! { Counters: Counter }

#[allow(dead_code)]
async fn uses(app: App, numbers: NumbersClient, items: ItemsClient) {
    let got: Result<u8, CallError> = items.get().await.map_err(CallError::from);
    let _ = (got, items.add(1).await);
    let text: Result<String, CallError> = app.texts().text().await.map_err(CallError::from);
    let _ = app.texts().set_text("one").await;
    let three: Result<u8, CallError> = app.three().count().await.map_err(CallError::from);
    let _ = app.log().push("line").await;
    let _ = numbers.set_number(Some(1)).await;
    let _ = (text, three);
}

fn main() {}
