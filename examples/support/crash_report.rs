//! Catches the crash reports of servers, as a log would show them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// The reports so far.
#[derive(Clone, Default)]
pub(crate) struct Reports(Arc<Mutex<String>>);

impl Reports {
    /// The reports since the last time.
    pub(crate) fn take(&self) -> String {
        std::mem::take(&mut *self.0.lock().expect("nobody panics with the lock"))
    }
}

/// Takes the reports of servers from now on, and silences the panic message that std prints by itself.
pub(crate) fn print() -> Reports {
    std::panic::set_hook(Box::new(|_| {}));
    let reports = Reports::default();
    let subscriber = tracing_subscriber::registry().with(reports.clone());
    tracing::subscriber::set_global_default(subscriber).expect("this is the first subscriber");
    reports
}

impl<S: Subscriber> Layer<S> for Reports {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "suptree::gen_server" {
            let mut report = Report::default();
            event.record(&mut report);
            let mut reports = self.0.lock().expect("nobody panics with the lock");
            *reports += &report.to_string();
        }
    }
}

/// The fields of one report.
#[derive(Default)]
struct Report(BTreeMap<&'static str, String>);

impl Visit for Report {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

/// As Elixir's log shows it.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = |name| self.0.get(name).map_or("", String::as_str);
        writeln!(f, "[error] GenServer {} terminating", field("process"))?;
        writeln!(f, "** (EXIT) {}", field("reason"))?;
        writeln!(f, "Last message: {}", field("last_message"))?;
        write!(f, "State: {}", field("state"))
    }
}
