//! Servers.

use quote::quote;

use super::{compare, genserver};

#[test]
fn cache() {
    genserver(
        "cache.rs",
        quote!(name = "cache"),
        quote! {
            impl Cache {
                #[call]
                fn get(&self) -> Option<String> {
                    self.0.clone()
                }

                #[cast]
                fn save(&mut self, new: String) {
                    self.0 = Some(new);
                }
            }
        },
    );
}

#[test]
fn football_match_tracker() {
    genserver(
        "football_match_tracker.rs",
        quote!(name = match_id, restart = transient),
        quote! {
            impl FootballMatchTracker {
                #[init]
                fn init(match_id: String) -> Self {
                    Self { match_id, score: Score::default() }
                }

                #[call]
                fn get_score(&self) -> Score {
                    self.score
                }

                #[cast]
                async fn new_event(&mut self, event: String) {
                    match event.as_str() {
                        "home_goal" => self.score.home += 1,
                        "away_goal" => self.score.away += 1,
                        "end" => { let _ = FootballMatchSupervisor::named().terminate_child(self_pid()).await; }
                        other => panic!("no case clause matching: {other:?}"),
                    }
                }
            }
        },
    );
}

#[test]
fn every_role() {
    genserver(
        "every_role.rs",
        quote!(
            trap_exit,
            mailbox = 256,
            full = drop_oldest,
            shutdown = 1m,
            inline = never,
            last_message,
            deadlines,
            idle = 30s
        ),
        quote! {
            /// Keeps things.
            impl<T: Clone + Debug, const N: usize> Store<T, N> {
                #[init]
                async fn open(path: PathBuf, cx: &mut Context<Self>) -> Result<Self, OpenError> { .. }

                /// Looks a thing up.
                #[call]
                pub fn get(&self, key: u64) -> Option<T> { .. }

                /// Answers later.
                #[call(timeout = infinity)]
                #[cfg(feature = "slow")]
                #[deprecated = "use `get`"]
                pub async fn find(&mut self, (from, to): (u64, u64), reply: ReplyTo<Vec<T>>) -> Result<(), FindError> { .. }

                /// Waits for its reply.
                #[call(timeout = 30s)]
                async fn load(&mut self, key: u64, cx: &mut Context<Self>) -> Option<T> { .. }

                #[call(task)]
                fn fetch(&mut self, key: u64) -> impl Future<Output = Option<T>> + use<T, N> { .. }

                #[call(blocking)]
                fn pack(&mut self, level: u8) -> usize { .. }

                #[cast(blocking)]
                fn write_out(&mut self) -> Result<(), FlushError> { .. }

                #[cast]
                fn put(&mut self, r#type: Kind, value: T) -> io::Result<()> { .. }

                #[info]
                fn tick(&mut self, _: Tick, cx: &mut Context<Self>) { .. }

                #[every(60s)]
                fn sweep(&mut self, cx: &mut Context<Self>) { .. }

                #[every(T::PERIOD)]
                fn flush(&mut self) { .. }

                /// Goes on with what there is.
                #[handle_continue]
                async fn go_on(&mut self, from: String, cx: &mut Context<Self>) -> io::Result<()> { .. }

                #[exit]
                fn exited(&mut self, from: Pid, reason: ExitReason) { .. }

                #[timeout]
                fn idle(&mut self, cx: &mut Context<Self>) { .. }

                #[hibernate]
                fn shrink(&mut self) { .. }

                #[down]
                async fn gone(&mut self, down: Down, cx: &mut Context<Self>) -> io::Result<()> { .. }

                #[terminate]
                async fn close(&mut self, reason: &ExitReason) { .. }

                #[format_status]
                fn without_values(&self, status: &mut FormatStatus) { .. }

                fn plain(&self) {}
            }
        },
    );
}

#[test]
fn stack_of_a_parameter() {
    genserver(
        "stack.rs",
        quote!(),
        quote! {
            /// A stack of things.
            impl<T> Stack<T>
            where
                T: Clone + Send + 'static,
            {
                #[init]
                fn init(items: Vec<T>) -> Self {
                    Self(items)
                }

                #[call]
                pub fn pop(&mut self) -> Option<T> {
                    self.0.pop()
                }

                #[cast]
                pub fn push(&mut self, item: impl Into<T>) {
                    self.0.push(item.into());
                }
            }
        },
    );
}

#[test]
fn counter_that_waits() {
    genserver(
        "counter.rs",
        quote!(),
        quote! {
            impl Counter {
                #[call]
                async fn next(&mut self) -> u64 {
                    self.clock.tick().await;
                    self.last += 1;
                    self.last
                }
            }
        },
    );
}

#[test]
fn limiter() {
    genserver(
        "limiter.rs",
        quote!(name = "limiter", mailbox = 64),
        quote! {
            impl Limiter {
                #[init]
                fn init(most: u32) -> Result<Self, ConfigError> {
                    Self::new(most)
                }

                #[call]
                fn take(&mut self, many: u32, cx: &mut Context<Self>) -> Result<(), Refused> {
                    self.take_some(many, cx)
                }

                #[every(1s)]
                fn fill(&mut self) {
                    self.left = self.most;
                }
            }
        },
    );
}

#[test]
fn shop_with_a_part() {
    genserver(
        "shop.rs",
        quote!(parts(Orders)),
        quote! {
            impl Shop {
                #[call]
                fn stock(&self, item: Item) -> u32 {
                    self.stock.of(item)
                }
            }
        },
    );
}

#[test]
fn part_of_the_shop() {
    genserver(
        "shop_orders.rs",
        quote!(part = Orders),
        quote! {
            impl Shop {
                #[call]
                async fn order(&mut self, item: Item) -> Result<OrderId, OutOfStock> {
                    self.book(item).await
                }

                #[cast]
                fn cancel(&mut self, id: OrderId) {
                    self.orders.remove(&id);
                }
            }
        },
    );
}

#[test]
fn speaker() {
    genserver(
        "speaker.rs",
        quote!(protocols(KeyValue)),
        quote! {
            impl Memory {
                #[call]
                fn get(&self, key: String) -> Option<u64> {
                    self.0.get(&key).copied()
                }

                #[cast]
                fn put(&mut self, key: String, value: u64) {
                    self.0.insert(key, value);
                }
            }
        },
    );
}

#[test]
fn protocol() {
    compare(
        "protocol.rs",
        crate::protocol::expand(
            quote!(),
            quote! {
                /// Values by their keys.
                pub trait KeyValue {
                    /// The value of a key.
                    #[call]
                    fn get(&self, key: String) -> Option<u64>;

                    #[cast]
                    fn put(&mut self, key: String, value: u64);
                }
            },
        ),
    );
}
