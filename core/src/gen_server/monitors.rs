//! `monitor`, `demonitor`: the end of another process arrives as a message.

use crate::gen_server::{Context, GenServer};
use crate::process::monitoring::{self, Monitorable};
use crate::process::monitors::MonitorRef;

impl<S: GenServer> Context<S> {
    /// Watches a process: its end arrives at `#[down]`, once, as a message of this server's mailbox; by hand at
    /// [`handle_down`](GenServer::handle_down). Erlang's [`monitor/2`](https://www.erlang.org/doc/apps/erts/erlang.html#monitor/2).
    ///
    /// It may be meant by a typed client or any other [reference](crate::Reference), by its [pid](crate::Pid), by a
    /// [task](crate::Task), or by a name: who has it now.
    ///
    /// - Two monitors of one process are two messages.
    /// - Of a process that is dead, or a name that nobody has, it comes at once, with the reason [`NoProc`](crate::ExitReason::NoProc): as in
    ///   OTP, also of a child that has ended between its start and this. Where its reason matters, it is given its work by a cast behind
    ///   this, or tells how it went itself.
    /// - It comes behind what that process has sent before, and after everything of that process is gone; past the mailbox's bound.
    /// - It ends with this server, and by [`demonitor`](Self::demonitor). Of itself a server hears nothing.
    ///
    /// A server that monitors whoever asks takes a [`Pid`](crate::Pid): a server has [`cx.pid()`](Self::pid), and a task
    /// [`self_pid()`](crate::self_pid).
    ///
    /// A monitor costs no task. To wait for an end inside a handler, or where there is no server, is [`monitor`](crate::monitor()), a future.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use suptree::prelude::*;
    /// use suptree::{Down, MonitorRef, Task};
    ///
    /// #[derive(Default)]
    /// struct Pool(HashMap<MonitorRef, u32>);
    ///
    /// #[genserver]
    /// impl Pool {
    ///     #[call]
    ///     fn borrow_for(&mut self, user: Pid, cx: &mut Context<Self>) -> u32 {
    ///         let connection = self.0.len() as u32;
    ///         self.0.insert(cx.monitor(&user), connection);
    ///         connection
    ///     }
    ///
    ///     #[down]
    ///     fn user_is_gone(&mut self, down: Down) {
    ///         self.0.remove(&down.monitor);
    ///     }
    ///
    ///     #[call]
    ///     fn borrowed(&self) -> usize {
    ///         self.0.len()
    ///     }
    /// }
    ///
    /// struct User(PoolClient);
    ///
    /// #[genserver]
    /// impl User {
    ///     #[init]
    ///     fn init(pool: PoolClient) -> Self {
    ///         Self(pool)
    ///     }
    ///
    ///     #[call]
    ///     async fn connect(&mut self, cx: &mut Context<Self>) -> Result<u32, CallError> {
    ///         self.0.borrow_for(cx.pid()).await
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let pool = Pool::start().await?;
    /// let user = User::start(pool.clone()).await?;
    /// assert_eq!(user.connect().await?, Ok(0));
    /// user.stop().await?;
    /// assert_eq!(pool.borrowed().await?, 0);
    ///
    /// let to = pool.clone();
    /// let task = Task::spawn(async move { to.borrow_for(self_pid()).await });
    /// assert_eq!(task.await?, Ok(0));
    /// assert_eq!(pool.borrowed().await?, 0);
    /// # Ok(()) }
    /// ```
    pub fn monitor(&self, process: &(impl Monitorable + ?Sized)) -> MonitorRef {
        monitoring::set(self.any_process(), process.whom())
    }

    /// Gives a monitor up: after this nothing of it arrives, also where the process is dead already, and the message queued. Erlang's
    /// [`demonitor(Ref, [flush])`](https://www.erlang.org/doc/apps/erts/erlang.html#demonitor/2).
    ///
    /// `true`: there was one, and nothing of it has arrived.
    ///
    /// ```
    /// use suptree::prelude::*;
    /// use suptree::{Down, MonitorRef, ProcessRef};
    ///
    /// #[derive(Default)]
    /// struct Watcher(u32);
    ///
    /// #[genserver]
    /// impl Watcher {
    ///     #[call]
    ///     fn watch(&self, process: ProcessRef, cx: &mut Context<Self>) -> MonitorRef {
    ///         cx.monitor(&process)
    ///     }
    ///
    ///     #[call]
    ///     fn forget(&self, monitor: MonitorRef, cx: &mut Context<Self>) -> bool {
    ///         cx.demonitor(monitor)
    ///     }
    ///
    ///     #[down]
    ///     fn gone(&mut self, _down: Down) {
    ///         self.0 += 1;
    ///     }
    ///
    ///     #[call]
    ///     fn heard(&self) -> u32 {
    ///         self.0
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (watcher, other) = (Watcher::start().await?, Watcher::start().await?);
    /// let monitor = watcher.watch(other.process()).await?;
    /// assert!(watcher.forget(monitor).await?);
    /// assert!(!watcher.forget(monitor).await?);
    /// other.stop().await?;
    /// assert_eq!(watcher.heard().await?, 0);
    /// # Ok(()) }
    /// ```
    #[expect(clippy::must_use_candidate, reason = "it is called for what it does")]
    pub fn demonitor(&self, monitor: MonitorRef) -> bool {
        monitoring::end(self.header(), monitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::gen_server::{Context, GenServer, NoMessage, ServerRef};
    use crate::planted::{Bug, plant};
    use crate::process::{Header, node};
    use crate::{Down, ExitReason, MonitorRef, Pid, ReplyTo};

    #[derive(Default)]
    struct Watcher {
        set: Vec<MonitorRef>,
        heard: usize,
    }

    enum Call {
        Watch(Pid, ReplyTo<()>),
        GiveUp(ReplyTo<()>),
        Heard(ReplyTo<usize>),
    }

    impl GenServer for Watcher {
        type Args = ();
        type Call = Call;
        type Cast = NoMessage;
        type Info = NoMessage;
        type Client = ServerRef<Self>;

        async fn init((): (), _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self::default())
        }

        async fn handle_call(
            &mut self,
            call: Call,
            cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            match call {
                Call::Watch(process, reply) => {
                    self.set.push(cx.monitor(&process));
                    reply.send(());
                }
                Call::GiveUp(reply) => {
                    while let Some(monitor) = self.set.pop() {
                        cx.demonitor(monitor);
                    }
                    reply.send(());
                }
                Call::Heard(reply) => reply.send(self.heard),
            }
            Ok(())
        }

        async fn handle_down(
            &mut self,
            _down: Down,
            _cx: &mut Context<Self>,
        ) -> Result<(), ExitReason> {
            self.heard += 1;
            Ok(())
        }
    }

    type Server = ServerRef<Watcher>;

    async fn watcher() -> Server {
        crate::start::<Watcher>(()).await.expect("starts")
    }

    async fn watch(watcher: &Server, other: &Server) {
        let pid = other.pid().expect("it lives");
        let watched = watcher
            .call_with(move |reply| Call::Watch(pid, reply))
            .await;
        watched.expect("it answers");
    }

    async fn heard(bug: Option<Bug>) -> usize {
        plant(bug);
        let (watcher, other) = (watcher().await, watcher().await);
        watch(&watcher, &other).await;
        watcher.call_with(Call::GiveUp).await.expect("it answers");
        other.stop().await.expect("stops");
        let heard = watcher.call_with(Call::Heard).await;
        plant(None);
        heard.expect("it answers")
    }

    #[tokio::test(start_paused = true)]
    async fn prc_11_a_monitor_that_is_not_given_up_is_noticed() {
        assert_eq!(heard(None).await, 0);
        assert_eq!(heard(Some(Bug::DownAfterDemonitor)).await, 1);
    }

    fn counts(server: &Server) -> (usize, usize) {
        let process = server.pid().and_then(node::process);
        process.map_or((0, 0), |process| Header::watched(process.header()))
    }

    #[tokio::test(start_paused = true)]
    async fn r311_what_is_over_is_kept_by_neither_side() {
        let (watcher, long) = (watcher().await, watcher().await);
        for _ in 0..100 {
            watch(&watcher, &long).await;
            watcher.call_with(Call::GiveUp).await.expect("it answers");
            let short = self::watcher().await;
            watch(&watcher, &short).await;
            short.stop().await.expect("stops");
            watcher.call_with(Call::Heard).await.expect("it answers");
        }
        assert_eq!((counts(&watcher), counts(&long)), ((0, 0), (0, 0)));
        for _ in 0..100 {
            watch(&watcher, &long).await;
        }
        assert_eq!((counts(&watcher), counts(&long)), ((0, 100), (100, 0)));
        watcher.stop().await.expect("stops");
        assert_eq!(counts(&long), (0, 0));
    }
}
