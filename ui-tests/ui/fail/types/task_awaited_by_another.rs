use suptree::Task;

async fn uses() {
    let task = Task::spawn(async { 7 });
    Task::start(async move { task.await.map(drop) });
    let _value = task.await;
}

fn main() {}
