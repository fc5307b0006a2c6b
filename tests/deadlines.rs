//! The deadline of a caller travels with its call, where a server wants to know.

use std::time::Duration;

use suptree::prelude::*;
use tokio::time::Instant;

use crate::support::{ms, settle};

/// What was handled, and when its caller would have given up.
type Seen = Vec<(u32, Option<Duration>)>;

macro_rules! servers {
    ($($module:ident: $deadlines:literal, $inline:ident;)*) => {$(
        mod $module {
            use super::*;

            struct Desk {
                began: Instant,
                seen: Seen,
            }

            #[genserver(deadlines = $deadlines, inline = $inline)]
            impl Desk {
                #[init]
                fn init() -> Self {
                    Self {
                        began: Instant::now(),
                        seen: Vec::new(),
                    }
                }

                fn see(&mut self, number: u32, cx: &Context<Self>) {
                    let deadline = cx.deadline().map(|deadline| deadline - self.began);
                    self.seen.push((number, deadline));
                }

                #[call]
                async fn slow(&mut self, number: u32, cx: &mut Context<Self>) {
                    self.see(number, cx);
                    tokio::time::sleep(ms(100)).await;
                    self.see(number, cx);
                }

                #[call(timeout = 3s)]
                fn quick(&mut self, number: u32, cx: &mut Context<Self>) {
                    self.see(number, cx);
                }

                #[call(timeout = infinity)]
                fn later(&mut self, number: u32, reply: ReplyTo<()>, cx: &mut Context<Self>) {
                    self.see(number, cx);
                    reply.send(());
                }

                #[cast]
                fn cast(&mut self, number: u32, cx: &mut Context<Self>) {
                    self.see(number, cx);
                }

                #[call(timeout = infinity)]
                fn seen(&mut self) -> Seen {
                    std::mem::take(&mut self.seen)
                }
            }

            async fn start() -> DeskClient {
                Desk::start().await.unwrap()
            }

            /// One call has given up while another was handled, and one was dropped: the next is the third.
            #[tokio::test(start_paused = true)]
            async fn r337_a_call_whose_caller_has_gone_is_not_handled() {
                let desk = start().await;
                let slow = tokio::spawn(desk.slow(1).owned());
                settle().await;
                let late = tokio::spawn(desk.quick(2).timeout(ms(20)).owned());
                let dropped = tokio::spawn(desk.later(3).owned());
                let last = tokio::spawn(desk.quick(4).owned());
                settle().await;
                dropped.abort();
                assert_eq!(slow.await.unwrap(), Ok(()));
                assert_eq!(late.await.unwrap(), Err(CallError::Timeout(ms(20))));
                assert_eq!(last.await.unwrap(), Ok(()));
                let seen: Vec<_> = desk.seen().await.unwrap().into_iter().map(|(n, _)| n).collect();
                if $deadlines {
                    assert_eq!(seen, [1, 1, 4]);
                } else {
                    assert_eq!(seen, [1, 1, 2, 3, 4], "as OTP has it");
                }
            }

            #[tokio::test(start_paused = true)]
            async fn r338_a_handler_knows_how_long_its_caller_waits() {
                let desk = start().await;
                let calls = desk.clone();
                // From a task, so that calls may be answered in place.
                let called = tokio::spawn(async move {
                    calls.slow(1).timeout(ms(500)).await?;
                    calls.quick(2).await?;
                    calls.later(3).await?;
                    calls.cast(4).await.unwrap();
                    calls.later(5).timeout(ms(200)).await
                });
                assert_eq!(called.await.unwrap(), Ok(()));
                let seen = desk.seen().await.unwrap();
                let known = |number, millis| (number, Some(ms(millis)).filter(|_| $deadlines));
                let expected = [
                    known(1, 500),
                    known(1, 500),
                    known(2, 3100),
                    (3, None),
                    (4, None),
                    known(5, 300),
                ];
                assert_eq!(seen, expected);
            }
        }
    )*};
}

/// Who is told of a cycle may take back what it has done for the call: that call is left out, and nothing is there twice.
#[tokio::test(start_paused = true)]
async fn r391_a_call_that_was_told_of_a_cycle_is_not_handled() {
    struct Account(i64);

    #[genserver(deadlines)]
    impl Account {
        #[init]
        fn init(balance: i64) -> Self {
            Self(balance)
        }

        #[call]
        fn deposit(&mut self, amount: i64) {
            self.0 += amount;
        }

        #[call]
        async fn transfer(&mut self, amount: i64, to: AccountClient) -> Result<(), CallError> {
            self.0 -= amount;
            settle().await;
            let done = to.deposit(amount).await;
            if done.is_err() {
                self.0 += amount;
            }
            done
        }

        #[call]
        fn balance(&self) -> i64 {
            self.0
        }
    }

    let ana = Account::start(100).await.unwrap();
    let joe = Account::start(100).await.unwrap();
    for _ in 0..10 {
        let (one, other) = tokio::join!(ana.transfer(1, joe.clone()), joe.transfer(1, ana.clone()));
        let told =
            [one.unwrap(), other.unwrap()].map(|done| matches!(done, Err(CallError::Deadlock(_))));
        assert_eq!(told.iter().filter(|told| **told).count(), 1);
        let all = ana.balance().await.unwrap() + joe.balance().await.unwrap();
        assert_eq!(all, 200);
    }
}

servers! {
    in_place: true, always;
    queued: true, never;
    without: false, auto;
}
