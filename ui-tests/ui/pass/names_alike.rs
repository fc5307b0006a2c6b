//! Servers whose names differ in capitals, underscores or a raw prefix only, side by side.

#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

use suptree::prelude::*;

macro_rules! servers {
    ($($name:ident)*) => {$(
        #[derive(Default)]
        pub struct $name;

        #[genserver]
        impl $name {
            #[call]
            pub fn get(&self, text: String) -> usize {
                text.len()
            }

            #[cast]
            pub fn put(&mut self) {}

            #[info]
            pub fn tick(&mut self, _tick: u8) {}
        }
    )*};
}

servers! { HTTPCache HttpCache Http_Cache HTTP_Cache http_cache httpcache Http2Cache Http_2Cache r#type Type TYPE }

// The names of their clients are theirs, letter by letter.
fn clients(
    _: (HTTPCacheClient, HttpCacheClient, Http_CacheClient, HTTP_CacheClient, http_cacheClient),
    _: (httpcacheClient, Http2CacheClient, Http_2CacheClient, typeClient, TypeClient, TYPEClient),
) {
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [HTTPCache as upper, HttpCache as lower, r#type as r#type, Type as Type],
    }
}

fn main() {
    let _: fn(&App) -> (HTTPCacheClient, HttpCacheClient) = |app| (app.upper(), app.lower());
}
