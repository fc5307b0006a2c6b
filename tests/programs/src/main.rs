//! Programs that are applications: the first argument says which. Each says on its standard output what happens in it.

use std::fmt;
use std::future::{Future, pending};
use std::io::Write as _;
use std::ops::Deref;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{
    AutoShutdown, Child, ChildId, ChildSpec, Strategy, Supervisor, SupervisorRef, SupervisorSpec,
    TaskOutput,
};

fn say(line: impl fmt::Display) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").expect("the test listens");
}

/// A server that says when it stops.
struct Says(&'static str);

#[genserver]
impl Says {
    #[init]
    fn init(name: &'static str) -> Self {
        Self(name)
    }

    #[terminate]
    fn bye(&mut self) {
        say(format_args!("{} stops", self.0));
    }
}

/// A server that never stops by itself.
struct Stuck;

#[genserver(name = "stuck")]
impl Stuck {
    #[init]
    fn init() -> Self {
        Self
    }

    #[terminate]
    async fn bye(&mut self) {
        say("stuck");
        pending::<()>().await;
    }
}

/// Something has begun that does not end.
static STARTING: AtomicBool = AtomicBool::new(false);

fn starting() {
    say("starting");
    STARTING.store(true, Ordering::Release);
}

/// A server that never starts.
struct Slow;

#[genserver]
impl Slow {
    #[init]
    async fn init() -> Self {
        starting();
        pending().await
    }
}

/// A server that does not start.
struct Fails;

#[genserver]
impl Fails {
    #[init]
    fn init() -> Result<Self, std::io::Error> {
        Err(std::io::Error::other("the disk is full"))
    }
}

/// A server that starts once.
struct NotAgain;

static STARTED: AtomicBool = AtomicBool::new(false);

#[genserver(name = "not again")]
impl NotAgain {
    #[init]
    fn init() -> Result<Self, std::io::Error> {
        if STARTED.swap(true, Ordering::Relaxed) {
            return Err(std::io::Error::other("the port is taken"));
        }
        Ok(Self)
    }
}

/// A supervisor of whatever a program wants.
#[derive(Clone, Debug)]
struct App(SupervisorRef);

/// The same, with a name.
#[derive(Clone, Debug)]
struct Named(SupervisorRef);

type Make = fn(SupervisorSpec) -> SupervisorSpec;

macro_rules! supervisors {
    ($($app:ident: $name:expr;)*) => {$(
        impl Child for $app {
            type Args = Make;
            type Handle = Self;

            fn vacant() -> Self {
                Self(SupervisorRef::vacant())
            }

            fn child_spec(handle: &Self, id: impl Into<ChildId>, make: Make) -> ChildSpec {
                handle.as_child(id, make)
            }
        }

        impl Supervisor for $app {
            fn name() -> Option<Name> {
                $name
            }

            fn supervisor(&self) -> &SupervisorRef {
                &self.0
            }

            fn init(&self, make: Make) -> SupervisorSpec {
                *LAST.lock().expect("nobody panics with it") = Some(self.0.clone());
                make(SupervisorSpec::new(Strategy::OneForOne))
            }
        }

        impl Deref for $app {
            type Target = SupervisorRef;

            fn deref(&self) -> &SupervisorRef {
                &self.0
            }
        }
    )*};
}

supervisors! {
    App: None;
    Named: Some("app".into());
}

fn says(name: &'static str) -> ChildSpec {
    <Says as Child>::child_spec(&<Says as Child>::vacant(), name, name)
}

fn stuck() -> ChildSpec {
    Stuck::child_spec().shutdown(Shutdown::Infinity)
}

/// Once, and without a sign of an end.
fn once<F: Future<Output: TaskOutput> + Send + 'static>(task: fn() -> F) -> ChildSpec {
    ChildSpec::task("task", task)
}

/// The supervisor that was started last.
static LAST: Mutex<Option<SupervisorRef>> = Mutex::new(None);

/// Says that everything was started.
async fn ready() {
    let last = LAST.lock().expect("nobody panics with it").clone();
    let last = last.expect("it starts this task");
    // Answered when the start is done.
    let _counts = last.count_children().await;
    say("ready");
    pending::<()>().await;
}

fn abc(spec: SupervisorSpec) -> SupervisorSpec {
    spec.child(says("a"))
        .child(says("b"))
        .child(says("c"))
        .child(once(ready))
}

fn with_stuck(spec: SupervisorSpec) -> SupervisorSpec {
    spec.child(says("a")).child(stuck()).child(once(ready))
}

/// Fails until its supervisor gives up.
fn hopeless(spec: SupervisorSpec) -> SupervisorSpec {
    let fails = ChildSpec::task("hopeless", || async { Err::<(), _>("no hope") });
    spec.child(says("a"))
        .child(fails.restart(Restart::Permanent))
}

/// Fails when something else has begun that does not end.
fn gives_up_when_told(spec: SupervisorSpec) -> SupervisorSpec {
    let fails = ChildSpec::task("fails", || async {
        while !STARTING.load(Ordering::Acquire) {
            tokio::task::yield_now().await;
        }
        Err::<(), _>("no hope")
    });
    spec.max_restarts(0)
        .child(says("a"))
        .child(fails.restart(Restart::Permanent))
}

/// Blocks every thread that runs tasks.
async fn block_all() {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for _ in 1..threads {
        drop(tokio::spawn(async { block() }));
    }
    say("ready");
    block()
}

fn block() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3_600));
    }
}

/// From here on, who writes on the standard error waits for ever, as where nobody reads it.
fn unread() {
    let (held, ready) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _held = std::io::stderr().lock();
        held.send(()).expect("the program waits for it");
        block()
    });
    ready.recv().expect("the thread runs");
}

/// What a program holds, and whose destructor never returns.
#[derive(Debug)]
struct Holds;

impl Drop for Holds {
    fn drop(&mut self) {
        block()
    }
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not now")
    }
}

impl std::error::Error for Holds {}

/// A hook that holds it.
fn holding() -> impl FnOnce() -> std::future::Ready<()> + Send {
    let holds = Holds;
    move || {
        let _dropped = holds;
        std::future::ready(())
    }
}

/// The bug that a test looks for.
#[cfg(suptree_planted_bugs)]
fn plant() {
    use suptree::__private::{Bug, plant};

    let Ok(wanted) = std::env::var("SUPTREE_PROGRAM_BUG") else {
        return;
    };
    let mut bugs = Bug::PROGRAMS.iter().map(|(bug, _)| *bug);
    let bug = bugs.find(|bug| format!("{bug:?}") == wanted);
    plant(Some(bug.expect("there is such a bug")));
}

fn main() -> ExitCode {
    #[cfg(suptree_planted_bugs)]
    plant();
    let program = std::env::args().nth(1).unwrap_or_default();
    let ms = Duration::from_millis;
    match &*program {
        "plain" => App::run(abc),
        "hooks" => App::application(abc)
            .prep_stop(|app| async move {
                let counts = app.count_children().await.expect("it runs");
                say(format_args!("prep_stop, {} run", counts.active));
            })
            .stop(async || {
                say(format_args!("stop, {} run", suptree::processes().len()));
            })
            .run(),
        "on ready" => App::application(abc)
            .on_ready(|app| async move { say(format_args!("the first is up: {}", app.is_ready())) })
            .and(
                App::application(|spec| spec.child(says("d")))
                    .on_ready(|_| async { say("ready") })
                    .stop(async || say("stop")),
            )
            .run(),
        "on ready fails" => App::application(|spec| spec.child(says("a")))
            .on_ready(|_| async { Err::<(), _>("nobody listens") })
            .stop(async || say("stop"))
            .and(App::application(|spec| spec.child(says("b"))))
            .run(),
        "on ready hangs" => App::application(|spec| spec.child(says("a")))
            .on_ready(|_| async {
                say("ready");
                pending::<()>().await;
            })
            .run(),
        "hooks that fail" => App::application(abc)
            .prep_stop(|_| async { Err::<(), _>("not now") })
            .stop(async || panic!("never"))
            .run(),
        "several" => App::application(|spec| spec.child(says("a")))
            .stop(async || say("the first has stopped"))
            .and(
                App::application(|spec| spec.child(says("b")).child(once(ready)))
                    .stop(async || say("the second has stopped")),
            )
            .run(),
        "twice" => Named::application(|spec| spec.child(says("a")))
            .and(Named::application(abc))
            .run(),
        "fails" => App::application(|spec| spec.child(says("a")).child(Fails::child_spec()))
            .stop(async || say("stop"))
            .run(),
        "second fails" => App::application(|spec| spec.child(says("a")))
            .stop(async || say("stop"))
            .and(App::application(|spec| {
                spec.child(says("b")).child(Fails::child_spec())
            }))
            .run(),
        "gives up" => App::application(hopeless)
            .prep_stop(
                |app| async move { say(format_args!("prep_stop, alive: {}", app.is_alive())) },
            )
            .stop(async || say("stop"))
            .run(),
        "gives up below" => App::run(|spec| {
            let inner = App::child_spec(&App::vacant(), "inner", |spec| {
                hopeless(spec).max_restarts(2)
            });
            spec.max_restarts(0).child(inner)
        }),
        "gives up at a start" => App::run(|spec| {
            let kills = ChildSpec::task("kills", || async { NotAgain::named().kill() });
            spec.child(NotAgain::child_spec()).child(kills)
        }),
        "ends with a child" => App::run(|spec| {
            let fails = ChildSpec::task("fails", || async { Err::<(), _>("no hope") });
            spec.auto_shutdown(AutoShutdown::AnySignificant)
                .child(fails.significant(true))
        }),
        "inside of a runtime" => {
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            runtime
                .expect("a runtime")
                .block_on(async { App::run(abc) })
        }
        "gives up during a start" => App::application(gives_up_when_told)
            .stop(async || say("the first has stopped"))
            .and(App::application(|spec| {
                spec.child(says("b"))
                    .child(Slow::child_spec())
                    .child(says("c"))
            }))
            .run(),
        "gives up during a start that is stuck" => App::application(gives_up_when_told)
            .and(App::application(|spec| {
                spec.child(stuck()).child(Slow::child_spec())
            }))
            .shutdown_timeout(ms(300))
            .run(),
        "gives up during its hook" => App::application(gives_up_when_told)
            .on_ready(|_| async {
                starting();
                pending::<()>().await;
            })
            .and(App::application(|spec| spec.child(says("b"))))
            .run(),
        "transient ends during a hook" => App::application(|spec| spec.child(says("b")))
            .restart(Restart::Transient)
            .stop(async || say("the first has stopped"))
            .on_ready(|app| async move {
                app.stop().await.expect("it runs");
                say("the hook goes on");
            })
            .and(App::application(|spec| {
                spec.child(says("c")).child(once(ready))
            }))
            .run(),
        "temporary gives up" => App::application(|spec| spec.child(says("b")))
            .and(
                App::application(hopeless)
                    .restart(Restart::Temporary)
                    .stop(async || {
                        say("the temporary one has stopped");
                        say("ready");
                    }),
            )
            .run(),
        "all gone" => Named::application(|spec| spec.child(says("b")).child(once(stop_named)))
            .restart(Restart::Transient)
            .and(App::application(hopeless).restart(Restart::Temporary))
            .run(),
        "stops itself" => Named::application(|spec| spec.child(says("a")).child(once(stop_named)))
            .stop(async || {
                let again = SupervisorRef::named("app".into()).stop().await;
                say(format_args!("again: {again:?}"));
            })
            .run(),
        "slow start" => App::application(|spec| {
            spec.child(says("a"))
                .child(says("b"))
                .child(Slow::child_spec())
        })
        .prep_stop(|_| async { say("prep_stop") })
        .run(),
        "slow start after another" => App::application(|spec| spec.child(says("a")))
            .stop(async || say("stop"))
            .and(App::application(|spec| {
                spec.child(says("b")).child(Slow::child_spec())
            }))
            .run(),
        "stuck" => App::run(with_stuck),
        "stuck and bound" => App::application(with_stuck).shutdown_timeout(ms(300)).run(),
        "stuck hook" => App::application(abc)
            .prep_stop(|_| async {
                say("prep_stop");
                pending::<()>().await;
            })
            .shutdown_timeout(ms(300))
            .run(),
        "stuck stop hook" => App::application(|spec| spec)
            .on_ready(async |_| say("ready"))
            .stop(async || {
                say("stop");
                pending::<()>().await;
            })
            .shutdown_timeout(ms(300))
            .run(),
        "blocks one" => App::run(|spec| {
            let blocks = ChildSpec::task("blocks", || async {
                say("ready");
                block()
            });
            spec.child(says("a"))
                .child(blocks.shutdown(Shutdown::Timeout(Duration::from_millis(100))))
        }),
        "blocks all" => App::run(|spec| spec.child(says("a")).child(once(block_all))),
        "blocks all and bound" => {
            App::application(|spec| spec.child(says("a")).child(once(block_all)))
                .shutdown_timeout(ms(300))
                .run()
        }
        "fails and holds" => {
            App::application(|spec| spec.child(says("a")).child(Fails::child_spec()))
                .stop(holding())
                .and(App::application(abc).stop(holding()))
                .run()
        }
        "hook fails and holds" => App::application(abc)
            .prep_stop(|_| async { Err::<(), _>(Holds) })
            .run(),
        "slow start and holds" => App::application(|spec| spec.child(says("a")))
            .and(App::application(|spec| spec.child(Slow::child_spec())).stop(holding()))
            .and(App::application(abc).stop(holding()))
            .run(),
        "stuck and holds" => App::application(with_stuck).stop(holding()).run(),
        "hook fails unread" => {
            unread();
            App::application(abc)
                .prep_stop(|_| async { Err::<(), _>("not now") })
                .run()
        }
        "stuck unread" => {
            unread();
            App::run(with_stuck)
        }
        "before" => {
            say("ready");
            block()
        }
        other => panic!("there is no program {other}"),
    }
}

/// Ends the named application from inside of the program.
async fn stop_named() {
    let named = SupervisorRef::named("app".into());
    while !named.is_alive() {
        tokio::task::yield_now().await;
    }
    let _ = named.stop().await;
    pending::<()>().await;
}
