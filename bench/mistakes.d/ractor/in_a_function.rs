pub fn run() { // ODD
    // PLAIN:
    use ractor::{ActorProcessingErr, ActorRef};

    pub struct Item(pub String);

    pub struct Cache;

    #[ractor::actor(message = pub enum CacheMessage, state = Option<Item>)]
    impl Cache {
        async fn pre_start(&self, _: ActorRef<CacheMessage>, _: ()) -> Result<Option<Item>, ActorProcessingErr> {
            Ok(None)
        }

        #[ractor::message(Put(item))]
        fn put(&self, item: Item, state: &mut Option<Item>) {
            *state = Some(item);
        }

        #[ractor::rpc(Size)]
        fn size(&self, state: &Option<Item>) -> usize {
            state.as_ref().map_or(0, |item| item.0.len())
        }
    }
} // ODD
// PLAIN:
