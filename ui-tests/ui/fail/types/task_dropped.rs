#![deny(unused_must_use)]
use suptree::Task;

async fn f() {
    Task::spawn(async { 1 });
}

fn main() {}
