use suptree::prelude::*;

macro_rules! app {
    ($child:ty) => {
        supervisor! { App { strategy: one_for_one, children: [$child] } }
    };
}

app! { [u8; 4] }

fn main() {}
