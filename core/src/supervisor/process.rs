//! What the core asks of a supervisor as a process: signals, stops, its end where it cannot end by itself.

use crate::exit_reason::ExitReason;
use crate::guard::discard;
use crate::process::status::ProcessStatus;
use crate::process::vacancy::Absence;
use crate::process::{Header, Process, Signal, current, runtime_gone};
use crate::supervisor::request::{Asked, SupervisorRequest};
use crate::supervisor::supervisor_process::SupervisorProcess;
use crate::supervisor::vigil;
use crate::sync::Arc;

impl SupervisorProcess {
    /// Somebody wants the supervisor to end: sees to it that it does, even if a child holds up its task.
    fn see_to_its_end(self: &Arc<Self>) {
        if self.begin_vigil() {
            vigil::keep(self);
        }
    }
}

impl Process for SupervisorProcess {
    fn header(&self) -> &Header {
        self.header()
    }

    fn type_name(&self) -> &'static str {
        self.type_name()
    }

    fn request_stop(self: Arc<Self>, reason: ExitReason) {
        let request = Asked {
            request: SupervisorRequest::Stop(reason),
            by: current::pid(),
        };
        match self.request(request) {
            Ok(()) => self.see_to_its_end(),
            Err(request) => discard(request),
        }
    }

    fn signal(self: Arc<Self>, signal: Signal) {
        if self.push_signal(signal) {
            self.see_to_its_end();
        }
    }

    fn expect_exit(&self, coming: bool) {
        self.note_expected(coming);
    }

    fn miss(self: Arc<Self>, child: &Header, absences: Vec<Absence>) {
        self.miss_child(child, absences);
    }

    fn fence(self: Arc<Self>, reason: ExitReason) {
        let first = self.mark_exited(&reason);
        // Where it was dead before, its task is stuck in dropping what it was asked.
        self.announce();
        if first {
            let runtime = self.header().node.runtime.clone();
            runtime.spawn(async move { self.drop_unread() });
        }
    }

    fn runtime_gone(self: Arc<Self>) {
        let _scope = current::enter(self.pid());
        self.finish(&runtime_gone());
    }

    fn snapshot(&self) -> ProcessStatus {
        self.status()
    }
}
