//! The worker: the one server of the simulation, in six kinds. It does what the requests' scripts say.

use std::time::Duration;

use suptree::__private::Mode;
use suptree::{
    Context, ExitReason, GenServer, Ignore, Inline, Mailbox, Name, NoMessage, Pid, ReplyTo,
    Request, RequestMessage, Restart, ServerOptions, ServerRef, exit, link, self_pid, sim, start,
    start_link,
};

use crate::liveness;
use crate::lives::{self, Birth, Life};
use crate::requests::{self, Ask, Reply};
use crate::restarts;
use crate::script::{End, First, any_reason, oops};
use crate::sending;
use crate::targets::with_kind;
use crate::tree;
use crate::world::{self, millis, with};

pub(crate) struct Worker<const K: u8> {
    seat: u32,
    kept: Vec<(u64, ReplyTo<Reply>)>,
    /// The last request of each client.
    last: Vec<u64>,
    // Dropped last: with it the world takes the server for dead.
    _life: Life,
}

/// Arguments of a worker. A supervisor clones them for each start, which is what the model of restarts goes by.
pub(crate) struct WorkArgs {
    pub(crate) seat: u32,
    pub(crate) name: Option<u32>,
    /// Its position among its supervisor's children, where order counts.
    pub(crate) position: Option<u32>,
}

impl Clone for WorkArgs {
    fn clone(&self) -> Self {
        restarts::attempt(self.seat, self_pid());
        Self {
            seat: self.seat,
            name: self.name,
            position: self.position,
        }
    }
}

pub(crate) struct Call(Ask, ReplyTo<Reply>);

/// As [`Ask`], but handled by the server loop even where a caller could come in.
pub(crate) struct ByLoop(pub(crate) Ask);

/// As [`Ask`], but begun as a future by a caller who could come in. Its handler returns the reply.
pub(crate) struct Begun(pub(crate) Ask);

impl<const K: u8> Worker<K> {
    const TRAPS: bool = K == 2 || K == 4;
    const GRACEFUL: bool = K == 3 || K == 4;
    const CAPACITY: usize = match K {
        1 => 2,
        2 => 1,
        4 => 4,
        5 => usize::MAX / 2,
        _ => 1024,
    };

    /// Does what a script says about everything but the reply. `false`: there is none.
    fn act(&mut self, ask: &Ask, cx: &mut Context<Self>) -> Result<bool, ExitReason> {
        let draw = ask.script.draw;
        let own = self_pid();
        match ask.script.end {
            End::Reply | End::Keep | End::Elsewhere(_) => {}
            End::DropReply => return Ok(false),
            End::Panic => panic(draw),
            End::Fail => return Err(oops("a handler fails")),
            End::StopReply => cx.stop(any_reason(draw)),
            End::StopSilent => {
                cx.stop(any_reason(draw));
                return Ok(false);
            }
            End::AnswerKept => {
                for (id, reply) in self.kept.drain(..) {
                    requests::answered(id, !reply.is_closed());
                    reply.send(Reply { id, by: own });
                }
            }
            End::DropKept => {
                for (id, reply) in self.kept.drain(..) {
                    requests::dropped(id);
                    drop(reply);
                }
            }
            End::KillSelf => signal(own, ExitReason::Kill),
            End::KillSelfAndPanic => {
                signal(own, ExitReason::Kill);
                panic(draw)
            }
            End::ExitSelf => signal(own, any_reason(draw)),
            End::ExitOther => {
                if let Some(other) = lives::any(draw) {
                    signal(other, any_reason(draw >> 32));
                }
            }
            End::KillOther => {
                if let Some(other) = lives::any(draw) {
                    signal(other, ExitReason::Kill);
                }
            }
            End::Link => {
                if let Some(other) = lives::any(draw).filter(|other| *other != own) {
                    link(other);
                    lives::linked(own, other);
                }
            }
        }
        Ok(true)
    }

    /// The part of a script before its end.
    async fn wait(&mut self, ask: &Ask, cx: &mut Context<Self>) {
        let draw = ask.script.draw;
        let _waits = liveness::wait("a handler", ask.script.longest());
        match ask.script.first {
            First::Nothing => {}
            First::Yield(times) => {
                for _ in 0..times {
                    sim::yield_now().await;
                }
            }
            First::Sleep(time) => sim::sleep(millis(time)).await,
            First::Forever => std::future::pending().await,
            First::Nested => sending::nested(cx.pid(), draw).await,
            First::StartLinked => {
                let args = WorkArgs {
                    seat: restarts::seat(Restart::Temporary),
                    name: None,
                    position: None,
                };
                let started =
                    with_kind!(draw % 6, C => start_link::<Worker<C>>(args).await.is_ok());
                world::record(u64::from(started));
            }
            First::TerminateMe => tree::terminate(cx.pid()).await,
        }
    }
}

impl<const K: u8> suptree::OnDemand for Worker<K> {
    type Given = suptree::Cloned;
}

impl<const K: u8> GenServer for Worker<K> {
    type Args = WorkArgs;
    type Call = Call;
    type Cast = Ask;
    type Info = Ask;
    type Client = ServerRef<Self>;

    const OPTIONS: ServerOptions = {
        let options = ServerOptions::new()
            .trap_exit(Self::TRAPS)
            .graceful(Self::GRACEFUL)
            .mailbox(if K == 5 {
                Mailbox::Unbounded
            } else {
                Mailbox::Bounded(Self::CAPACITY)
            });
        match K {
            1 | 4 => options.inline(Inline::Never),
            2 => options.inline(Inline::Always),
            5 => options.inline(Inline::Always).last_message(true),
            _ => options,
        }
    };

    fn name(args: &WorkArgs) -> Option<Name> {
        args.name.map(lives::name)
    }

    async fn init(args: WorkArgs, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        let WorkArgs {
            seat,
            name,
            position,
        } = args;
        let life = Life::begin(Birth {
            seat,
            name,
            traps: Self::TRAPS,
            graceful: Self::GRACEFUL,
            capacity: Self::CAPACITY,
            position,
        });
        let (waits, fails, draw) = with(|world| {
            let options = &world.options;
            let waits = world.rng.permille(options.init_waits);
            let fails = world.rng.permille(options.init_fails);
            world.faults += u64::from(fails);
            (waits, fails, world.rng.next())
        });
        if waits {
            match draw % 16 {
                0..8 => sim::yield_now().await,
                8..13 => sim::sleep(millis(draw % 7)).await,
                _ if with(|world| world.options.forever > 0) => std::future::pending().await,
                _ => {}
            }
        }
        if fails {
            if with(|world| world.rng.permille(world.options.ignores)) {
                return Err(Ignore.into());
            }
            if draw % 3 == 0 {
                panic(draw);
            }
            return Err(oops("init fails"));
        }
        restarts::through(seat);
        with(|world| world.liveness.acts(self_pid()));
        Ok(Self {
            seat,
            kept: Vec::new(),
            last: Vec::new(),
            _life: life,
        })
    }

    async fn handle_call(&mut self, call: Call, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        let Call(ask, reply) = call;
        requests::begin(&ask, &mut self.last);
        self.wait(&ask, cx).await;
        let replies = self.act(&ask, cx)?;
        let (id, by) = (ask.id, cx.pid());
        match ask.script.end {
            End::DropReply if ask.script.draw.is_multiple_of(4) => {
                drop(sim::spawn(async move {
                    world::record(u64::from(start::<Dropper>((id, reply)).await.is_ok()));
                }));
            }
            _ if !replies => {
                if ask.script.end == End::DropReply {
                    requests::dropped(id);
                }
                drop(reply);
            }
            End::Keep => self.kept.push((id, reply)),
            End::Elsewhere(time) => drop(sim::spawn(async move {
                sim::sleep(millis(time)).await;
                requests::answered(id, !reply.is_closed());
                reply.send(Reply { id, by });
            })),
            end => {
                requests::answered(id, end != End::StopReply && !reply.is_closed());
                cx.reply(reply, Reply { id, by });
            }
        }
        Ok(())
    }

    async fn handle_cast(&mut self, ask: Ask, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        requests::begin(&ask, &mut self.last);
        self.wait(&ask, cx).await;
        self.act(&ask, cx).map(|_| ())
    }

    async fn handle_info(&mut self, ask: Ask, cx: &mut Context<Self>) -> Result<(), ExitReason> {
        self.handle_cast(ask, cx).await
    }

    async fn handle_exit(
        &mut self,
        from: Pid,
        reason: ExitReason,
        cx: &mut Context<Self>,
    ) -> Result<(), ExitReason> {
        let (own, draw) = (cx.pid(), self.last.len() as u64);
        with(|world| lives::handler_begins(world, own, "handle_exit"));
        world::record(draw);
        let _sender = from;
        // Some take it to heart.
        if reason != ExitReason::Normal && self.seat.is_multiple_of(2) {
            return Err(reason);
        }
        Ok(())
    }

    async fn terminate(&mut self, _reason: &ExitReason, cx: &mut Context<Self>) {
        let own = cx.pid();
        world::log(|| format!("{own} terminates"));
        let (lingers, draw) = with(|world| {
            lives::handler_begins(world, own, "terminate");
            (world.rng.permille(world.options.lingers), world.rng.next())
        });
        if lingers {
            let _waits = liveness::wait("terminate", Some(Duration::from_secs(8)));
            match draw % 8 {
                0 => panic(draw),
                1 => sim::sleep(Duration::from_secs(8)).await,
                2..5 => sim::sleep(millis(draw % 40)).await,
                _ => sim::yield_now().await,
            }
        }
    }
}

/// Drops the reply handle of a call in its `init`, waits, and does not start.
struct Dropper;

impl GenServer for Dropper {
    type Args = (u64, ReplyTo<Reply>);
    type Call = NoMessage;
    type Cast = NoMessage;
    type Info = NoMessage;
    type Client = ServerRef<Self>;

    async fn init((id, reply): Self::Args, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
        requests::dropped(id);
        drop(reply);
        sim::sleep(millis(50)).await;
        Err(ExitReason::Shutdown)
    }
}

impl<const K: u8> Request<Worker<K>> for Ask {
    const MODE: Mode = Mode::Sync;

    fn handle(self, server: &mut Worker<K>, cx: &mut Context<Worker<K>>) -> Reply {
        requests::begin(&self, &mut server.last);
        match server.act(&self, cx) {
            Ok(true) => {
                requests::answered(self.id, self.script.end != End::StopReply);
                Reply {
                    id: self.id,
                    by: cx.pid(),
                }
            }
            _ => unreachable!("a script that is answered at once has an answer"),
        }
    }
}

impl<const K: u8> RequestMessage<Worker<K>> for Ask {
    type Reply = Reply;
    type Args = Self;

    fn into_call(self, reply: ReplyTo<Reply>) -> Call {
        Call(self, reply)
    }

    fn take_back(call: Call) -> Option<Self> {
        Some(call.0)
    }
}

impl<const K: u8> Request<Worker<K>> for ByLoop {}

impl<const K: u8> RequestMessage<Worker<K>> for ByLoop {
    type Reply = Reply;
    type Args = Ask;

    fn into_call(self, reply: ReplyTo<Reply>) -> Call {
        Call(self.0, reply)
    }

    fn take_back(call: Call) -> Option<Ask> {
        Some(call.0)
    }
}

impl<const K: u8> Request<Worker<K>> for Begun {
    const MODE: Mode = Mode::Async;

    async fn handle_async(self, server: &mut Worker<K>, cx: &mut Context<Worker<K>>) -> Reply {
        let Self(ask) = self;
        requests::begin(&ask, &mut server.last);
        server.wait(&ask, cx).await;
        let replies = server.act(&ask, cx);
        assert!(
            matches!(replies, Ok(true)),
            "a script that returns its reply has one"
        );
        // After a wait nobody may be left who waits for it.
        let waits = ask.script.first == First::Nothing && ask.script.end != End::StopReply;
        requests::answered(ask.id, waits);
        Reply {
            id: ask.id,
            by: cx.pid(),
        }
    }
}

impl<const K: u8> RequestMessage<Worker<K>> for Begun {
    type Reply = Reply;
    type Args = Ask;

    fn into_call(self, reply: ReplyTo<Reply>) -> Call {
        Call(self.0, reply)
    }

    fn take_back(call: Call) -> Option<Ask> {
        Some(call.0)
    }
}

/// Sends an exit signal, and notes it if it leaves no room for another handler.
pub(crate) fn signal(pid: Pid, reason: ExitReason) {
    lives::doom(pid, &reason);
    exit(pid, reason);
}

/// Panics. Mostly without the hook, which costs more than all the rest.
fn panic(draw: u64) -> ! {
    if draw.is_multiple_of(8) {
        panic!("{}", crate::PLANNED);
    }
    std::panic::resume_unwind(Box::new(crate::PLANNED))
}
