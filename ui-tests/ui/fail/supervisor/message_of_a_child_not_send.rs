use std::rc::Rc;

use suptree::prelude::*;

struct Key(Rc<String>);

#[derive(Default)]
struct Cache(usize);

#[genserver]
impl Cache {
    #[call]
    fn len(&self) -> usize {
        self.0
    }

    #[cast]
    fn put(&mut self, key: Key) {
        self.0 += key.0.len();
    }
}

supervisor! {
    App {
        strategy: one_for_one,
        children: [
            Cache,
            for _n in 0..3 => Cache as caches,
            dynamic more: Cache,
            partition pool: Cache,
            supervisor Inside { strategy: one_for_all, children: [Cache as inner] },
        ],
    }
}

async fn all(app: App) -> Result<usize, CallError> {
    let one = app.cache().len().await?;
    let listed = app.caches()[0].len().await?;
    let pooled = app.pool().route("joe").len().await?;
    Ok(one + listed + pooled + app.inside().inner().len().await?)
}

fn main() {}
