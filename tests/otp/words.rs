//! What OTP calls so, and we otherwise: reasons, errors and answers as words of the trace. The defaults are in `otp_tree.erl`:
//! three restarts unless a scenario says otherwise, permanent, five seconds; the window is an hour, as time is not what is
//! compared here (D28).

use std::fmt::Display;

use suptree::{
    CallError, ChildCounts, ChildInfo, ChildSpecInfo, ChildState, ChildType, DeleteChildError,
    ExitReason, GetChildSpecError, Pid, RestartChildError, Shutdown, StartChildError, StartError,
    StopError, TerminateChildError,
};

use crate::scenario::{Reason, restart_word};

pub(crate) const BOOM: &str = "boom";

/// A reason of a scenario as one of ours.
pub(crate) fn exit_reason(reason: Reason) -> ExitReason {
    match reason {
        Reason::Normal => ExitReason::Normal,
        Reason::Shutdown => ExitReason::Shutdown,
        Reason::ShutdownWith => ExitReason::ShutdownWith("detail".into()),
        Reason::Boom => BOOM.into(),
        Reason::Kill => ExitReason::Kill,
    }
}

pub(crate) fn reason(reason: &ExitReason) -> String {
    match reason {
        ExitReason::Normal => "normal".into(),
        ExitReason::Shutdown => "shutdown".into(),
        ExitReason::ShutdownWith(_) => "shutdown_with".into(),
        ExitReason::Kill => "kill".into(),
        ExitReason::Killed => "killed".into(),
        ExitReason::NoProc => "noproc".into(),
        ExitReason::Panic(_) => "panic".into(),
        ExitReason::Error(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}

pub(crate) fn start_error(error: &StartError) -> String {
    match error {
        StartError::Init(of) => reason(of),
        // OTP's `{shutdown, {failed_to_start_child, Id, Reason}}`.
        StartError::Child { id, error } => format!("child({id}: {})", start_error(error)),
        other => format!("{other:?}"),
    }
}

/// A call that failed exits its caller in OTP (D1).
fn call_error(error: &CallError) -> String {
    match error {
        CallError::NoProc => "exited noproc".into(),
        CallError::Exited(of) => format!("exited {}", reason(of)),
        other => format!("{other:?}"),
    }
}

pub(crate) fn started(answer: Result<impl Sized, StartChildError>) -> String {
    match answer {
        Ok(_) => "ok".into(),
        Err(StartChildError::AlreadyStarted(_)) => "already_started".into(),
        Err(StartChildError::AlreadyPresent) => "already_present".into(),
        Err(StartChildError::Ignored) => "ok undefined".into(),
        Err(StartChildError::Start(StartError::BadCombination { .. })) => "bad_combination".into(),
        Err(StartChildError::Start(error)) => format!("error {}", start_error(&error)),
        Err(StartChildError::Call(error)) => call_error(&error),
        Err(other) => format!("{other:?}"),
    }
}

pub(crate) fn terminated(answer: Result<(), TerminateChildError>) -> String {
    match answer {
        Ok(()) => "ok".into(),
        Err(TerminateChildError::NotFound) => "not_found".into(),
        Err(TerminateChildError::Call(error)) => call_error(&error),
        Err(other) => format!("{other:?}"),
    }
}

pub(crate) fn restarted(answer: Result<Pid, RestartChildError>) -> String {
    match answer {
        Ok(_) => "ok".into(),
        Err(RestartChildError::NotFound) => "not_found".into(),
        Err(RestartChildError::Running) => "running".into(),
        Err(RestartChildError::Restarting) => "restarting".into(),
        Err(RestartChildError::Ignored) => "ok undefined".into(),
        Err(RestartChildError::Start(error)) => format!("error {}", start_error(&error)),
        Err(RestartChildError::Call(error)) => call_error(&error),
        Err(other) => format!("{other:?}"),
    }
}

pub(crate) fn deleted(answer: Result<(), DeleteChildError>) -> String {
    match answer {
        Ok(()) => "ok".into(),
        Err(DeleteChildError::NotFound) => "not_found".into(),
        Err(DeleteChildError::Running) => "running".into(),
        Err(DeleteChildError::Restarting) => "restarting".into(),
        Err(DeleteChildError::Call(error)) => call_error(&error),
        Err(other) => format!("{other:?}"),
    }
}

pub(crate) fn specification(answer: Result<ChildSpecInfo, GetChildSpecError>) -> String {
    match answer {
        Ok(info) => {
            let shutdown = match info.shutdown {
                Shutdown::BrutalKill => "brutal_kill".into(),
                Shutdown::Timeout(time) => time.as_millis().to_string(),
                Shutdown::Infinity => "infinity".into(),
            };
            let child_type = match info.child_type {
                ChildType::Worker => "worker",
                ChildType::Supervisor => "supervisor",
            };
            let restart = restart_word(info.restart);
            format!(" {restart} {} {shutdown} {child_type}", info.significant)
        }
        Err(GetChildSpecError::NotFound) => "not_found".into(),
        Err(GetChildSpecError::Call(error)) => call_error(&error),
        Err(other) => format!("{other:?}"),
    }
}

pub(crate) fn stopped(answer: Result<(), StopError>) -> String {
    match answer {
        Ok(()) => "ok".into(),
        Err(StopError::NoProc) => "exited noproc".into(),
        Err(StopError::Exited(of)) => format!("exited {}", reason(&of)),
        Err(other) => format!("{other:?}"),
    }
}

/// What a supervisor says of its children. `name`: what a process is called, `c1#2` for the second start of the child 1.
pub(crate) fn children(
    answer: Result<Vec<ChildInfo>, CallError>,
    name: impl Fn(Pid) -> String,
) -> String {
    let children = match answer {
        Ok(children) => children,
        Err(error) => return call_error(&error),
    };
    let state = |child: &ChildInfo| match child.state {
        ChildState::Running(pid) => name(pid),
        ChildState::Restarting => "restarting".into(),
        ChildState::Stopped => "undefined".into(),
    };
    let mut words = children.iter().map(|child| {
        let state = state(child);
        match &child.id {
            Some(id) => {
                let attempt = state.strip_prefix(&id.to_string()).unwrap_or(&state);
                format!(" {id}={attempt}")
            }
            None => format!(" {state}"),
        }
    });
    if children.first().is_some_and(|child| child.id.is_none()) {
        // They have no order.
        let mut words: Vec<_> = words.collect();
        words.sort();
        return words.concat();
    }
    words.by_ref().collect()
}

pub(crate) fn counts(answer: Result<ChildCounts, CallError>) -> String {
    match answer {
        Ok(ChildCounts {
            specs,
            active,
            supervisors,
            workers,
            ..
        }) => format!(" / {specs} {active} {supervisors} {workers}"),
        Err(error) => call_error(&error),
    }
}

/// `c1`
pub(crate) fn id(id: impl Display) -> String {
    format!("c{id}")
}
