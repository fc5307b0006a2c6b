//! Where a panic happened, as reasons tell it: the place of that very panic, or none.

use std::any::Any;
use std::panic::{catch_unwind, panic_any, resume_unwind};

use suptree::{CallError, ExitReason};

use crate::support::{
    Boxed, Cx, Kind, Log, Probe, act, does, does_async, get, on_every_path, start,
};

on_every_path! {
    r83_a_panic_that_is_passed_on_has_not_the_place_of_another
    r83_a_panic_that_a_handler_caught_keeps_its_place
    r83_a_contained_panic_of_a_destructor_does_not_hide_the_place
    r83_a_call_in_between_leaves_the_place_alone
}

type Payload = Box<dyn Any + Send>;

/// What a handler's end is told as: its text, and its line.
async fn told<K: Kind>(handlers: Vec<fn()>) -> (String, Option<u32>) {
    let (last, before) = handlers.split_last().expect("a handler that panics");
    let server = start::<K>("a", &Log::new()).await;
    // Casts are handled in one turn with what follows; calls have turns of their own.
    for (nth, &handler) in before.iter().enumerate() {
        if nth % 2 == 0 {
            server.call(does(move |_, _| handler())).await.unwrap();
        } else {
            server.cast(act(move |_, _| handler())).await.unwrap();
        }
    }
    let last = *last;
    let Err(CallError::Exited(ExitReason::Panic(panic))) =
        server.call(does(move |_, _| last())).await
    else {
        panic!("it ends with a panic")
    };
    let line = panic.location().map(|place| {
        let (file, rest) = place.split_once(".rs:").expect("file:line:column");
        assert!(file.ends_with("places"), "{place}");
        rest.split(':').next().unwrap().parse().unwrap()
    });
    (panic.message().to_owned(), line)
}

/// A panic of another thread, where no handler runs.
fn elsewhere(panics: fn()) -> Payload {
    std::thread::spawn(panics).join().unwrap_err()
}

fn harmless() {
    let _caught = catch_unwind(|| panic!("harmless"));
    let _caught = catch_unwind(|| panic!("harmless {}", 1));
    let _caught = catch_unwind(|| panic_any(1_u8));
}

fn nothing() -> Option<String> {
    None
}

fn none() {
    let _caught = catch_unwind(|| nothing().unwrap());
}

async fn r83_a_panic_that_is_passed_on_has_not_the_place_of_another<K: Kind>() {
    let passes_on = [
        (|| resume_unwind(elsewhere(|| panic!("real")))) as fn(),
        || resume_unwind(elsewhere(|| panic!("real {}", 1))),
        || resume_unwind(elsewhere(|| panic_any(1_u64))),
        || resume_unwind(Box::new("never panicked")),
    ];
    for passes in passes_on {
        let handlers: [Vec<fn()>; 3] = [
            vec![passes],
            vec![harmless, passes],
            vec![harmless, harmless, passes],
        ];
        for handlers in handlers {
            assert_eq!(told::<K>(handlers).await.1, None);
        }
    }
    // In the same handler, too.
    let both = || {
        harmless();
        resume_unwind(elsewhere(|| panic!("real")));
    };
    assert_eq!(told::<K>(vec![both]).await, ("real".to_owned(), None));
    // The same text, even the same bytes: the one that an earlier turn caught is another one.
    let passes = || resume_unwind(elsewhere(|| drop(nothing().unwrap())));
    assert_eq!(told::<K>(vec![none, passes]).await.1, None);
}

async fn r83_a_panic_that_a_handler_caught_keeps_its_place<K: Kind>() {
    let line = line!() + 2;
    let text = || {
        let first = catch_unwind(|| panic!("first")).unwrap_err();
        let _second = catch_unwind(|| panic!("second")).unwrap_err();
        resume_unwind(first);
    };
    assert_eq!(
        told::<K>(vec![harmless, text]).await,
        ("first".to_owned(), Some(line))
    );
    let line = line!() + 3;
    let formatted = || {
        let one = std::hint::black_box(1);
        let first = catch_unwind(|| panic!("no {one}")).unwrap_err();
        let _second = catch_unwind(|| panic!("no {one}")).unwrap_err();
        resume_unwind(first);
    };
    assert_eq!(
        told::<K>(vec![formatted]).await,
        ("no 1".to_owned(), Some(line))
    );
    // One constant, two places: which of the two this is nobody can tell.
    let constant = || {
        let first = catch_unwind(|| panic!("constant")).unwrap_err();
        let _second = catch_unwind(|| panic!("constant")).unwrap_err();
        resume_unwind(first);
    };
    assert_eq!(
        told::<K>(vec![constant]).await,
        ("constant".to_owned(), None)
    );
}

async fn r83_a_contained_panic_of_a_destructor_does_not_hide_the_place<K: Kind>() {
    struct Contains;
    impl Drop for Contains {
        fn drop(&mut self) {
            harmless();
        }
    }
    let line = line!() + 3;
    let panics = || {
        let _drops = Contains;
        panic!("real");
    };
    assert_eq!(
        told::<K>(vec![panics]).await,
        ("real".to_owned(), Some(line))
    );
}

/// A handler keeps what it caught while it calls another server, in which things panic, too.
async fn r83_a_call_in_between_leaves_the_place_alone<K: Kind>() {
    let (outer, inner) = (
        start::<K>("outer", &Log::new()).await,
        start::<K>("inner", &Log::new()).await,
    );
    let line = line!() + 3;
    let calls = does_async(move |_: &mut Probe<K>, _: &mut Cx<K>| -> Boxed<'_, ()> {
        Box::pin(async move {
            let caught = catch_unwind(|| panic!("kept")).unwrap_err();
            let _ = inner.call(does(|_, _| harmless())).await;
            assert_eq!(inner.call(get()).await, Ok(0));
            resume_unwind(caught)
        })
    });
    let Err(CallError::Exited(ExitReason::Panic(panic))) = outer.call(calls).await else {
        panic!("it ends with a panic")
    };
    assert_eq!(panic.message(), "kept");
    // Where the call went through the queue, the handler went on in another turn: then nothing is known.
    if let Some(place) = panic.location() {
        assert!(place.contains(&format!(".rs:{line}:")), "{place}");
    }
}

/// The first start of a program, in a destructor that runs while its thread unwinds: std sets no hook there. Later starts
/// do. In a process of its own: the hook is the program's.
#[test]
fn r84_a_first_start_while_a_thread_unwinds_breaks_no_later_one() {
    const ALONE: &str = "SUPTREE_TEST_ALONE";
    const NAME: &str = "places::r84_a_first_start_while_a_thread_unwinds_breaks_no_later_one";
    if std::env::var_os(ALONE).is_none() {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env(ALONE, "1")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && text.contains("1 passed"),
            "{text}"
        );
        return;
    }
    struct Starts<'a>(&'a tokio::runtime::Runtime);
    impl Drop for Starts<'_> {
        fn drop(&mut self) {
            let place = self.0.block_on(panics());
            assert_eq!(place, None, "there is no hook yet");
        }
    }
    /// The place that a handler's panic is told with.
    async fn panics() -> Option<String> {
        let server = start::<crate::support::Plain>("a", &Log::new()).await;
        let told = server.call(does(|_, _| panic!("x"))).await;
        let Err(CallError::Exited(ExitReason::Panic(panic))) = told else {
            panic!("it ends with a panic")
        };
        panic.location().map(str::to_owned)
    }
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let first = runtime();
    let unwound = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let _starts = Starts(&first);
            panic!("first")
        });
        thread
            .join()
            .map_err(|payload| *payload.downcast::<&str>().unwrap())
    });
    assert_eq!(unwound, Err("first"));
    // On another runtime, and on the one that was there.
    for runtime in [runtime(), first] {
        let place = runtime.block_on(panics());
        assert!(place.unwrap().contains("places.rs:"));
    }
}
