//! The report of a supervisor that gives up: where it stands in its tree, and how it came to more restarts than it may carry out.

use std::fmt;
use std::time::Duration;

use crate::exit_reason::ExitReason;
use crate::process::pid::Pid;
use crate::process::{Process, node};
use crate::rt;
use crate::start_error::StartError;
use crate::supervisor::driver::Driver;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::report;
use crate::supervisor::supervisor_process::why;
use crate::text::text;

/// So many restarts are told one by one, the last ones.
const TOLD: usize = 10;

/// Shown by what writes it.
struct Shown<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.0)(f)
    }
}

impl Driver {
    /// The restart of this child is one too many.
    pub(super) fn report_giving_up(&self, key: ChildKey) {
        let Some(child) = self.specs.get(key) else {
            return;
        };
        let restarts = Shown(|f: &mut fmt::Formatter<'_>| self.write_restarts(f));
        let path = Shown(|f: &mut fmt::Formatter<'_>| self.write_path(f));
        let intensity = self.plan.intensity();
        let limits = (intensity.max_restarts(), intensity.window());
        report::gave_up(self.me.header(), child, limits, &restarts, &path);
        let end = self.last_end(key);
        let id = child.id();
        self.me.note_why(text(format_args!(
            "it gave up on `{id}`: {end}; restarts: {restarts}"
        )));
    }

    /// A significant child has ended for good, and the supervisor with it.
    pub(super) fn note_shut_down(&self, key: ChildKey) {
        let Some(child) = self.specs.get(key) else {
            return;
        };
        let (id, end) = (child.id(), self.last_end(key));
        self.me.note_why(text(format_args!(
            "its significant child `{id}` has ended: {end}"
        )));
    }

    /// Keeps how a child has ended with which the supervisor ends, too: with what led to that, if it is a supervisor.
    pub(super) fn note_last_end(
        &mut self,
        key: ChildKey,
        reason: &ExitReason,
        process: Option<&dyn Process>,
    ) {
        let end = match process.and_then(why) {
            Some(why) => text(format_args!("{reason}: {why}")),
            None => text(format_args!("{reason}")),
        };
        self.last_end = Some((key, end));
    }

    /// Keeps why a child did not start again, if there is no other restart for it now.
    pub(super) fn note_failure(&mut self, key: ChildKey, error: &StartError) {
        let intensity = self.plan.intensity();
        let most = usize::try_from(intensity.max_restarts()).unwrap_or(usize::MAX);
        if intensity.restarts().len() >= most {
            self.last_end = Some((key, text(format_args!("{error}"))));
        }
    }

    fn last_end(&self, key: ChildKey) -> &str {
        let last_end = self.last_end.as_ref();
        let of_it = last_end.filter(|(of, _)| *of == key);
        of_it.map_or("it did not start again", |(_, end)| end)
    }

    /// `4 within 5s, where 3 may be: cache 4.2s ago, cache 1s ago, store 0.5s ago, cache now`
    fn write_restarts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let intensity = self.plan.intensity();
        let restarts = intensity.restarts();
        let (all, now) = (restarts.len(), rt::now());
        let (window, most) = (intensity.window(), intensity.max_restarts());
        write!(f, "{all} within {window:?}, where {most} may be: ")?;
        let untold = all.saturating_sub(TOLD);
        if untold > 0 {
            write!(f, "{untold} before, ")?;
        }
        for (at, (then, key)) in restarts.enumerate().skip(untold) {
            let comma = if at == untold { "" } else { ", " };
            let age = now.saturating_duration_since(then);
            let age = Duration::from_millis(u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
            match self.specs.get(key) {
                Some(child) => write!(f, "{comma}{}", child.id())?,
                None => write!(f, "{comma}a child that is deleted")?,
            }
            if at + 1 == all {
                f.write_str(" now")?;
            } else {
                write!(f, " {age:?} ago")?;
            }
        }
        Ok(())
    }

    /// `App > Storage`: the supervisors above it, and itself. What it is for them is the end of a child, which they may give up
    /// on, too.
    fn write_path(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let me = self.me.header();
        let above = std::iter::successors(me.supervisor_of(me.pid), |pid| me.supervisor_of(*pid));
        let mut above: Vec<Pid> = above.collect();
        above.reverse();
        for pid in above {
            let label = node::process(pid).map(|process| process.header().label());
            write!(f, "{} > ", label.unwrap_or_else(|| pid.to_string()))?;
        }
        f.write_str(&me.label())
    }
}
