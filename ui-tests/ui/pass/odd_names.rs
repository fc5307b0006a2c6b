//! Raw identifiers, names that make the same variant, names that make none, names of the output.

#![deny(warnings)]
#![allow(dead_code)]

use suptree::prelude::*;

#[derive(Default)]
struct r#Type {
    r#fn: u8,
}

#[genserver(r#name = "type", r#shutdown = r#infinity)]
impl r#Type {
    #[call]
    fn r#type(&self, r#match: u8, r#async: String) -> u8 {
        self.r#fn + r#match + r#async.len() as u8
    }

    #[call(r#timeout = r#infinity, r#blocking)]
    fn r#while(&self) -> u8 {
        self.r#fn
    }

    #[cast]
    async fn r#loop(&mut self, r#for: u8) {
        self.r#fn = r#for;
    }

    #[cast]
    fn self_(&mut self) {}
}

#[derive(Default)]
struct Names(u8);

#[genserver]
impl Names {
    #[call]
    fn get_x(&self) -> u8 {
        self.0
    }

    #[call]
    #[allow(non_snake_case)]
    fn get__x(&self) -> u16 {
        1
    }

    #[call]
    #[allow(non_snake_case)]
    fn getX(&self) -> u32 {
        2
    }

    #[call]
    fn __(&self) -> u8 {
        3
    }

    #[call]
    fn _1(&self) -> u8 {
        4
    }

    #[cast]
    fn call(&mut self) {}

    #[cast]
    fn cast(&mut self, new: u8) {
        self.0 = new;
    }

    #[call]
    fn stop(&self) {}

    #[call]
    fn kill(&self) {}

    #[call]
    fn pid(&self) -> u8 {
        0
    }

    #[call]
    fn never(&self) {}

    #[call]
    fn server(&self) {}

    #[call]
    fn clone(&self) -> Self {
        Self(self.0)
    }

    #[call]
    fn init(&self) {}

    #[call]
    fn handle_call(&self) {}

    #[call]
    fn named(&self) {}

    // Not a handler: it stays what it is.
    fn name(&self) -> &str {
        "names"
    }
}

// Another server with handlers of the same names, in the same module.
#[derive(Default)]
struct Others;

#[genserver(client = OthersHandle)]
impl Others {
    #[call]
    fn get_x(&self) -> u8 {
        0
    }
}

supervisor! { r#Struct { strategy: one_for_one, children: [r#Type, Names as r#enum, Others as app] } }

// `r#a` is `a`, wherever it stands.
struct Plain<r#T>(T);

#[genserver(name = key.clone(), client = r#PlainClient)]
impl<r#T: Clone + Send + Sync + 'static> Plain<T>
where
    r#T: std::fmt::Debug,
{
    #[init]
    fn init(r#value: T, r#key: String) -> Self {
        drop(key);
        Self(value)
    }

    #[call]
    fn r#get(&self, r#reply: u8) -> r#T {
        let _ = reply;
        self.0.clone()
    }

    #[call]
    async fn later(&self, r#cx: &mut Context<Self>, other: r#T) -> Option<T> {
        let _: &mut Context<Self> = cx;
        let kept = r#other.clone();
        drop(other);
        Some(kept)
    }

    #[info]
    fn r#unit(&mut self, _: ()) {}
}

#[protocol]
trait r#Spoken {
    #[call]
    fn r#get(&self, r#reply: u8) -> String;
}

async fn run(_first: String, _plain: PlainClient<String>) {}

supervisor! {
    Raw<r#K: Clone + Send + Sync + std::fmt::Debug + 'static>(first: String, r#second: K, r#third: K) {
        strategy: one_for_one,
        children: [
            Plain<String>(first, "first") as r#plain,
            Plain<K>(second, r#first) as same,
            Plain<r#K>(r#third, format!("{first}")) as other,
            Plain<PlainClient<K>>(r#same.clone(), r#first.clone()) as of_it,
            task work: run(r#first, plain),
            for r#n in [first.clone(), r#first] => Plain<String>(n.clone(), r#n) as many,
            supervisor RawInside {
                strategy: one_for_one,
                children: [
                    Plain<PlainClient<String>>(plain, first) as of_plain,
                    Plain<PlainClient<r#K>>(r#same, r#first) as of_same,
                ],
            },
            dynamic later: Plain<PlainClient<String>> { extra_arguments: [r#plain] },
            partition pool: |r#n| Plain<K>(third, n.to_string()),
        ],
    }
}

async fn uses(app: r#Struct) {
    let _ = app.r#type().r#type(1, "two").await;
    let _ = app.r#type().r#loop(1).await;
    let _: Result<u16, CallError> = app.r#enum().get__x().await.map_err(CallError::from);
    let _: Result<u32, CallError> = app.r#enum().getX().await.map_err(CallError::from);
    let _: Result<Names, CallError> = app.r#enum().clone().await.map_err(CallError::from);
    let _: OthersHandle = app.app();
}

fn main() {}
