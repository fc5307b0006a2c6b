//! Captures the reports of a test: the crate's `tracing` events on this thread.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex};

use tracing::field::{Field, Visit};
use tracing::subscriber::DefaultGuard;
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// One event.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) level: Level,
    pub(crate) target: String,
    pub(crate) fields: BTreeMap<String, String>,
}

impl Report {
    /// A field; empty when there is none.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// No field is there twice.
    fn say(&mut self, field: &Field, value: String) {
        let before = self.fields.insert(field.name().to_owned(), value);
        assert_eq!(before, None, "said twice: {field}");
    }

    /// `context child`, for a supervisor's report; `crash process` for a server's, `crash task` for a task's.
    pub(crate) fn brief(&self) -> String {
        match self.field("context") {
            "" if self.fields.contains_key("state") => format!("crash {}", self.field("process")),
            "" if self.target == "suptree::task" => "crash task".to_owned(),
            "" => format!("unexpected {}", self.field("process")),
            context => format!("{context} {}", self.field("child")),
        }
    }
}

impl Visit for Report {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.say(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.say(field, format!("{value:?}"));
    }
}

/// The reports since [`capture`](Self::capture), until it is dropped.
pub(crate) struct Reports {
    all: Arc<Mutex<Vec<Report>>>,
    _guard: DefaultGuard,
}

impl Reports {
    pub(crate) fn capture() -> Self {
        // With one dispatcher in the program, `tracing` asks the thread that meets an event first, for good, whether
        // anybody wants it. That may be the thread of another test, where nobody does. So there are always two.
        static OTHER: LazyLock<Dispatch> =
            LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));
        LazyLock::force(&OTHER);
        // Somebody is asked always: a callsite that another test meets first, without a listener of its own, must not be
        // remembered as one nobody is interested in. It wants nothing, so that the servers of other tests have no spans.
        static LISTEN: std::sync::Once = std::sync::Once::new();
        LISTEN.call_once(|| {
            let nothing = tracing_subscriber::filter::dynamic_filter_fn(|_, _| false);
            let asked = tracing_subscriber::registry().with(nothing);
            let _ = tracing::subscriber::set_global_default(asked);
        });
        let all = Arc::<Mutex<Vec<Report>>>::default();
        let subscriber = tracing_subscriber::registry().with(Capture(Arc::clone(&all)));
        Self {
            all,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// Has a thread of a runtime report here, too, for its life: for `on_thread_start`.
    pub(crate) fn on_each_thread(&self) -> impl Fn() + Send + Sync + 'static {
        let all = Arc::clone(&self.all);
        move || {
            let subscriber = tracing_subscriber::registry().with(Capture(Arc::clone(&all)));
            Box::leak(Box::new(tracing::subscriber::set_default(subscriber)));
        }
    }

    pub(crate) fn all(&self) -> Vec<Report> {
        self.all.lock().unwrap().clone()
    }

    /// Those at the error level, in brief.
    pub(crate) fn errors(&self) -> Vec<String> {
        self.all()
            .iter()
            .filter(|report| report.level == Level::ERROR)
            .map(Report::brief)
            .collect()
    }

    /// All of them, in brief.
    pub(crate) fn briefs(&self) -> Vec<String> {
        self.all().iter().map(Report::brief).collect()
    }

    /// The only one whose brief is this.
    #[track_caller]
    pub(crate) fn only(&self, brief: &str) -> Report {
        let found: Vec<_> = self
            .all()
            .into_iter()
            .filter(|report| report.brief() == brief)
            .collect();
        assert_eq!(found.len(), 1, "{brief}: {:?}", self.briefs());
        found[0].clone()
    }
}

struct Capture(Arc<Mutex<Vec<Report>>>);

impl<S: Subscriber> Layer<S> for Capture {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let meta = event.metadata();
        if !meta.target().starts_with("suptree") {
            return;
        }
        let mut report = Report {
            level: *meta.level(),
            target: meta.target().to_owned(),
            fields: BTreeMap::new(),
        };
        event.record(&mut report);
        self.0.lock().unwrap().push(report);
    }
}
