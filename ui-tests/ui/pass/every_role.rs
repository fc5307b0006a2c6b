//! One server with a method of each role, all of them `async` where they may be; and one with all of them plain.

#![deny(warnings)]

use std::time::Duration;

use suptree::prelude::*;
use suptree::{Down, FormatStatus};

const PERIOD: Duration = Duration::from_secs(3600);

macro_rules! with_every_role {
    ($server:ident $($asyncness:ident)?) => {
        #[derive(Debug, Default)]
        struct $server {
            ticks: u32,
            loaded: bool,
        }

        #[genserver(trap_exit, idle = 30m, shutdown = 1s, restart = transient, mailbox = 8, full = reject, deadlines, last_message)]
        impl $server {
            #[init]
            $($asyncness)? fn init(cx: &mut Context<Self>) -> Result<Self, ExitReason> {
                cx.then().load(1, (2, 3));
                Ok(Self::default())
            }

            #[handle_continue]
            $($asyncness)? fn load(&mut self, a: u8, (b, c): (u8, u8)) {
                self.loaded = a + b + c == 6;
            }

            #[every(1h)]
            $($asyncness)? fn hourly(&mut self) {}

            #[every(PERIOD)]
            $($asyncness)? fn by_constant(&mut self, _cx: &mut Context<Self>) -> Result<(), std::io::Error> {
                Ok(())
            }

            #[call(timeout = infinity)]
            $($asyncness)? fn is_loaded(&self) -> bool {
                self.loaded
            }

            #[call(task)]
            fn beside(&self) -> impl Future<Output = u32> + use<> {
                let ticks = self.ticks;
                async move { ticks }
            }

            #[call(blocking, timeout = 10s)]
            fn blocks(&mut self) -> u32 {
                self.ticks
            }

            #[info]
            $($asyncness)? fn tick(&mut self, _tick: u8) {
                self.ticks += 1;
            }

            #[exit]
            $($asyncness)? fn ended(&mut self, _from: Pid, _reason: ExitReason) {}

            #[down]
            $($asyncness)? fn closed(&mut self, _down: Down) {}

            #[timeout]
            $($asyncness)? fn idle(&mut self, cx: &mut Context<Self>) {
                cx.hibernate();
            }

            #[hibernate]
            fn shrink(&mut self) {}

            #[format_status]
            fn shown(&self, status: &mut FormatStatus) {
                let _ = status;
            }

            #[terminate]
            $($asyncness)? fn bye(&mut self, _reason: &ExitReason) {}
        }
    };
}

with_every_role! { Waiting async }
with_every_role! { Plain }

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (waiting, plain) = (Waiting::start().await?, Plain::start().await?);
    assert!(waiting.is_loaded().await? && plain.is_loaded().await?);
    waiting.tick(1).await?;
    plain.send(1_u8).await?;
    assert_eq!(waiting.beside().await? + plain.beside().await?, 2);
    assert_eq!(waiting.blocks().await?, 1);
    waiting.stop().await?;
    plain.stop().await?;
    Ok(())
}
