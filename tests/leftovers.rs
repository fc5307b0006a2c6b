//! What a supervisor was given, asked for and told: its own poll drops nothing of it, and shows nothing of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use suptree::prelude::*;
use suptree::{ChildSpec, ServerRef};

use crate::support::{Noted, Notes, Reports, settle};

/// What a supervisor forgets, or refuses, is not dropped in its own poll either.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_no_arguments() {
    struct Brief;
    impl suptree::OnDemand for Brief {
        type Given = suptree::Cloned;
    }

    impl GenServer for Brief {
        type Args = Arc<Noted>;
        type Call = suptree::NoMessage;
        type Cast = suptree::NoMessage;
        type Info = suptree::NoMessage;
        type Client = ServerRef<Self>;

        async fn init(args: Arc<Noted>, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            args.1.note("init");
            Ok(Self)
        }
    }
    supervisor! { Briefs { dynamic: Brief, max_children: 1 } }
    let notes = Notes::default();
    let sup = Briefs::start_link().await.unwrap();
    let args = |what| Arc::new(Noted(what, notes.clone()));
    let brief = sup.start_child(args("forgotten")).await.unwrap();
    sup.start_child(args("refused")).await.unwrap_err();
    sup.terminate_child(brief.pid().unwrap()).await.unwrap();
    settle().await;
    let sups = notes.places("init")[0];
    for what in ["forgotten", "refused"] {
        let dropped = notes.places(what);
        assert_eq!(dropped.len(), 1, "{what}");
        assert_ne!(dropped[0], sups, "{what}");
    }
}

/// A key that notes where it is dropped.
struct Key(Noted);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.0)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.0.0 == other.0.0
    }
}

impl Eq for Key {}

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.0.hash(state);
    }
}

/// An error that notes where it is dropped.
#[derive(Debug)]
struct Failure(Key);

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.0.0)
    }
}

impl std::error::Error for Failure {}

fn failure(what: &'static str, notes: &Notes) -> Failure {
    Failure(Key(Noted(what, notes.clone())))
}

/// Fails in `init`, or when it is told to.
struct Failing(Notes);

#[genserver(restart = temporary)]
impl Failing {
    #[init]
    async fn init(notes: Notes, at_once: bool) -> Result<Self, Failure> {
        notes.note("init");
        if at_once {
            tokio::time::sleep(Duration::from_secs(1)).await;
            return Err(failure("late", &notes));
        }
        Ok(Self(notes))
    }

    #[cast]
    async fn wait(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }

    #[cast]
    fn fail(&self) -> Result<(), Failure> {
        Err(failure("at its end", &self.0))
    }

    #[terminate]
    fn terminate(&self) {}
}

/// Takes a while to end.
struct Lingers;

#[genserver]
impl Lingers {
    #[init]
    fn init(notes: Notes) -> Self {
        notes.note("init");
        Self
    }

    #[terminate]
    async fn terminate(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

supervisor! { Failures { dynamic: Failing } }
supervisor! { Many(notes: Notes) { strategy: one_for_one, children: [Lingers(notes)] } }

/// A keeper, and what its start drops if it is refused.
fn keeper(id: impl Into<suptree::ChildId>, notes: &Notes, what: &'static str) -> ChildSpec {
    struct Named;
    impl GenServer for Named {
        type Args = (Notes, Arc<Noted>);
        type Call = suptree::NoMessage;
        type Cast = suptree::NoMessage;
        type Info = suptree::NoMessage;
        type Client = ServerRef<Self>;

        fn name(_args: &Self::Args) -> Option<Name> {
            Some("named keeper".into())
        }

        async fn init(_args: Self::Args, _cx: &mut Context<Self>) -> Result<Self, ExitReason> {
            Ok(Self)
        }
    }
    let notes = notes.clone();
    ChildSpec::new::<Named>(id, move || {
        let noted = Arc::new(Noted(what, notes.clone()));
        (notes.clone(), noted)
    })
}

/// Waits until these were dropped, once each, and not by the supervisor, which ran `init`.
async fn dropped_elsewhere(notes: &Notes, values: &[&str]) {
    let sups = notes.places("init")[0];
    for what in values {
        while notes.places(what).is_empty() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let dropped = notes.places(what);
        assert_eq!(dropped.len(), 1, "{what}");
        assert_ne!(dropped[0], sups, "{what}");
    }
}

/// The errors that children end with, and those that come too late for the one that started them.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_no_errors() {
    let notes = Notes::default();
    let sup = Failures::start_link().await.unwrap();
    let child = sup.start_child((notes.clone(), false)).await.unwrap();
    child.wait().await.unwrap();
    child.fail().await.unwrap();
    settle().await;
    let pid = child.pid().unwrap();
    drop(child);
    sup.terminate_child(pid).await.unwrap();
    dropped_elsewhere(&notes, &["at its end"]).await;

    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let args = notes.clone();
    let late = ChildSpec::new::<Failing>("failing", move || (args.clone(), true));
    let soon = Duration::from_millis(1);
    let given_up = tokio::time::timeout(soon, sup.start_child(late)).await;
    assert!(given_up.is_err());
    dropped_elsewhere(&notes, &["late"]).await;
}

/// The keys by which children are asked for, and what a start is refused with.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_no_keys() {
    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let id = |what| suptree::ChildId::new(Key(Noted(what, notes.clone())));
    tokio::spawn(sup.terminate_child(id("asked for")))
        .await
        .unwrap()
        .unwrap_err();
    sup.start_child(keeper(id("its id"), &notes, "its arguments"))
        .await
        .unwrap();
    sup.start_child(keeper("another", &notes, "name taken"))
        .await
        .unwrap_err();
    dropped_elsewhere(&notes, &["asked for", "name taken"]).await;
}

/// What is left in the inbox of a supervisor that ends.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_drops_nothing_that_it_was_asked_for() {
    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let id = |what| suptree::ChildId::new(Key(Noted(what, notes.clone())));
    let stopping = tokio::spawn(sup.stop());
    settle().await;
    let starting = tokio::spawn(sup.start_child(keeper(id("its id"), &notes, "unused")));
    let terminating = tokio::spawn(sup.terminate_child(id("asked for")));
    let again = tokio::spawn(sup.process().stop_with(failure("a reason", &notes).into()));
    stopping.await.unwrap().unwrap();
    starting.await.unwrap().unwrap_err();
    terminating.await.unwrap().unwrap_err();
    again.await.unwrap().unwrap_err();
    dropped_elsewhere(&notes, &["its id", "asked for", "a reason"]).await;
}

/// Whose text says which processes asked for it.
#[derive(Clone)]
struct Shown(Arc<Mutex<Vec<Option<Pid>>>>);

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.lock().unwrap().push(suptree::try_self_pid());
        f.write_str("it is shown")
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Shown {}

impl std::hash::Hash for Shown {
    fn hash<H: std::hash::Hasher>(&self, _state: &mut H) {}
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Shown {}

/// Fails when it is told to.
struct Shows(Shown);

#[genserver(name = "shows")]
impl Shows {
    #[init]
    fn init(error: Shown) -> Self {
        Self(error)
    }

    #[cast]
    fn fail(&mut self) -> Result<(), Shown> {
        Err(self.0.clone())
    }
}

/// Reports show the errors of children and the keys they go by.
#[tokio::test(start_paused = true)]
async fn r85_a_supervisor_shows_no_errors_and_no_keys() {
    let reports = Reports::capture();
    let notes = Notes::default();
    let sup = Many::start_link(notes.clone()).await.unwrap();
    let shown = Shown(Arc::default());
    let (id, args) = (suptree::ChildId::new(shown.clone()), shown.clone());
    let spec = ChildSpec::new::<Shows>(id.clone(), move || args.clone());
    let pid = sup.start_child(spec).await.unwrap();
    let down = suptree::monitor(pid);
    Shows::named().fail().await.unwrap();
    let reason = down.await.reason;
    assert_eq!(
        reason.to_string(),
        "an error was returned: it is shown".to_owned()
    );
    let children = sup.which_children().await.unwrap();
    let listed = children.last().unwrap().id.as_ref().unwrap();
    assert_eq!(listed.to_string(), "it is shown");
    sup.terminate_child(id).await.unwrap();
    let reported = reports.all();
    let said = |name| {
        let fields = reported.iter().map(|report| report.field(name).to_owned());
        fields.filter(|value| value.contains("it is shown")).count()
    };
    assert!(said("child") >= 3 && said("reason") >= 2);
    let asked = shown.0.lock().unwrap().clone();
    let supervisor = sup.supervisor().pid();
    assert!(asked.iter().all(|by| *by != supervisor), "{asked:?}");
}
