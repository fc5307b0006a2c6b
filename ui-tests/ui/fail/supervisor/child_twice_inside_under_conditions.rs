use suptree::prelude::*;

#[derive(Default)]
struct Cache(u64);

#[genserver]
impl Cache {
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            Cache,
            supervisor Inside {
                strategy: one_for_one,
                children: [
                    Cache,
                    #[cfg(all())]
                    Cache,
                    #[cfg(any())]
                    NoSuchServer as cache,
                ],
            },
        ],
    }
}

#[cfg(any())]
supervisor! {
    Absent {
        strategy: one_for_one,
        children: [supervisor Deep { strategy: one_for_one, children: [Cache, #[cfg(all())] Cache] }],
    }
}

supervisor! {
    #[cfg(any())]
    Gone {
        strategy: one_for_one,
        children: [supervisor Lost { strategy: one_for_one, children: [Cache, #[cfg(all())] Cache] }],
    }
}

async fn get(app: AppRef) -> Result<u64, CallError> {
    app.inside().cache().get().await
}

fn main() {}
