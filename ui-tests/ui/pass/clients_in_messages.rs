//! Servers that know each other: clients, references, replies and supervisors in arguments, replies and states, in circles.

#![deny(warnings)]

use suptree::ServerRef;
use suptree::prelude::*;

#[derive(Default)]
struct Ping {
    other: Option<PongClient>,
    count: u32,
}

#[derive(Default)]
struct Pong {
    others: Vec<PingClient>,
}

#[genserver]
impl Ping {
    #[cast]
    fn meet(&mut self, other: PongClient) {
        self.other = Some(other);
    }

    #[call]
    async fn serve(&mut self, cx: &mut Context<Self>) -> Result<u32, CallError> {
        match &self.other {
            Some(other) => other.hit(cx.client(), Ball(vec![cx.client()])).await,
            None => Ok(0),
        }
    }

    #[cast]
    fn count(&mut self, by: u32) {
        self.count += by;
    }

    #[call]
    fn counted(&self, _of: Option<PingClient>) -> (u32, Option<PongClient>) {
        (self.count, self.other.clone())
    }

    #[call]
    fn pass(&self, to: ReplyTo<PongClient>) {
        if let Some(other) = &self.other {
            to.send(other.clone());
        }
    }
}

struct Ball(Vec<PingClient>);

#[genserver]
impl Pong {
    #[call]
    async fn hit(&mut self, from: PingClient, ball: Ball) -> u32 {
        self.others.extend(ball.0);
        let _ = from.count(1).await;
        self.others.len() as u32
    }

    #[call]
    fn by_reference(&self, reference: ServerRef<Ping>, itself: ServerRef<Self>) -> bool {
        reference.is_alive() && itself.is_alive()
    }
}

supervisor! { Game { strategy: one_for_one, children: [Ping, Pong, Umpire] } }

/// Has the supervisor that it stands under.
#[derive(Default)]
struct Umpire(Option<Game>);

#[genserver]
impl Umpire {
    #[cast]
    fn of(&mut self, game: Game) {
        self.0 = Some(game);
    }

    #[call]
    fn ping(&self) -> Option<PingClient> {
        self.0.as_ref().map(Game::ping)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let game = Game::start_link().await?;
    let (ping, pong) = (game.ping(), game.pong());
    ping.meet(pong.clone()).await?;
    assert_eq!(ping.serve().await??, 1);
    assert_eq!(ping.counted(None).await?.0, 1);
    assert!(ping.pass().await?.is_alive());
    assert!(pong.by_reference((*ping).clone(), (*pong).clone()).await?);
    game.umpire().of(game.clone()).await?;
    assert!(game.umpire().ping().await?.is_some());
    Ok(())
}
