//! Handlers: sync and async, with a context, with a reply of their own, with patterns, with errors.

use std::time::Duration;

use suptree::prelude::*;

use crate::support::{Oops, ms};

#[derive(Default)]
struct Desk {
    notes: Vec<String>,
    waiting: Vec<ReplyTo<String>>,
}

struct Point {
    x: i32,
    y: i32,
}

/// An info of its own type.
struct Bell(u8);

#[genserver]
impl Desk {
    #[call]
    fn count(&self) -> usize {
        self.notes.len()
    }

    #[call]
    async fn slow_count(&self, by: Duration) -> usize {
        tokio::time::sleep(by).await;
        self.notes.len()
    }

    #[call]
    fn sum(
        &mut self,
        (a, b): (i32, i32),
        Point { x, y }: Point,
        mut by: i32,
        _: u8,
        [c, ..]: [i32; 2],
    ) -> i32 {
        by *= a + b + x + y + c;
        by
    }

    #[call]
    fn nothing(&self) {}

    #[call]
    fn checked(&self, number: &'static str) -> Result<i32, std::num::ParseIntError> {
        number.parse()
    }

    #[call]
    fn wait(&mut self, reply: ReplyTo<String>) {
        self.waiting.push(reply);
    }

    #[call]
    async fn wait_unless(&mut self, ready: bool, reply: ReplyTo<String>) -> Result<(), Oops> {
        std::future::ready(()).await;
        if ready {
            reply.send("at once".to_owned());
            return Err(Oops("ready"));
        }
        self.waiting.push(reply);
        Ok(())
    }

    #[cast]
    fn answer(&mut self, with: String) {
        for reply in self.waiting.drain(..) {
            reply.send(with.clone());
        }
    }

    // A reply handle may be an argument, too: it is handed on.
    #[cast]
    fn answer_for(&mut self, reply: ReplyTo<String>) {
        reply.send("for another".to_owned());
    }

    #[call]
    fn leave(&mut self, cx: &mut Context<Self>, last: u8) -> u8 {
        cx.stop(Oops("left").into());
        last
    }

    #[cast]
    async fn leave_later(&mut self, cx: &mut Context<Self>) {
        tokio::task::yield_now().await;
        cx.stop(ExitReason::Normal);
    }

    #[call]
    fn who(&self, cx: &mut Context<Self>) -> (Pid, Pid) {
        (cx.pid(), self_pid())
    }

    #[cast]
    fn note(&mut self, note: String) -> Result<(), Oops> {
        if note.is_empty() {
            return Err(Oops("empty"));
        }
        self.notes.push(note);
        Ok(())
    }

    #[info]
    fn bell(&mut self, Bell(times): Bell) {
        self.notes
            .extend(std::iter::repeat_n("bell".to_owned(), times.into()));
    }

    #[info]
    async fn visit(&mut self, name: String, cx: &mut Context<Self>) -> Result<(), Oops> {
        self.notes.push(format!("{name} at {}", cx.pid()));
        if name == "thief" {
            Err(Oops("robbed"))
        } else {
            Ok(())
        }
    }

    #[call]
    fn panics(&self) -> u8 {
        unreachable!("nobody home")
    }

    #[cast]
    fn never(&mut self) -> ! {
        panic!("for ever")
    }
}

#[tokio::test(start_paused = true)]
async fn sync_and_async_handlers_mix() {
    let desk = Desk::start().await.unwrap();
    desk.note("one").await.unwrap();
    assert_eq!(desk.count().await, Ok(1));
    assert_eq!(desk.slow_count(ms(10)).await, Ok(1));
    assert_eq!(desk.nothing().await, Ok(()));
}

#[tokio::test]
async fn patterns_stay_in_the_handler() {
    let desk = Desk::start().await.unwrap();
    assert_eq!(
        desk.sum((1, 2), Point { x: 3, y: 4 }, 10, 0, [5, 6]).await,
        Ok(150)
    );
}

#[tokio::test]
async fn a_result_is_the_reply_of_a_call() {
    let desk = Desk::start().await.unwrap();
    assert_eq!(desk.checked("12").await.unwrap(), Ok(12));
    assert!(desk.checked("twelve").await.unwrap().is_err());
    assert!(desk.is_alive());
}

#[tokio::test]
async fn an_error_of_a_cast_or_info_is_a_crash() {
    let desk = Desk::start().await.unwrap();
    let death = desk.monitor();
    desk.note("").await.unwrap();
    assert_eq!(death.await.reason.downcast_ref(), Some(&Oops("empty")));
    let desk = Desk::start().await.unwrap();
    let death = desk.monitor();
    desk.visit("friend").await.unwrap();
    assert_eq!(desk.count().await, Ok(1));
    desk.visit("thief").await.unwrap();
    assert_eq!(death.await.reason.downcast_ref(), Some(&Oops("robbed")));
}

#[tokio::test]
async fn an_info_is_sent_by_its_method_or_as_its_argument() {
    let desk = Desk::start().await.unwrap();
    desk.send(Bell(2)).await.unwrap();
    desk.bell(Bell(1)).await.unwrap();
    desk.send("a friend".to_owned()).await.unwrap();
    assert_eq!(desk.count().await, Ok(4));
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_given_later() {
    let desk = Desk::start().await.unwrap();
    let (first, second, done) = tokio::join!(desk.wait(), desk.wait_unless(false), async {
        tokio::time::sleep(ms(10)).await;
        desk.answer("both").await
    });
    assert_eq!(
        (first.as_deref(), second.as_deref(), done),
        (Ok("both"), Ok("both"), Ok(()))
    );
}

#[tokio::test]
async fn a_call_that_answers_itself_may_crash_all_the_same() {
    let desk = Desk::start().await.unwrap();
    let death = desk.monitor();
    assert_eq!(desk.wait_unless(true).await.as_deref(), Ok("at once"));
    assert_eq!(death.await.reason.downcast_ref(), Some(&Oops("ready")));
}

#[derive(Default)]
struct Front(Option<DeskClient>);

#[genserver]
impl Front {
    #[cast]
    fn open(&mut self, desk: DeskClient) {
        self.0 = Some(desk);
    }

    #[call]
    async fn ask(&mut self, reply: ReplyTo<String>) -> Result<(), CastError> {
        match &self.0 {
            Some(desk) => Ok(desk.answer_for(reply).await?),
            None => Ok(()),
        }
    }
}

#[tokio::test]
async fn a_reply_is_given_by_another_server() {
    let front = Front::start().await.unwrap();
    front.open(Desk::start().await.unwrap()).await.unwrap();
    assert_eq!(front.ask().await.as_deref(), Ok("for another"));
}

#[tokio::test]
async fn the_context_stops_the_server_after_the_reply() {
    let desk = Desk::start().await.unwrap();
    let death = desk.monitor();
    assert_eq!(desk.leave(7).await, Ok(7));
    assert_eq!(death.await.reason.downcast_ref(), Some(&Oops("left")));
    let desk = Desk::start().await.unwrap();
    let death = desk.monitor();
    desk.leave_later().await.unwrap();
    assert_eq!(death.await.reason, ExitReason::Normal);
}

#[tokio::test]
async fn the_context_and_self_pid_agree() {
    let desk = Desk::start().await.unwrap();
    let (context, own) = desk.who().await.unwrap();
    assert_eq!((Some(context), Some(own)), (desk.pid(), desk.pid()));
}

#[tokio::test]
async fn a_panic_ends_the_server_and_tells_the_caller() {
    let desk = Desk::start().await.unwrap();
    let Err(CallError::Exited(reason)) = desk.panics().await else {
        panic!("no exit")
    };
    assert_eq!(
        crate::support::panic_text(&reason),
        "internal error: entered unreachable code: nobody home"
    );
    let desk = Desk::start().await.unwrap();
    let death = desk.monitor();
    desk.never().await.unwrap();
    assert_eq!(crate::support::panic_text(&death.await.reason), "for ever");
}
