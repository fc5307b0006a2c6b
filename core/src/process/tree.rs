//! The processes of a runtime as a tree: each below the one that started it.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use crate::process::info::{ProcessInfo, processes};
use crate::process::pid::{Pid, PidHash};
use crate::text::{mermaid, text};

/// The processes of a runtime as they were at one moment, each below the one that started it. Made by [`tree`].
///
/// `Display` draws it as text, [`mermaid`](Self::mermaid) as a diagram. Dropping it does nothing to the processes.
#[derive(Clone, Debug)]
pub struct ProcessTree {
    /// Each with how far below a root it is, before those below it.
    lines: Vec<(usize, ProcessInfo)>,
}

/// The processes of this runtime as a tree: servers and supervisors below those that started them, in the order of their
/// starts, with pids, names, status, restarts and mailbox lengths. Empty outside a runtime.
///
/// Reading it takes no lock that a message would wait for. A process whose starter is gone stands at the top.
///
/// ```
/// use suptree::prelude::*;
///
/// #[derive(Default)]
/// struct Cache;
///
/// #[genserver]
/// impl Cache {}
///
/// supervisor! { App { strategy: one_for_one, children: [Cache, Cache as spare] } }
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start_link().await?;
/// let picture = suptree::tree().to_string();
/// let lines: Vec<_> = picture.lines().collect();
/// assert!(lines[0].starts_with("App #PID<"));
/// assert!(lines[1].starts_with("├─ Cache #PID<"));
/// assert!(lines[2].starts_with("└─ Cache #PID<"));
/// # app.stop().await?;
/// # Ok(()) }
/// ```
#[must_use]
pub fn tree() -> ProcessTree {
    ProcessTree::of(processes())
}

impl ProcessTree {
    /// In one pass: a parent is started before its children, and so stands before them.
    fn of(processes: Vec<ProcessInfo>) -> Self {
        let mut below: HashMap<Pid, Vec<usize>, PidHash> = processes
            .iter()
            .map(|process| (process.pid, Vec::new()))
            .collect();
        let mut roots = Vec::new();
        for (at, process) in processes.iter().enumerate() {
            match process.parent.and_then(|parent| below.get_mut(&parent)) {
                Some(siblings) => siblings.push(at),
                None => roots.push(at),
            }
        }
        let mut processes: Vec<_> = processes.into_iter().map(Some).collect();
        let mut next: Vec<_> = roots.into_iter().rev().map(|at| (0, at)).collect();
        let mut lines = Vec::with_capacity(processes.len());
        while let Some((depth, at)) = next.pop() {
            if let Some(process) = processes[at].take() {
                let children = below.remove(&process.pid).unwrap_or_default();
                next.extend(children.into_iter().rev().map(|at| (depth + 1, at)));
                lines.push((depth, process));
            }
        }
        Self { lines }
    }

    /// Each process with how far below a root it is, before those below it.
    ///
    /// ```
    /// # use suptree::prelude::*;
    /// # #[derive(Default)] struct Worker;
    /// # #[genserver] impl Worker {}
    /// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let worker = Worker::start().await?;
    /// let tree = suptree::tree();
    /// let busiest = tree.iter().max_by_key(|(_, process)| process.mailbox_len);
    /// assert_eq!(busiest.map(|(depth, process)| (depth, Some(process.pid))), Some((0, worker.pid())));
    /// # Ok(()) }
    /// ```
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (usize, &ProcessInfo)> {
        self.lines.iter().map(|(depth, process)| (*depth, process))
    }

    /// As a [Mermaid](https://mermaid.js.org) flow chart, to be put into a page.
    ///
    /// ```
    /// assert_eq!(suptree::tree().mermaid(), "graph TD\n"); // nothing runs
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut chart = String::from("graph TD\n");
        let mut above: Vec<usize> = Vec::new();
        for (number, (depth, process)) in self.iter().enumerate() {
            let label = mermaid(&label(process));
            let details = details(process);
            let _never = writeln!(chart, "    p{number}[\"{label}<br/>{details}\"]");
            above.truncate(depth);
            if let Some(parent) = above.last() {
                let _never = writeln!(chart, "    p{parent} --> p{number}");
            }
            above.push(number);
        }
        chart
    }
}

impl fmt::Display for ProcessTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_last = self.last_ones();
        // For each level above, whether more comes on it.
        let mut goes_on: Vec<bool> = Vec::new();
        for ((depth, process), last) in self.iter().zip(is_last) {
            goes_on.truncate(depth);
            if depth > 0 {
                for more in &goes_on[1..] {
                    f.write_str(if *more { "│  " } else { "   " })?;
                }
                f.write_str(if last { "└─ " } else { "├─ " })?;
            }
            goes_on.push(!last);
            writeln!(f, "{} {}", label(process), details(process))?;
        }
        Ok(())
    }
}

impl ProcessTree {
    /// Of each process, whether none of its siblings comes after it.
    fn last_ones(&self) -> Vec<bool> {
        // From the end: on which levels a sibling was met.
        let mut met: Vec<bool> = Vec::new();
        let backwards = self.lines.iter().rev().map(|(depth, _)| {
            met.resize(depth + 1, false);
            !std::mem::replace(&mut met[*depth], true)
        });
        let mut last: Vec<_> = backwards.collect();
        last.reverse();
        last
    }
}

/// The type without its modules, and the name.
fn label(process: &ProcessInfo) -> String {
    let mut label = without_modules(process.type_name);
    if let Some(name) = &process.name {
        let _never = write!(label, " {}", text(format_args!("{name:?}")));
    }
    label
}

fn details(process: &ProcessInfo) -> String {
    let mut details = format!("{} {}", process.pid, process.status);
    if process.mailbox_len > 0 {
        let _never = write!(details, ", {} waiting", process.mailbox_len);
    }
    if process.handled > 0 {
        let _never = write!(details, ", {} handled", process.handled);
    }
    if process.restarts > 0 {
        let _never = write!(details, ", {} restarts", process.restarts);
    }
    details
}

/// `app::Pool<app::Worker>` as `Pool<Worker>`.
fn without_modules(type_name: &str) -> String {
    let mut short = String::new();
    let mut word = 0;
    for (at, char) in type_name.char_indices() {
        if !(char.is_alphanumeric() || char == '_' || char == ':') {
            short.push_str(last_of(&type_name[word..at]));
            short.push(char);
            word = at + char.len_utf8();
        }
    }
    short.push_str(last_of(&type_name[word..]));
    short
}

fn last_of(path: &str) -> &str {
    path.rsplit_once("::").map_or(path, |(_, last)| last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_left_out_of_types() {
        for (long, short) in [
            ("Cache", "Cache"),
            ("app::cache::Cache", "Cache"),
            ("app::Pool<app::Worker, [u8; 4]>", "Pool<Worker, [u8; 4]>"),
            ("(app::A, &app::B)", "(A, &B)"),
        ] {
            assert_eq!(without_modules(long), short);
        }
    }
}
