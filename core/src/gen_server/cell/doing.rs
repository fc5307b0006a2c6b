//! What a server does, for a watchdog: said only where one is there, by a server that is `TRACED`.

use std::time::Duration;

use super::AnyCell;
use super::control::Doing;
use super::last_message::LastMessage;
use crate::gen_server::report;
use crate::process::Watch;
use crate::sync::lock;
use crate::watchdog;

impl AnyCell {
    /// The handler of this message is about to run.
    #[inline]
    pub(super) fn note_doing(&self, message: &LastMessage) {
        if self.is_traced() && watchdog::is_on() {
            self.note_message(message);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_message(&self, message: &LastMessage) {
        let (kind, handler) = message.names();
        self.does(kind, handler);
    }

    /// `terminate` is about to run.
    #[cold]
    #[inline(never)]
    pub(super) fn note_terminating(&self) {
        if watchdog::is_on() {
            self.does("callback", "terminate");
        }
    }

    fn does(&self, kind: &'static str, handler: &'static str) {
        let mut control = lock(&self.control);
        let doing = &mut control.get_or_insert_default().doing;
        let number = doing.as_ref().map_or(0, |before| before.number + 1);
        *doing = Some(Doing {
            number,
            kind,
            handler,
        });
    }

    /// The handler that waited goes on.
    #[cold]
    pub(super) fn note_going_on(&self) {
        if let Some(control) = &mut *lock(&self.control)
            && let Some(doing) = &mut control.doing
        {
            doing.number += 1;
        }
    }

    /// What runs holds no worker.
    #[cold]
    pub(super) fn note_elsewhere(&self) {
        if let Some(control) = &mut *lock(&self.control) {
            control.doing = None;
        }
    }

    /// What a watchdog is told.
    pub(super) fn watched(&self, ask: Watch) -> Option<u64> {
        match ask {
            // Callers go by the server loop from here on, which says what it handles.
            Watch::Begin => self.state.note_traced(),
            Watch::Number => return self.number_of_doing(),
            Watch::Report(held) => self.report_doing(held),
        }
        None
    }

    /// The number of what runs.
    fn number_of_doing(&self) -> Option<u64> {
        if !self.state.snapshot().runs_handlers() {
            return None;
        }
        let control = lock(&self.control);
        let doing = control.as_ref()?.doing.as_ref()?;
        Some(doing.number)
    }

    fn report_doing(&self, held: Duration) {
        let names = match &*lock(&self.control) {
            Some(control) => control.doing.as_ref().map(|it| (it.kind, it.handler)),
            None => None,
        };
        if let Some((kind, handler)) = names {
            let place = self.body.place(handler);
            let server = self.body.type_name();
            report::handler_holds_worker(&self.header, server, kind, handler, place, held);
        }
    }
}
