use suptree::Task;

async fn uses() {
    let task = Task::spawn(async { 7 });
    let _value = task.await;
    let _again = task.await;
}

fn main() {}
