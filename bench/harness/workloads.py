"""The workloads, the metrics each yields, and what the report calls them."""

from dataclasses import dataclass

FLAVOURS = ("multi", "current")


@dataclass(frozen=True)
class Metric:
    name: str
    title: str
    unit: str = "ns"


@dataclass(frozen=True)
class Workload:
    name: str
    n: int
    description: str
    metrics: tuple[Metric, ...]
    flavours: tuple[str, ...] = FLAVOURS
    #: Whether a slow system may run fewer operations: where their number is not part of what is measured.
    scalable: bool = False

    def operations(self, share: float, quick: bool) -> int:
        n = int(self.n * share) if self.scalable else self.n
        return max(n // 20, 1) if quick else n


def one(name, title, n, description, unit="ns", **more):
    return Workload(name, n, description, (Metric(name, title, unit),), **more)


GROUPS = {
    "Calls": [
        one("call_seq", "call", 200_000, "one client calls one server, one call after the other; the handler is a plain "
            "function where the system has such handlers", scalable=True),
        one("call_async", "call, async handler", 200_000, "the same, the handler an `async fn` that does not wait",
            scalable=True),
        one("call_queued", "call, queued", 200_000, "the same through the mailbox, with a 5 s timeout (suptree: "
            "`inline = never`; plain tokio: no timeout)", scalable=True),
        one("call_blk", "call from `block_on`", 20_000, "the same, the client on the thread that called `block_on`: no task of "
            "the runtime, so each queued call wakes a thread and is woken by one", flavours=("multi",), scalable=True),
        one("call_conc", "64 clients, 1 server", 192_000, "64 clients call one server at once; ns a call of them all together",
            scalable=True),
        one("call_fan", "64 clients, 64 servers", 192_000, "64 clients call a server each at once", scalable=True),
        one("named", "call by name", 100_000, "a name (a string) is looked up among 10,000, and its server called",
            scalable=True),
    ],
    "Casts": [
        one("cast1_u", "cast, 1 producer", 1_000_000, "a million casts into an unbounded mailbox, until the last is handled"),
        one("cast4_u", "cast, 4 producers", 1_000_000, "the same from four tasks"),
        one("cast1_b", "cast, bounded, 1 producer", 1_000_000, "the same into a mailbox bounded at 1,024"),
        one("cast4_b", "cast, bounded, 4 producers", 1_000_000, "the same from four tasks"),
        Workload("crowd_b", 200_000, "1,000 tasks cast to one server whose mailbox is bounded at 1,024, and wait for room, until "
                 "the last cast is handled", (
                     Metric("crowd_b", "cast, bounded, 1,000 producers"), Metric("crowd_b_worst", "of it: longest wait", "ms"))),
        one("ring", "ring hop", 1_000_000, "a token goes round 1,000 servers by casts, with the default mailbox", scalable=True),
    ],
    "Life cycle and memory": [
        Workload("spawn_stop", 100_000, "100,000 servers: start each, call each, stop all and wait for their end", (
            Metric("spawn_stop", "start, call, stop"), Metric("spawn_only", "of it: start"), Metric("stop_only", "of it: stop"))),
        one("mem", "idle server", 100_000, "resident memory of 100,000 servers with 64 bytes of state that have answered a call",
            unit="B"),
        Workload("timers", 1_000_000, "a million casts to one server are to be sent later, at a million times, and cancelled (tokio: a task "
                 "that sleeps, each)", (
                     Metric("timers_set", "a million timers, set"), Metric("timers_cancel", "a million timers, cancelled"),
                     Metric("timers_mem", "a million timers, memory", "B"))),
        one("stop_backlog", "stop behind a backlog", 1_000_000, "a server with a million messages of 1 µs in its mailbox is "
            "stopped in the system's usual way, until it is gone", unit="ms"),
        one("kill_backlog", "kill before a backlog", 1_000_000, "the same server is killed", unit="ms"),
    ],
    "Supervision": [
        Workload("restart1", 2_000, "the only child panics, until its next incarnation answers a call", (
            Metric("restart1_med", "restart, median"), Metric("restart1_p99", "restart, p99"),
            Metric("restart1_rate", "crash to crash, mean"))),
        Workload("restart1k", 1_000, "the same, one of 1,000 children", (
            Metric("restart1k_med", "restart among 1,000, median"), Metric("restart1k_p99", "restart among 1,000, p99"))),
        one("storm1k", "1,000 children crash at once", 5, "all 1,000 children panic, until all answer; ns a restart"),
        one("all1k", "`one_for_all` among 1,000", 20, "the first of 1,000 children panics, the others are stopped and all started, until "
            "all answer; ns a child"),
        one("rest1k", "`rest_for_one` among 1,000", 20, "the same, by the strategy that leaves those before it alone: there is none"),
        Workload("tree10k", 10_000, "a supervisor with 10,000 children is started and stopped; ns a child", (
            Metric("tree10k_start", "10,000 children, start"), Metric("tree10k_stop", "10,000 children, stop"))),
        Workload("tree100k", 100_000, "a supervisor with 100,000 children is stopped, one child after the other; ms for all of them", (
            Metric("tree100k_stop", "100,000 children, stop", "ms"),)),
        Workload("dyn100k", 100_000, "a dynamic supervisor is asked for 100,000 children, one after the other; all are killed at once, "
                 "until all answer again; and it is stopped; ns a child", (
                     Metric("dyn100k_start", "100,000 dynamic children, start"),
                     Metric("dyn100k_back", "100,000 dynamic children, killed and back"),
                     Metric("dyn100k_stop", "100,000 dynamic children, stop"))),
    ],
}

WORKLOADS = [workload for group in GROUPS.values() for workload in group]
WORKLOAD_BY_NAME = {workload.name: workload for workload in WORKLOADS}
METRIC_BY_NAME = {metric.name: metric for workload in WORKLOADS for metric in workload.metrics}

#: What differs from the above for a system: operations of a sample that would otherwise last for many seconds.
OPERATIONS = {
    # Every hop wakes the other arbiter's thread.
    ("actix", "ring", "multi"): 20_000,
    # Its restart window is a list it walks for every restart.
    ("beam", "storm1k", "multi"): 2,
    ("beam", "storm1k", "current"): 2,
    ("beam", "dyn100k", "multi"): 10_000,
    ("beam", "dyn100k", "current"): 10_000,
}
