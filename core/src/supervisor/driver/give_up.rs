//! The report of a supervisor that gives up: where it stands in its tree, and how it came to more restarts than it may carry out.

use std::fmt;
use std::time::Duration;

use crate::process::node;
use crate::process::pid::Pid;
use crate::rt;
use crate::supervisor::driver::Driver;
use crate::supervisor::plan::ChildKey;
use crate::supervisor::report;

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
