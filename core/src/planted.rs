//! Bugs planted on purpose: the simulation, the checker of races, the model of a supervisor, the comparison with OTP, the tests
//! with user code that panics, or those of whole programs have to find each.
//!
//! They are there behind `--cfg suptree_planted_bugs`, and in unit tests. Else [`planted`] is a constant, and nothing of
//! this is left in the program.

macro_rules! bugs {
    ($($(#[doc = $about:literal])* $list:ident { $(#[doc = $what:literal] $bug:ident,)* })*) => {
        /// A bug on purpose. A site that asks for it reads as what it breaks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Bug {
            $($(#[doc = $what] $bug,)*)*
        }

        #[cfg(any(test, suptree_planted_bugs))]
        impl Bug {
            $(
                $(#[doc = $about])*
                pub const $list: &[(Self, &str)] = &[$((Self::$bug, $what)),*];
            )*
        }
    };
}

bugs! {
    /// What the seeded simulation has to find.
    SIMULATION {
        /// A start that is dropped does not end the server.
        DroppedStartLivesOn,
        /// The guard on the runtime is built inside its task, which may never be polled.
        KeeperBuiltInTask,
        /// The queue is not drained when the mailbox closes.
        ClosedQueueNotDrained,
        /// A killed supervisor leaves its children behind.
        ChildrenOutliveKilledSupervisor,
        /// The name is freed after the death was announced.
        NameFreedAfterDeath,
        /// The restart window allows one more.
        OneRestartTooMany,
        /// A late reply reaches the next call.
        LateReplyAccepted,
        /// A reply handle dropped in a crash tells `NoReply` before the exit reason is known.
        DroppedReplyToldEarly,
        /// A reply handle dropped inside a process tells nobody.
        DroppedReplyNotTold,
        /// A reply handle dropped in an `init` that waits tells nobody before it goes on, if it does so on the same thread.
        DroppedReplyInInitNotTold,
        /// Signals are not looked at between messages.
        SignalsWaitForMessages,
        /// Links are not told of a death.
        LinksNotTold,
        /// Exits of other children are lost while one is stopped.
        OtherExitsLost,
        /// The bound of the mailbox is ignored.
        MailboxBoundIgnored,
        /// Messages sent during `init` wait for the next one.
        MailDuringInitForgotten,
        /// Children stop in start order.
        ChildrenStopInStartOrder,
        /// A restart of a group stops nobody first.
        GroupNotStopped,
        /// A transient child is restarted like a permanent one.
        TransientAlwaysRestarted,
        /// A slow `init` is not interrupted by the parent's exit.
        SlowInitNotInterrupted,
        /// One of the monitors is not told of a death.
        OneMonitorNotTold,
        /// A wake-up of a handler that waits is lost when the server has no task yet.
        WakeLostBeforeTask,
        /// Senders that wait for room are not woken.
        SendersNotWoken,
        /// A newcomer takes the room for which others wait.
        NewcomerBarges,
        /// Room is promised to the sender who came last.
        LineWithoutOrder,
        /// Room that was promised to a sender who gives up is lost.
        PromiseNotPassedOn,
        /// A server that a link or its parent ends is dropped by those who signal it.
        StrangersBury,
        /// The limit of a child that stops with others is looked at when those before it are done.
        LimitsInTurn,
        /// The keeper of timers is not told that it has to wake earlier.
        KeeperNotTold,
        /// A task that has asked to be told to stop is dropped like any other.
        TaskNotTold,
        /// Who waits for many tasks is not woken for each.
        GroupNotWoken,
        /// A task whose start was dropped runs on.
        DroppedTaskLivesOn,
        /// A stream of tasks that is dropped lets them run on.
        StreamLeavesTasks,
        /// A task that looks when it was told already does not see it.
        TaskToldBeforeItLooks,
        /// A restart that was to wait does not.
        DelayNotKept,
        /// A delay that was called off starts the child before its new one is over.
        OldDelayCounts,
        /// The alarm for restarts that wait is not set anew for one that comes before.
        AlarmNotSetAnew,
        /// The arguments of a dynamic child are taken before there is room for it.
        ArgsNotGivenBack,
        /// The arguments that a supervisor puts before those of its children are for the first of them.
        ExtraGivenOnce,
        /// A key that is a number goes by its hash.
        NumberRoutedByHash,
        /// A partition supervisor that is restarted forgets the handles that it gave.
        PartitionsForgotten,
        /// A supervisor hears of what comes of a death before it hears of the death.
        DeathsOutOfOrder,
        /// A supervisor that is asked from the `init` it waits for is waited for.
        StarterAskedInVain,
        /// Keys are divided between fewer partitions when the others have stopped.
        FewerDividedLate,
        /// Keys are divided between more partitions before these have started, and stay so if one does not start.
        MoreDividedEarly,
        /// Of more partitions those that have started run on when one does not start.
        HalfOfMoreStays,
        /// A partition that is to stop is one that is to return.
        StoppedPartitionMissed,
        /// The specification of a child that a supervisor does not take is not given back.
        RefusedNotGivenBack,
        /// The specification of a child that fails to start is not given back.
        FailedNotGivenBack,
        /// The specification of a child in whose start its supervisor is killed is not given back.
        KilledNotGivenBack,
        /// What a dead process was registered under stays registered.
        DeadStayRegistered,
        /// What a handler continues with is forgotten.
        ContinueForgotten,
        /// It comes behind what is queued.
        ContinueComesLast,
        /// A timer that sends again and again sends once.
        TicksEndWithTheFirst,
        /// Timers outlive their server.
        TimersOutliveTheirServer,
        /// A caller who finds a suspended server idle calls it in place.
        SuspendedEntered,
        /// A stream outlives the server that is attached to it.
        StreamsOutliveTheirServer,
        /// Who monitors a process that is dead is not told.
        DeadNotTold,
    }

    /// What the tests of whole programs have to find.
    PROGRAMS {
        /// Applications stop in start order.
        ApplicationsStopInStartOrder,
        /// The hook for an application that has stopped runs before it stops.
        StopHookEarly,
        /// A shutdown takes as long as it takes.
        ShutdownUnbounded,
        /// Who does not stop in time is not told.
        OverdueNotTold,
        /// A second signal is like the first.
        SecondSignalIgnored,
    }

    /// What `tests/user_code` has to find, where a user's code panics.
    USER_CODE {
        /// A foreign waker is woken and dropped unguarded.
        WakerUnguarded,
        /// A foreign waker is woken as the process that wakes it.
        WokenAsTheServer,
        /// A value of a user's is dropped unguarded.
        DestructorUnguarded,
        /// What starts a child is not caught.
        StartUncaught,
    }

    /// What is told as it is: panics of the crate's own.
    TOLD {
        /// A server's task panics.
        ServerTaskPanics,
    }

    /// What a server does of its own accord: unit tests beside it have to find each.
    OWN {
        /// Work beside a server outlives it.
        WorkOutlivesItsServer,
        /// A call is handled whose caller has given up, where a server wants to leave it out.
        LateCallHandled,
        /// A monitor that was given up tells of the death all the same.
        DownAfterDemonitor,
        /// A timeout is not cancelled by a message.
        TimeoutOutlivesCalls,
        /// That a stream has something is forgotten if it says so while it is polled.
        StreamWokenTooEarly,
        /// A mailbox that is to drop its oldest message drops the newest.
        NewestIsDropped,
        /// A mailbox that drops its oldest message drops control as well.
        ControlIsDropped,
        /// What is the system's own takes room in a mailbox from what others send.
        SystemTakesRoom,
        /// The caller of a call that is dropped from a full mailbox is told like one whose reply handle was forgotten.
        DroppedCallToldLikeForgotten,
    }

    /// What the model of OTP's supervisor has to find, by other decisions than the plan's.
    PLAN {
        /// Another attempt after a failed start does not count as a restart.
        RetryNotCounted,
        /// A restart that is as old as the window is long is not counted.
        WindowWithoutEdge,
        /// A group restart leaves those alone that were stopped before.
        StoppedSiblingsStay,
        /// A group restart starts temporary children again.
        TemporarySiblingsRestarted,
        /// A significant child that is to be restarted counts as one that is done.
        RestartingCountsAsDone,
        /// A significant child that somebody stopped counts as one that runs.
        StoppedCountsAsRunning,
        /// A child that ignores its restart is tried again.
        IgnoredIsTriedAgain,
        /// A dynamic supervisor keeps a transient child that has ended normally.
        DynamicChildKept,
    }

    /// What the comparison with OTP's own supervisor has to find.
    OTP {
        /// A restart that failed is tried again before the requests that wait.
        RetryBeforeRequests,
        /// A restart of a group goes on when one of it does not start.
        GroupGoesOnAfterFailure,
        /// A supervisor that gives up ends as if it had been killed.
        GivesUpAbnormally,
        /// `restart_child` starts a child that is to be restarted anyway.
        RestartingIsStarted,
        /// `delete_child` forgets a child that is to be restarted.
        RestartingIsDeleted,
    }

    /// What the tests of those who wait for a restart, or for a tree to be ready, have to find.
    RETURNS {
        /// Who waits for a name is not told when its holder is back, or given up.
        WaitersNotTold,
        /// Who waits for a name takes it for free as soon as its holder is dead.
        ReturnNotAwaited,
        /// A child that is dead and to be started again keeps no tree from being ready.
        DeadCountsAsRunning,
    }

    /// What the tests of timers have to find: the simulation and the checker have one runtime each.
    CLOCKS {
        /// A timer is set on the runtime of the server, and not on the caller's.
        TimerOnServersClock,
        /// A slot that was noted on one clock counts as noted on any.
        NotedAnywhere,
    }

    /// What the checker of races has to find: one thread cannot show these.
    RACES {
        /// A request that is queued when a server is suspended waits until it resumes.
        RequestBehindSuspension,
        /// Who is registered as it dies is not taken off again.
        RegisteredTooLate,
        /// A server looks whether it closes a cycle of calls, and then notes that it waits.
        WaitNotedAfterLook,
        /// All that close a cycle of calls at once are told.
        CycleToldToAll,
        /// A call that a handler only holds counts as one that it waits for.
        HeldIsWaitedFor,
        /// `MAIL` is cleared after the look into the mailbox.
        MailNotedAfterLook,
        /// The lane of signals is not looked at after messages were taken.
        SignalsUnseenAfterTake,
        /// `RUNNING` is cleared on leaving, no matter what came up.
        LeaveIgnoresNews,
        /// A sender leaves its waker after it has looked for room.
        SenderWakerAfterLook,
        /// Messages are queued in a mailbox that is closed.
        ClosedMailboxAccepts,
        /// `SIGNAL` is set before the signal is there.
        SignalNotedBeforePush,
        /// A wake-up is lost while somebody runs the server.
        WakeLostWhileRunning,
        /// The task leaves its waker after it has looked.
        TaskWakerAfterLook,
        /// `RUNNING` is looked at, and then set.
        EnterLooksThenSets,
        /// A caller looks for its reply, and then leaves its waker.
        CallerWakerAfterLook,
        /// What watches for the end of a wait looks, and then leaves its waker.
        WatcherWakerAfterLook,
        /// A server that is left to its task to be dropped does not wake it.
        BurialForgotten,
        /// A server's task is over when the server is dead, whether it is dropped or not.
        TaskEndsWithTheDead,
        /// A supervisor that waits for children does not hear of those that ask for their own end.
        AskerNotHeard,
        /// A handler that is in the way of its server's end is not interrupted.
        NotInterrupted,
        /// A supervisor answers before it has heard of an end of which others have.
        RequestsOvertakeExits,
        /// A task looks whether it is to end, and then leaves its waker.
        EndWakerAfterLook,
        /// A task looks whether it was told to stop, and then leaves its waker.
        StoppingWakerAfterLook,
        /// A timer is set for a server that is dead.
        TimerSetForTheDead,
        /// Who cancels a timer looks whether it is set, and then takes its message.
        TimerTakenAfterLook,
        /// A stream that is detached while it is polled is put back.
        DetachedIsPutBack,
    }
}

// The thread's own, not the checker's: a bug is planted outside of what is checked.
#[cfg(any(test, suptree_planted_bugs))]
std::thread_local! {
    static PLANTED: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Whether this bug is planted.
#[cfg(not(any(test, suptree_planted_bugs)))]
#[inline(always)]
pub(crate) const fn planted(_bug: Bug) -> bool {
    false
}

/// Whether this bug is planted.
#[cfg(any(test, suptree_planted_bugs))]
pub(crate) fn planted(bug: Bug) -> bool {
    PLANTED.try_with(std::cell::Cell::get) == Ok(Some(bug))
}

/// Plants a bug on this thread.
#[cfg(any(test, suptree_planted_bugs))]
#[cfg_attr(
    not(suptree_planted_bugs),
    expect(unreachable_pub, reason = "unit tests have it, too")
)]
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}
