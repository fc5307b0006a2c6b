//! Behaviour of servers and supervisors, through the facade only. Tests are named after the cases they show: see README.md.

mod hand_written;
mod support;

mod attempts;
mod calls;
mod casts;
mod children;
mod crossing;
mod dynamic_restarts;
mod dynamic_supervisor;
mod exits;
mod failed;
mod gone;
mod init;
mod inline;
mod links;
mod macros;
mod mailbox;
mod monitors;
mod names;
mod panics;
mod places;
mod processes;
mod reports;
mod restarts;
mod runtimes;
mod shutdown;
mod supervisor;
mod terminate;
mod trees;
mod unexpected;
