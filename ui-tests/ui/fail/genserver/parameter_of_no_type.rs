use suptree::prelude::*;

#[derive(Default)]
struct Log(Vec<String>);

#[genserver]
impl<T: ToString + Send + 'static> Log {
    #[cast]
    fn write(&mut self, what: T) {
        self.add(what);
    }

    #[call]
    fn lines(&self) -> Vec<String> {
        self.0.clone()
    }

    fn add(&mut self, what: T) {
        self.0.push(what.to_string());
    }
}

async fn used(log: LogClient) {
    let _ = log.write(1).await;
    let _ = log.lines().await;
}

fn main() {}
