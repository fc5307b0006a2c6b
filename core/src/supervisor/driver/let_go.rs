//! Children that are dead, and whose destructors do not return: each has its shutdown time and the grace, and is then let go.
//!
//! It is as with a child that was told to end, but that this one has ended by itself, and is to be started again.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::child::Shutdown;
use crate::exit_reason::ExitReason;
use crate::process::pid::Pid;
use crate::rt;
use crate::supervisor::driver::Driver;
use crate::supervisor::report::{self, ReportContext};
use crate::supervisor::vigil::GRACE;

impl Driver {
    /// Lets those go whose time is over. Their exits come then.
    pub(super) fn poll_late(&mut self, cx: &mut Context<'_>) {
        for pid in self.me.take_late() {
            let spec = self.plan.key_of(pid).and_then(|key| self.specs.get(key));
            let limit = match spec.map(|spec| spec.shutdown_type()) {
                Some(Shutdown::Timeout(limit)) => limit.saturating_add(GRACE),
                Some(Shutdown::BrutalKill) => GRACE,
                // It may take as long as it likes.
                Some(Shutdown::Infinity) | None => continue,
            };
            if !self.late.has(pid) {
                self.late.set(pid, rt::deadline(limit));
            }
        }
        loop {
            let runtime = &self.me.header().node.runtime;
            let Poll::Ready(pid) = self.late.poll_next(runtime, cx) else {
                return;
            };
            self.let_go(pid);
        }
    }

    fn let_go(&mut self, pid: Pid) {
        if !self.me.is_expected(pid) {
            return;
        }
        let spec = self.plan.key_of(pid).and_then(|key| self.specs.get(key));
        if let Some(spec) = spec
            && let Some(process) = &spec.process
        {
            let (context, why) = (ReportContext::Zombie, "a destructor of it never returned");
            report::supervisor(self.me.header(), context, spec, Some(pid), &why);
            Arc::clone(process).fence(ExitReason::Killed);
        }
    }
}
