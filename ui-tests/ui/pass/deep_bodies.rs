//! Bodies as deep as rustc takes them, types and patterns likewise.

#![deny(warnings)]
#![allow(unused_parens, unused_braces)]

use suptree::prelude::*;

type Nested = Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<Option<u8>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>;

#[derive(Default)]
struct Deep(u64);

#[genserver]
impl Deep {
    #[call]
    fn parentheses(&self) -> u64 {
        ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((self.0 + 1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
    }

    #[cast]
    async fn blocks(&mut self) {
        {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{self.0 += 1;}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}}
    }

    #[call]
    fn nots(&self, is: bool) -> bool {
        !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!is
    }

    #[call]
    fn nested(&self, nested: Nested, written: Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<u8>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>) -> (Nested, usize) {
        (nested, written.len())
    }

    #[call]
    fn chained(&self, n: u64) -> u64 {
        n.wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1).wrapping_add(1)
    }

    #[call]
    fn matched(&self, ((((((((((((((((((((((((((((((n,),),),),),),),),),),),),),),),),),),),),),),),),),),),),),): ((((((((((((((((((((((((((((((u64,),),),),),),),),),),),),),),),),),),),),),),),),),),),),),)) -> u64 {
        if n == 0 { 0 } else if n == 1 { 1 } else if n == 2 { 2 } else if n == 3 { 3 } else if n == 4 { 4 } else if n == 5 { 5 } else if n == 6 { 6 } else if n == 7 { 7 } else if n == 8 { 8 } else if n == 9 { 9 } else if n == 10 { 10 } else if n == 11 { 11 } else if n == 12 { 12 } else if n == 13 { 13 } else if n == 14 { 14 } else if n == 15 { 15 } else if n == 16 { 16 } else if n == 17 { 17 } else if n == 18 { 18 } else if n == 19 { 19 } else if n == 20 { 20 } else if n == 21 { 21 } else if n == 22 { 22 } else if n == 23 { 23 } else if n == 24 { 24 } else if n == 25 { 25 } else if n == 26 { 26 } else if n == 27 { 27 } else if n == 28 { 28 } else if n == 29 { 29 } else if n == 30 { 30 } else if n == 31 { 31 } else if n == 32 { 32 } else if n == 33 { 33 } else if n == 34 { 34 } else if n == 35 { 35 } else if n == 36 { 36 } else if n == 37 { 37 } else if n == 38 { 38 } else if n == 39 { 39 } else if n == 40 { 40 } else if n == 41 { 41 } else if n == 42 { 42 } else if n == 43 { 43 } else if n == 44 { 44 } else if n == 45 { 45 } else if n == 46 { 46 } else if n == 47 { 47 } else if n == 48 { 48 } else if n == 49 { 49 } else if n == 50 { 50 } else if n == 51 { 51 } else if n == 52 { 52 } else if n == 53 { 53 } else if n == 54 { 54 } else if n == 55 { 55 } else if n == 56 { 56 } else if n == 57 { 57 } else if n == 58 { 58 } else if n == 59 { 59 } else { self.0 }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let deep = Deep::start().await?;
    deep.blocks().await?;
    assert_eq!(deep.parentheses().await?, 2);
    assert!(deep.nots(true).await?);
    assert_eq!(deep.nested(None, Vec::new()).await?, (None, 0));
    assert_eq!(deep.chained(1).await?, 101);
    assert_eq!(deep.matched(((((((((((((((((((((((((((((((7,),),),),),),),),),),),),),),),),),),),),),),),),),),),),),)).await?, 7);
    Ok(())
}
