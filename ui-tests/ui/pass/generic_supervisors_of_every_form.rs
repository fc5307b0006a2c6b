//! Children whose types depend on a supervisor's parameters, in every form that there is.

#![deny(warnings)]

use std::fmt::Debug;
use std::marker::PhantomData;

use suptree::prelude::*;
use suptree::{Child, ChildId, ChildSpec, SupervisorRef};

trait Mailer: Clone + Send + 'static {}

impl Mailer for u8 {}

struct Post<M, const N: usize>(M);

#[genserver]
impl<M: Mailer, const N: usize> Post<M, N> {
    #[init]
    fn init(mailer: M) -> Self {
        Self(mailer)
    }

    #[call]
    fn get(&self) -> (M, usize) {
        (self.0.clone(), N)
    }
}

struct Feed<M: Mailer>(PostClient<M, 0>, Vec<PostClient<M, 1>>);

#[genserver]
impl<M: Mailer> Feed<M> {
    #[init]
    fn init(post: PostClient<M, 0>, posts: Vec<PostClient<M, 1>>) -> Self {
        Self(post, posts)
    }

    #[call]
    async fn get(&self) -> (M, usize) {
        let (mailer, _) = self.0.get().await.unwrap();
        (mailer, self.1.len())
    }
}

struct ByHand<M>(PhantomData<M>);

impl<M: Send + 'static> Child for ByHand<M> {
    type Args = M;
    type Handle = SupervisorRef;

    fn vacant() -> SupervisorRef {
        SupervisorRef::vacant()
    }

    fn child_spec(_handle: &SupervisorRef, id: impl Into<ChildId>, _args: M) -> ChildSpec {
        Post::<u8, 9>::child_spec(1).with_id(id)
    }
}

async fn wait<M: Mailer>(post: PostClient<M, 0>) {
    post.get().await.unwrap();
    std::future::pending().await
}

supervisor! { Inside<M>(mailer: M) where M: Mailer + Debug { strategy: one_for_one, children: [Post<M, 2>(mailer) as post] } }

macro_rules! app {
    ($ty:ty) => {
        supervisor! {
            App<M: Mailer, const N: usize>(mailer: M, is_asked: bool) where M: Debug {
                strategy: one_for_one,
                children: [
                    Post<M, 0>(mailer) as post,
                    for _ in 0..2 => Post<M, 1>(mailer) as posts,
                    if is_asked => Post<M, N>(mailer) as asked,
                    Feed<M>(post.clone(), posts) as feed,
                    ByHand<M>(mailer) as by_hand,
                    $ty(mailer) as of_macro,
                    #[cfg(not(all()))]
                    Post<M, 4>(mailer) as nothing,
                    Inside<M>(mailer) as inside,
                    task waits: wait(post),
                    supervisor Inner { strategy: one_for_all, children: [Feed<M>(post, posts) as inner_feed] },
                    dynamic rooms: Post<M, 5>,
                    partition pool: Post<M, 6>(mailer),
                ]
            }
        }
    };
}

app!(Post<M, 3>);

fn is_handle<T: Clone + Debug + Send + Sync + 'static>(_: &T) {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App::<u8, 7>::start_link(5, true).await?;
    is_handle(&app);
    assert_eq!(app.post().get().await?, (5, 0));
    assert_eq!(app.posts()[1].get().await?, (5, 1));
    assert_eq!(app.asked().get().await?, (5, 7));
    assert_eq!(app.of_macro().get().await?, (5, 3));
    assert_eq!(app.feed().get().await?, (5, 2));
    assert_eq!(app.inside().post().get().await?, (5, 2));
    assert_eq!(app.inner().inner_feed().get().await?, (5, 2));
    assert!(format!("{app:?}").starts_with("App { post: PostClient(ServerRef("));
    app.stop().await?;
    Ok(())
}
