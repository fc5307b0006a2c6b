use suptree::prelude::*;

#[derive(Default)]
struct Ring<const N: usize>(u64);

#[genserver]
impl<const N: usize> Ring<N> {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! { App { strategy: one_for_one, children: [Ring] } }

async fn get(app: &App) -> Option<u64> {
    app.ring().get().await.ok()
}

fn main() {}
