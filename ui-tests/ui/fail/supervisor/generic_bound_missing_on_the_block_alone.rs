use suptree::prelude::*;

struct Sorted<T>(Vec<T>);

#[genserver]
impl<T: Ord + Clone + Send + 'static> Sorted<T> {
    #[init]
    fn init(first: T) -> Self {
        Self(vec![first])
    }
    #[call]
    fn least(&self) -> T {
        self.0[0].clone()
    }
}

struct Shown<T>(T, SortedClient<u8>);

#[genserver]
impl<T: Clone + Send + 'static> Shown<T> {
    #[init]
    fn init(first: T, sorted: SortedClient<u8>) -> Self {
        Self(first, sorted)
    }
}

supervisor! { App<T: Clone + Send + 'static>(first: T, byte: u8) { strategy: one_for_one, children: [Sorted<u8>(byte) as bytes, Shown<T>(first, bytes) as shown, Sorted<T>(first) as sorted] } }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::start_link(1_u16, 2).await?;
    let _: u16 = app.sorted().least().await?;
    Ok(())
}
