//! Agents.

use std::time::Duration;

use suptree::prelude::*;
use suptree::{Agent, AgentSpec, Name};

use super::{a_while, kill_all, spend};
use crate::fault::{Fault, Op, own, visit};
use crate::world::PlacedApp;

supervisor! { Agents { dynamic: Agent<Fault> } }

/// Agents: their first values, what their closures hold, do and give, and their names.
pub(crate) async fn agents() {
    let first = |number: u32| {
        let held = Fault::new(number);
        move || {
            visit(Op::Run);
            held.clone()
        }
    };
    let name = own(async || Name::new(Fault::new(1))).await;
    let spec = own(async || AgentSpec::new(first(2)).name(Name::new(Fault::new(1)))).await;
    let agent = started!(spec.clone().start_link());
    let named = own(async || Agent::<Fault>::named(name.clone())).await;
    own(async || Agent::<Fault>::whereis(&name).is_some()).await;
    let once = loop {
        // What is made for a start that fails is gone with it.
        let made = own(async || first(3)).await;
        if let Ok(agent) = Agent::start(made).await {
            break agent;
        }
    };
    // Its key is compared in the caller's own poll.
    own(async || spend(named.get(Fault::clone).await)).await;
    for agent in [&agent, &once] {
        let held = own(async || Fault::new(4)).await;
        let call = agent.get(move |value| {
            visit(Op::Run);
            drop(held);
            value.clone()
        });
        spend(call.await);
        let held = own(async || Fault::new(5)).await;
        drop(agent.update(move |value| *value = held).owned().await);
        let call = agent.get_and_update(|value| std::mem::replace(value, Fault::new(6)));
        spend(call.await);
        let held = own(async || Fault::new(7)).await;
        let cast = move |value: &mut Fault| {
            visit(Op::Run);
            *value = held;
        };
        drop(agent.cast(cast).await);
        a_while().await;
    }
    drop(agent.stop().await);
    drop(once.stop().await);
    // Nobody gets them.
    let held = own(async || Fault::new(8)).await;
    drop(agent.get(move |_| drop(held)).await);
    let held = own(async || Fault::new(8)).await;
    drop(agent.cast(move |_| drop(held)).await);
    // Of a supervisor, which starts it again.
    let agents = started!(Agents::start_link());
    let made = own(async || first(9)).await;
    if let Ok(agent) = agents.start_child(made).await {
        agent.kill();
        a_while().await;
        drop(agent.cast(|_| visit(Op::Run)).await);
        a_while().await;
    }
    let made = own(async || first(10)).await;
    drop(
        Agent::start_link(made)
            .timeout(Duration::from_secs(1))
            .await,
    );
    let spec = own(async || Agent::child_spec(first(11))).await;
    let app = started!(PlacedApp::start_link(Fault::new(1)));
    drop(app.supervisor().start_child(spec).await);
    app.stop().await.unwrap();
    agents.stop().await.unwrap();
    kill_all(|_| true);
    a_while().await;
}
