//! Servers that monitor others: by what they mean them, what they hear of, and what they do then; and when nothing comes.

use suptree::prelude::*;
use suptree::{MonitorRef, ProcessRef};

use super::{a_while, error};
use crate::fault::{Fault, Op, visit};

/// Known by a key of a user's.
struct Watcher(Vec<MonitorRef>);

#[genserver(name = key, idle = 20ms)]
impl Watcher {
    #[init]
    fn init(key: Fault) -> Self {
        drop(key);
        Self(Vec::new())
    }

    #[call]
    fn watch(&mut self, process: ProcessRef, key: Fault, cx: &mut Context<Self>) {
        self.0.push(cx.monitor(&process));
        let name = Name::new(key);
        self.0.push(cx.monitor(&name));
        self.0.push(cx.monitor(&name));
        self.0
            .push(cx.monitor(&WatcherClient::from(ServerRef::named(name))));
    }

    #[call]
    fn give_up(&mut self, cx: &mut Context<Self>) {
        for monitor in self.0.drain(..).step_by(2) {
            cx.demonitor(monitor);
        }
    }

    #[cast]
    fn fail(&self, with: Fault) -> Result<(), Fault> {
        Err(with)
    }

    #[timeout]
    async fn nothing_comes(&mut self, cx: &mut Context<Self>) {
        visit(Op::Run);
        tokio::task::yield_now().await;
        cx.hibernate();
        visit(Op::Run);
    }

    #[hibernate]
    fn shrink(&mut self) {
        visit(Op::Run);
    }

    #[down]
    async fn ended(&mut self, down: Down) {
        visit(Op::Run);
        let _shown = format!("{} {:?}", down.reason, down.name);
        tokio::task::yield_now().await;
        visit(Op::Run);
    }
}

/// Their ends, of all sorts, for one that monitors them.
pub(crate) async fn monitors() {
    for way in 0..5 {
        let watcher = started!(Watcher::start(Fault::new(1)));
        let other = started!(Watcher::start(Fault::new(2)));
        drop(watcher.watch(other.process(), Fault::new(2)).await);
        drop(watcher.watch(other.process(), Fault::new(3)).await);
        match way {
            0 => drop(other.fail(Fault::new(4)).await),
            1 => other.exit(error(4)),
            // Its messages are unread when the one that monitors dies.
            2 => {
                other.exit(error(4));
                watcher.kill();
            }
            3 => drop(watcher.give_up().await),
            _ => {
                other.exit(error(4));
                drop(watcher.give_up().await);
            }
        }
        a_while().await;
        watcher.kill();
        other.kill();
        a_while().await;
    }
}
