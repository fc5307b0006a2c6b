//! Significant children, and supervisors that shut themselves down; specifications that make no sense.

use suptree::{
    AutoShutdown, BadCombination, Child, ChildId, ExitReason, Restart, StartChildError, StartError,
    Strategy,
};

use crate::support::{
    Act, AnyDyn, Log, Probe, Script, Server, Sup, Traps, act, child, ms, oops, place, settle,
    supervise,
};
use AutoShutdown::{AllSignificant, AnySignificant, Never};
use Restart::{Permanent, Temporary, Transient};

/// What ends a child by itself.
fn ends(reason: ExitReason) -> Act<Traps> {
    act(|_, cx| cx.stop(reason))
}

/// A supervisor of the children a, b, c, ..: how each is restarted, and whether it is significant.
struct Tree<const N: usize> {
    sup: Sup,
    children: [Server<Traps>; N],
    log: Log,
}

impl<const N: usize> Tree<N> {
    async fn start(auto_shutdown: AutoShutdown, children: [(Restart, bool); N]) -> Self {
        Self::start_as(Strategy::OneForOne, auto_shutdown, children).await
    }

    async fn start_as(
        strategy: Strategy,
        auto_shutdown: AutoShutdown,
        children: [(Restart, bool); N],
    ) -> Self {
        let log = Log::new();
        let servers: [Server<Traps>; N] = std::array::from_fn(|_| place());
        let (handles, made) = (servers.clone(), log.clone());
        let sup = Sup::start_as(strategy, move |spec| {
            let mut spec = spec.auto_shutdown(auto_shutdown);
            for (at, (restart, significant)) in children.into_iter().enumerate() {
                let script = Script::new(["a", "b", "c", "d"][at], &made);
                let child = child(&handles[at], &script);
                spec = spec.child(child.restart(restart).significant(significant));
            }
            spec
        })
        .await
        .unwrap();
        Self {
            sup,
            children: servers,
            log,
        }
    }

    /// Ends a child by itself, and says whether the supervisor lives on.
    async fn lives_on_after(&self, at: usize, reason: ExitReason) -> bool {
        if reason == ExitReason::Killed {
            self.children[at].kill();
        } else {
            self.children[at].cast(ends(reason)).await.unwrap();
        }
        self.lives_on().await
    }

    async fn lives_on(&self) -> bool {
        let _ended = self.sup.count_children().await;
        settle().await;
        self.sup.is_alive()
    }
}

#[tokio::test(start_paused = true)]
async fn sup_70_the_expected_end_of_a_transient_significant_child() {
    let quiet = [
        ExitReason::Normal,
        ExitReason::Shutdown,
        ExitReason::ShutdownWith("done".into()),
    ];
    for reason in quiet {
        let children = [(Permanent, false), (Transient, true), (Permanent, false)];
        let tree = Tree::start(AnySignificant, children).await;
        let down = tree.sup.monitor();
        assert!(!tree.lives_on_after(1, reason).await);
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        // In reverse, as in any other shutdown.
        assert_eq!(
            tree.log.with("terminate")[1..],
            ["c terminate shutdown", "a terminate shutdown"]
        );
    }
    for reason in [ExitReason::Killed, oops("boom")] {
        let tree = Tree::start(AnySignificant, [(Transient, true)]).await;
        assert!(tree.lives_on_after(0, reason).await);
        assert_eq!(tree.log.count("a init"), 2, "it is restarted");
    }
    let tree = Tree::start(AnySignificant, [(Transient, true), (Permanent, false)]).await;
    tree.sup.terminate_child("a").await.unwrap();
    assert!(tree.lives_on().await, "a stop by request means nothing");
    assert_eq!(tree.sup.count_children().await.unwrap().specs, 2);
}

#[tokio::test(start_paused = true)]
async fn sup_71_any_end_of_a_temporary_significant_child() {
    for reason in [ExitReason::Normal, ExitReason::Killed, oops("boom")] {
        let tree = Tree::start(AnySignificant, [(Temporary, true), (Permanent, false)]).await;
        let down = tree.sup.monitor();
        assert!(!tree.lives_on_after(0, reason).await);
        assert_eq!(down.await.reason, ExitReason::Shutdown);
        assert_eq!(tree.log.count("a init"), 1);
    }
    let tree = Tree::start(AnySignificant, [(Temporary, true), (Permanent, false)]).await;
    tree.sup.terminate_child("a").await.unwrap();
    assert!(tree.lives_on().await, "a stop by request means nothing");
    assert_eq!(tree.sup.count_children().await.unwrap().specs, 1);
}

/// `all_significant`: the last one counts, in whatever order they end; those that were stopped by request do not run.
#[tokio::test(start_paused = true)]
async fn sup_70_all_significant_waits_for_the_last() {
    let children = [
        (Transient, true),
        (Temporary, true),
        (Transient, true),
        (Permanent, false),
    ];
    let tree = Tree::start(AllSignificant, children).await;
    let down = tree.sup.monitor();
    assert!(tree.lives_on_after(2, ExitReason::Normal).await);
    assert!(tree.lives_on_after(1, ExitReason::Killed).await);
    assert!(!tree.lives_on_after(0, ExitReason::Normal).await);
    assert_eq!(down.await.reason, ExitReason::Shutdown);

    let tree = Tree::start(AllSignificant, children).await;
    tree.sup.terminate_child("a").await.unwrap();
    tree.sup.terminate_child("b").await.unwrap();
    assert!(tree.lives_on().await);
    assert!(!tree.lives_on_after(2, ExitReason::Normal).await);

    // The order matters: a stop by request is no end, also where it is the last.
    let tree = Tree::start(AllSignificant, children).await;
    assert!(tree.lives_on_after(0, ExitReason::Normal).await);
    assert!(tree.lives_on_after(1, ExitReason::Normal).await);
    tree.sup.terminate_child("c").await.unwrap();
    assert!(tree.lives_on().await);
}

/// A significant child that is about to be restarted counts as one that runs.
#[tokio::test(start_paused = true)]
async fn sup_70_all_significant_waits_for_one_that_is_being_restarted() {
    let log = Log::new();
    let (a, b) = (place::<Traps>(), place::<Traps>());
    let (first, second, made) = (a.clone(), b.clone(), log.clone());
    let sup = Sup::start(move |spec| {
        let fails = Script::<Traps>::new("b", &made).on_init(|probe: &mut Probe<Traps>, _| {
            let again = probe.log_count("b init") > 1;
            Box::pin(async move {
                tokio::time::sleep(ms(100)).await;
                if again { Err(oops("not yet")) } else { Ok(()) }
            })
        });
        let a = child(&first, &Script::new("a", &made)).restart(Transient);
        let b = child(&second, &fails).restart(Transient);
        spec.auto_shutdown(AllSignificant)
            .max_restarts(u32::MAX)
            .child(a.significant(true))
            .child(b.significant(true))
    })
    .await
    .unwrap();
    b.kill();
    tokio::time::sleep(ms(250)).await;
    a.cast(ends(ExitReason::Normal)).await.unwrap();
    sup.count_children().await.unwrap();
    assert!(sup.is_alive());
    // Its attempts end by request, which is no end of its own.
    sup.terminate_child("b").await.unwrap();
    settle().await;
    assert!(sup.is_alive());
}

#[tokio::test(start_paused = true)]
async fn sup_73_a_group_restart_shuts_nothing_down() {
    for strategy in [Strategy::OneForAll, Strategy::RestForOne] {
        for auto_shutdown in [AnySignificant, AllSignificant] {
            let children = [(Permanent, false), (Transient, true), (Temporary, true)];
            let tree = Tree::start_as(strategy, auto_shutdown, children).await;
            assert!(tree.lives_on_after(0, ExitReason::Killed).await);
            assert_eq!(tree.log.count("b init"), 2);
            // The temporary one is forgotten, and counts no longer.
            assert_eq!(tree.sup.count_children().await.unwrap().specs, 2);
            assert!(!tree.lives_on_after(1, ExitReason::Normal).await);
        }
    }
}

/// The end of a nested supervisor that shuts itself down is an expected one.
#[tokio::test(start_paused = true)]
async fn sup_74_a_significant_supervisor_passes_its_shutdown_on() {
    for (significant, lives_on) in [(true, false), (false, true)] {
        let log = Log::new();
        let worker = place::<Traps>();
        let (handle, made) = (worker.clone(), log.clone());
        let inner = supervise(move |spec| {
            let child = child(&handle, &Script::new("worker", &made)).restart(Transient);
            spec.auto_shutdown(AnySignificant)
                .child(child.significant(true))
        });
        let sup = Sup::start(move |spec| {
            let nested = Sup::child_spec(&Sup::vacant(), "inner", inner.clone());
            spec.auto_shutdown(AnySignificant)
                .child(nested.restart(Transient).significant(significant))
        })
        .await
        .unwrap();
        let down = sup.monitor();
        worker.cast(ends(ExitReason::Normal)).await.unwrap();
        settle().await;
        assert_eq!(sup.is_alive(), lives_on);
        if lives_on {
            assert_eq!(sup.count_children().await.unwrap().active, 0);
        } else {
            assert_eq!(down.await.reason, ExitReason::Shutdown);
        }
        assert_eq!(log.count("worker init"), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn sup_75_children_that_are_not_significant_shut_nothing_down() {
    for auto_shutdown in [Never, AnySignificant, AllSignificant] {
        let children = [(Transient, false), (Temporary, false), (Permanent, false)];
        let tree = Tree::start(auto_shutdown, children).await;
        assert!(tree.lives_on_after(0, ExitReason::Normal).await);
        assert!(tree.lives_on_after(1, ExitReason::Killed).await);
        assert!(tree.lives_on_after(2, ExitReason::Normal).await);
        assert_eq!(tree.sup.count_children().await.unwrap().active, 1);
    }
    // Nor beside a significant one that runs.
    let tree = Tree::start(AllSignificant, [(Transient, false), (Transient, true)]).await;
    assert!(tree.lives_on_after(0, ExitReason::Normal).await);
}

/// A significant child by request counts as any other, once it has started.
#[tokio::test(start_paused = true)]
async fn sup_71_a_significant_child_by_request() {
    let tree = Tree::start(AnySignificant, [(Permanent, false)]).await;
    let server = place::<Traps>();
    let late = child(&server, &Script::new("late", &tree.log)).restart(Temporary);
    tree.sup.start_child(late.significant(true)).await.unwrap();
    let down = tree.sup.monitor();
    server.kill();
    assert_eq!(down.await.reason, ExitReason::Shutdown);
}

#[tokio::test(start_paused = true)]
async fn sup_11_m34_significant_children_that_make_no_sense() {
    use BadCombination::{SignificantPermanent, SignificantWithoutAutoShutdown};
    let table = [
        (Permanent, AnySignificant, Some(SignificantPermanent)),
        (Permanent, AllSignificant, Some(SignificantPermanent)),
        (Permanent, Never, Some(SignificantPermanent)),
        (Transient, Never, Some(SignificantWithoutAutoShutdown)),
        (Temporary, Never, Some(SignificantWithoutAutoShutdown)),
        (Transient, AnySignificant, None),
        (Temporary, AllSignificant, None),
    ];
    for (restart, auto_shutdown, why) in table {
        let log = Log::new();
        let refused = why.map(|why| StartError::BadCombination {
            id: ChildId::from("bad"),
            why,
        });
        let made = log.clone();
        let bad = move || {
            let child = child(&place::<Traps>(), &Script::new("bad", &made));
            child.restart(restart).significant(true)
        };
        // All are looked at before the first is started.
        let (made, last) = (log.clone(), bad.clone());
        let started = Sup::start(move |spec| {
            spec.auto_shutdown(auto_shutdown)
                .child(child(&place::<Traps>(), &Script::new("good", &made)))
                .child(last())
        })
        .await;
        let name = format!("{restart:?} {auto_shutdown:?}");
        assert_eq!(started.err(), refused, "{name}");
        assert_eq!(log.count("good init"), usize::from(why.is_none()), "{name}");

        let sup = Sup::start(move |spec| spec.auto_shutdown(auto_shutdown))
            .await
            .unwrap();
        let started = sup.start_child(bad()).await;
        assert_eq!(started.err(), refused.map(StartChildError::Start), "{name}");
        let specs = usize::from(why.is_none());
        assert_eq!(sup.count_children().await.unwrap().specs, specs, "{name}");
    }
}

/// A dynamic supervisor has no children that are significant.
#[tokio::test(start_paused = true)]
async fn sup_11_a_dynamic_supervisor_refuses_significant_children() {
    let log = Log::new();
    let sup = AnyDyn::start().await;
    let bad = child(&place::<Traps>(), &Script::new("bad", &log));
    let refused = sup
        .try_any(bad.restart(Temporary).significant(true))
        .await
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "bad combination: the child bad is significant in a supervisor without auto_shutdown"
    );
    assert_eq!(sup.count_children().await.unwrap().specs, 0);
}

#[tokio::test(start_paused = true)]
async fn m34_ids_twice_are_refused_before_anything_starts() {
    let log = Log::new();
    let made = log.clone();
    let started = Sup::start(move |mut spec| {
        for id in ["a", "b", "a"] {
            spec = spec.child(child(&place::<Traps>(), &Script::new(id, &made)));
        }
        spec
    })
    .await;
    assert_eq!(started.err(), Some(StartError::DuplicateChild("a".into())));
    assert_eq!(log.all(), [""; 0]);
}
