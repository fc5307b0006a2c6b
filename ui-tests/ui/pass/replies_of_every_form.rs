//! Replies: nothing, never, nested results and options, tuples, arrays, functions, errors of the user's, qualified names.

#![deny(warnings)]
#![allow(unused_parens)]

use std::convert::Infallible;
use std::fmt;

use suptree::prelude::*;

#[derive(Debug, PartialEq)]
enum Refused {
    Full,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("full")
    }
}

impl std::error::Error for Refused {}

mod io {
    pub type Result<T> = std::result::Result<T, String>;
}

#[derive(Default)]
struct Replies(u8);

#[genserver]
impl Replies {
    #[call]
    fn nothing(&self) {}

    #[call]
    fn unit(&self) -> () {}

    #[call]
    fn nested(&self) -> Result<Option<Result<u8, Refused>>, Option<()>> {
        Ok(Some(Err(Refused::Full)))
    }

    #[call]
    fn aliased(&self) -> io::Result<u8> {
        Err("no".into())
    }

    #[call]
    async fn boxed(&self) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Err(Refused::Full)?;
        Ok(())
    }

    #[call]
    fn tuple(&self) -> (u8, (String, [u8; 2]), ()) {
        (self.0, ("a".into(), [1, 2]), ())
    }

    #[call]
    fn function(&self) -> fn(u8) -> u8 {
        |n| n + 1
    }

    #[call]
    fn parenthesized(&self) -> (u8) {
        1
    }

    #[call]
    fn never(&self, is: bool) -> Result<u8, Infallible> {
        if is { Ok(self.0) } else { unreachable!() }
    }

    #[call]
    fn ends(&mut self) -> ! {
        panic!("the end")
    }

    #[call]
    async fn ends_later(&mut self) -> ! {
        tokio::task::yield_now().await;
        panic!("the end")
    }

    #[cast]
    fn full(&mut self) -> Result<(), Refused> {
        if self.0 > 0 {
            Err(Refused::Full)
        } else {
            Ok(())
        }
    }

    #[info]
    async fn text(&mut self, _: u8) -> Result<(), String> {
        Ok(())
    }
}

// Whatever never returns.
struct Ends;

#[protocol]
trait Ending {
    #[call]
    fn never(&self) -> !;
}

#[genserver(protocols(Ending))]
impl Ends {
    #[init]
    fn init() -> ! {
        panic!()
    }

    #[call]
    fn never(&self) -> ! {
        panic!()
    }

    #[call]
    async fn never_later(&mut self, _reply_to: ReplyTo<u8>) -> ! {
        std::future::pending().await
    }

    #[call(blocking)]
    fn never_beside(&mut self) -> ! {
        panic!()
    }

    #[cast]
    fn cast(&mut self) -> ! {
        panic!()
    }

    #[info]
    async fn info(&mut self, _info: u8) -> ! {
        panic!()
    }

    #[every(1h)]
    fn tick(&mut self) -> ! {
        panic!()
    }

    #[handle_continue]
    fn and_then(&mut self) -> ! {
        panic!()
    }

    #[exit]
    fn exit(&mut self, _from: Pid, _reason: ExitReason) -> ! {
        panic!()
    }

    #[down]
    fn down(&mut self, _down: Down) -> ! {
        panic!()
    }

    #[timeout]
    fn idle(&mut self) -> ! {
        panic!()
    }

    #[hibernate]
    fn hibernate(&mut self) -> ! {
        panic!()
    }

    #[format_status]
    fn status(&self, _status: &mut suptree::FormatStatus) -> ! {
        panic!()
    }

    #[terminate]
    fn terminate(&mut self) -> ! {
        panic!()
    }
}

struct EndsLater;

#[genserver]
impl EndsLater {
    #[init]
    async fn init(_first: u8, _second: u8) -> ! {
        panic!()
    }

    #[cast]
    fn cast(&mut self) {}

    #[every(1h)]
    async fn tick(&mut self) -> ! {
        panic!()
    }

    #[exit]
    async fn exit(&mut self, _from: Pid, _reason: ExitReason) -> ! {
        panic!()
    }

    #[terminate]
    async fn terminate(&mut self, _reason: &ExitReason) -> ! {
        panic!()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let replies = Replies::start().await?;
    replies.nothing().await?;
    replies.unit().await?;
    assert_eq!(replies.nested().await?, Ok(Some(Err(Refused::Full))));
    assert_eq!(replies.aliased().await?, Err("no".to_owned()));
    assert_eq!(replies.boxed().await?.unwrap_err().to_string(), "full");
    assert_eq!(replies.tuple().await?.1.1, [1, 2]);
    assert_eq!(replies.function().await?(1), 2);
    assert_eq!(replies.parenthesized().await?, 1);
    assert_eq!(replies.never(true).await?, Ok(0));
    replies.full().await?;
    replies.text(1).await?;
    std::panic::set_hook(Box::new(|_| {}));
    assert!(replies.ends().await.is_err());
    let others = Replies::start().await?;
    assert!(others.ends_later().await.is_err());
    Ok(())
}
