//! Whether a runtime has timers, which Tokio tells by a panic alone: its handle cannot be asked, and shows nothing.
//!
//! The panic is one of ours, and is nobody's business. The crate's panic hook keeps silent about it, where the program has not
//! replaced the hook. Where panics unwind it is caught. Where they abort the question is put by a thread of its own, whose
//! hook does not return: the panic goes no further, and the thread stays where it is. Std holds the lock of the panic hook
//! meanwhile, so that such a program can set no other hook from then on.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use tokio::runtime::Handle;

/// What a thread asks about.
enum Question {
    /// A panic is caught.
    Caught,
    /// A panic is told, and goes no further.
    Held(Sender<bool>),
}

std::thread_local! {
    static ASKED: RefCell<Option<Question>> = const { RefCell::new(None) };
}

/// Asks in a way that fits how the program panics.
pub(super) fn has_timer(handle: &Handle) -> bool {
    if cfg!(panic = "abort") {
        has_timer_held(handle)
    } else {
        has_timer_caught(handle)
    }
}

fn has_timer_caught(handle: &Handle) -> bool {
    ASKED.set(Some(Question::Caught));
    let asked = catch_unwind(AssertUnwindSafe(|| ask(handle)));
    ASKED.set(None);
    asked.is_ok()
}

fn has_timer_held(handle: &Handle) -> bool {
    let (told, answer) = channel();
    let handle = handle.clone();
    let asks = super::thread::spawn("suptree asks for timers", move || {
        ASKED.set(Some(Question::Held(told.clone())));
        ask(&handle);
        ASKED.set(None);
        let _nobody_waits = told.send(true);
    });
    // Without a thread there is no way to know. Most runtimes have timers, and Tokio says clearly what is wrong with one that
    // has not.
    !asks || answer.recv().unwrap_or(false)
}

fn ask(handle: &Handle) {
    let _entered = handle.enter();
    drop(tokio::time::sleep(Duration::ZERO));
}

/// Called by the panic hook: whether this panic is the answer to a question. May not return.
pub(crate) fn is_answer() -> bool {
    let asked = ASKED.try_with(|asked| asked.try_borrow_mut().ok()?.take());
    match asked.ok().flatten() {
        None => false,
        Some(Question::Caught) => true,
        Some(Question::Held(told)) => {
            let _nobody_waits = told.send(false);
            super::thread::park_for_ever()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::{Builder, Runtime};

    fn runtimes() -> Vec<(Runtime, bool)> {
        let built = |mut builder: Builder, timers: bool| {
            if timers {
                builder.enable_time();
            }
            (builder.build().unwrap(), timers)
        };
        [true, false]
            .into_iter()
            .flat_map(|timers| {
                let multi_thread = Builder::new_multi_thread();
                [Builder::new_current_thread(), multi_thread].map(|builder| built(builder, timers))
            })
            .collect()
    }

    #[test]
    fn a_runtime_without_timers_is_found_out() {
        crate::panic::install_hook(crate::panic::Handlers {
            note: || None,
            noted: || None,
        });
        for (runtime, timers) in runtimes() {
            assert_eq!(has_timer_caught(runtime.handle()), timers);
            runtime.shutdown_background();
        }
    }

    /// As where panics abort. In a process of its own, whose hook nobody can set any more.
    #[test]
    fn r117_a_runtime_without_timers_is_found_out_where_panics_abort() {
        const NAME: &str =
            "rt::probe::tests::r117_a_runtime_without_timers_is_found_out_where_panics_abort";
        if std::env::var_os("SUPTREE_PROBE").is_some() {
            crate::panic::install_hook(crate::panic::Handlers {
                note: || None,
                noted: || None,
            });
            for (runtime, timers) in runtimes() {
                assert_eq!(has_timer_held(runtime.handle()), timers);
                runtime.shutdown_background();
            }
            std::process::exit(7);
        }
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", NAME, "--nocapture"])
            .env("SUPTREE_PROBE", "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*said), (Some(7), ""));
    }
}
