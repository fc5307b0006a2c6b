//! The program with tests of the guide "The first day", as it stands there.

use std::time::Duration;
use suptree::prelude::*;

trait Mailer: Clone + Send + 'static {
    fn send(&mut self, text: &str);
}

/// Collects lines, and mails them together.
struct Digest<M> {
    lines: Vec<String>,
    mailer: M,
}

#[genserver(name = "digest")]
impl<M: Mailer> Digest<M> {
    #[init]
    fn init(mailer: M) -> Self {
        let lines = Vec::new();
        Self { lines, mailer }
    }

    #[cast]
    fn add(&mut self, line: String, cx: &mut Context<Self>) {
        if self.lines.is_empty() {
            cx.client().send_out().send_after(Duration::from_secs(600));
        }
        self.lines.push(line);
    }

    #[call]
    fn waiting(&self) -> usize {
        self.lines.len()
    }

    #[info]
    fn send_out(&mut self) {
        self.mailer.send(&self.lines.join("\n"));
        self.lines.clear();
    }
}

supervisor! { App<M: Mailer>(mailer: M) { strategy: one_for_one, children: [Digest<M>(mailer) as digest] } }

/// What the program has for a mailer.
#[derive(Clone)]
struct Printer;

impl Mailer for Printer {
    fn send(&mut self, text: &str) {
        println!("{text}");
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(Printer).await?;
    app.digest().add("one").await?;
    app.digest().send_out().await?; // now, and not in ten minutes
    assert_eq!(app.digest().waiting().await?, 0); // a call: what was sent before it is handled
    app.stop().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use suptree::Recorded;

    /// The stand-in: what it is to send, the test receives.
    #[derive(Clone)]
    struct Recorder(mpsc::Sender<String>);

    impl Mailer for Recorder {
        fn send(&mut self, text: &str) {
            self.0.send(text.to_owned()).unwrap();
        }
    }

    /// A handler alone.
    #[test]
    fn what_is_sent_out_waits_no_more() {
        let (sender, sent) = mpsc::channel();
        let mut digest = Digest {
            lines: vec!["one".to_owned(), "two".to_owned()],
            mailer: Recorder(sender),
        };
        digest.send_out();
        assert_eq!(digest.waiting(), 0);
        assert_eq!(sent.recv().unwrap(), "one\ntwo");
    }

    /// A handler that takes a context, alone: what it asks of its server is recorded.
    #[test]
    fn the_first_line_sets_the_timer() {
        let mut cx = Context::for_test();
        let mut digest = Digest::init(Recorder(mpsc::channel().0));
        digest.add("one".to_owned(), &mut cx);
        let later = Recorded::SendAfter(Duration::from_secs(600), "send_out".to_owned());
        assert_eq!(cx.recorded(), [later]);
        digest.add("two".to_owned(), &mut cx);
        assert!(cx.recorded().is_empty());
    }

    /// The server, in its tree, with its timer.
    #[tokio::test(start_paused = true)]
    async fn ten_minutes_of_lines_are_one_mail() {
        let (sender, sent) = mpsc::channel();
        let app = App::start_link(Recorder(sender)).await.unwrap();
        app.digest().add("one").await.unwrap();
        tokio::time::sleep(Duration::from_secs(599)).await;
        app.digest().add("two").await.unwrap();
        assert_eq!(app.digest().waiting().await, Ok(2));

        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(app.digest().waiting().await, Ok(0));
        assert_eq!(sent.recv().unwrap(), "one\ntwo");
    }

    /// What becomes of it when it dies. The name is the same as in the other tests, and is nobody's here.
    #[tokio::test(start_paused = true)]
    async fn a_crash_loses_the_lines_that_wait() {
        let app = App::start_link(Recorder(mpsc::channel().0)).await.unwrap();
        let digest = app.digest();
        digest.add("one").await.unwrap();
        let end = digest.monitor();
        digest.kill();
        assert_eq!(end.await.reason, ExitReason::Killed);
        app.ready().await.unwrap(); // its supervisor has started the next one
        assert_eq!(Digest::<Recorder>::named().waiting().await, Ok(0));
    }
}
