//! The arguments of hooks, by other names of their types.

#![deny(warnings)]

use suptree::FormatStatus as Shown;
use suptree::prelude::*;

type Who = Pid;
type Why = ExitReason;

#[derive(Default)]
struct Waiting(Option<Who>);

#[genserver(trap_exit)]
impl Waiting {
    #[exit]
    async fn exit(&mut self, from: Who, reason: Why) -> Result<(), Why> {
        self.0 = Some(from);
        Err(reason)
    }

    #[down]
    fn down(&mut self, down: suptree::Down) {
        drop(down);
    }

    #[terminate]
    async fn terminate(&mut self, reason: &Why) {
        println!("{reason}");
    }

    #[format_status]
    fn shown(&self, status: &mut Shown) {
        let _ = status;
    }
}

#[derive(Default)]
struct Plain;

#[genserver(trap_exit)]
impl Plain {
    #[exit]
    fn exit(&mut self, _: Who, _: Why) {}

    #[terminate]
    fn terminate(&mut self, _: &Why) {}
}

fn main() {
    let _ = (Waiting::child_spec(), Plain::child_spec());
}
