"""Writes docs/performance.md: every number in it comes from the samples and the counts."""

import tomllib
from collections import Counter
from collections.abc import Iterable

from . import compile_time, targets
from .counts import OPERATIONS
from .markdown import markdown
from .paths import UNMET
from .ratios import Cell, Table, tabulate
from .sampling import DISTURBED, Recorder
from .systems import BASE, BY_NAME, OURS, SYSTEMS
from .workloads import FLAVOURS, GROUPS, METRIC_BY_NAME, WORKLOADS, Metric

Counts = dict[str, dict[str, float | None]]

HOW_TO_READ = """\
* **Ratios are the result.** A time describes the machine it was taken on; the ratio to hand-written tokio, taken in the same
  round a few seconds apart, is what carries over. Below 1 is faster (or smaller) than hand-written tokio.
* A cell is **median (median of the ratios)**. In each round, every workload ran system after system, the order turned by one
  from round to round.
* A sample during which other processes used more than {disturbed:.0f} % of the machine was taken again; it counts only where
  no other is left, and the cell is then marked `~`.
* **multi** is tokio's `multi_thread` with two workers, **current** its `current_thread`. On multi, rows with many clients or
  producers give what all of them reach together.
* `–`: the system cannot express the workload.
* Every system runs the same workload code (`bench/common`), written the way its own documentation writes it
  (`bench/systems/*`), in the leanest of its feature sets."""


UNDER_BLOCK_ON = """\
A thread that called `block_on` of a multi-threaded runtime is no worker of it, and Tokio does not say whether a handler may block there, as
`block_in_place` does. A call from there goes through the queue: it wakes a worker and is woken by one, which takes microseconds where a
call from a task takes nanoseconds (18 µs, about what hand-written Tokio takes, which has no other way). So it is
in `main` under `#[tokio::main]`, under `Handle::block_on`, and in a `LocalSet` of these: work that calls often belongs into a task
(`tokio::spawn`). `block_on` of a current-thread runtime runs its tasks itself, and calls from it are answered in place."""


EDGES = """\
That a user's code can harm nobody but its own process, that a caller's time is its own, and that no supervisor waits for a destructor, has
a price. The build before these rules against the one after, three alternating rounds on one machine, medians; what is not listed is
within 5 % or within the spread of its own rounds.

| row | flavour | before | after | why |
| --- | --- | --- | --- | --- |
| call from `block_on` | multi | 38 ns | 18 µs | through the queue, see above |
| ring hop | multi / current | 289 / 158 ns | 326 / 169 ns | the future of a handler is dropped guarded, may be interrupted, and is polled as its server's: about 60 instructions a hop |
| start | current | 391 ns | 425 ns | `init` is guarded in itself and at its end, its waker shielded, its arguments guarded |
| 10,000 children, start | multi / current | 849 / 588 ns | 907 / 698 ns | likewise, and a child's arguments are cloned and dropped guarded, outside of the supervisor's poll where they have a destructor |
| 10,000 children, stop | multi / current | 0.18 / 0.30 µs | 2.2 / 1.2 µs | a child whose state has a destructor is dropped by a task of its own, not in its supervisor's poll, where one that blocks would hold up all others; without a destructor it is ended in place as before |
| restart; 1,000 crash at once | current | 2.71; 2.71 µs | 2.81; 2.86 µs | as a start |
| restart among 1,000, p99 | current | 3.0 µs | 3.5 µs | the same, in the slowest of 1,000 |
| cast, bounded, 4 producers | current | 21.1 ns | 22.3 ns | the gate knows who waits for room; on multi 59 ns became 52 ns |
| kill before a backlog | multi | 3.3 ms | 3.4 ms | each of a million messages is dropped guarded |
| stop | multi / current | 303 / 273 ns | 259 / 239 ns | (faster: what is not there is not dropped) |

In instructions an operation, counted as `bench/counts` does, before the edges and after all that follows: a call in place 242 and 253 (it asks for what is left of
the budget before it takes of it, so that polls without end leave nothing with the scheduler), with an async handler 412 and 420 (a call gives
its error by value, a handler that waits is dropped guarded and polled as its server's), a cast 251 and 261 (the gate), a call by name 532 and
514, a queued call 1,668 and 1,658, start and stop 3,078 and 3,133. The bounds of `counts.toml` are older than both.

The code that a server adds to its crate went from 23,306 to 25,650 lines of LLVM IR (see *Compile time*): what is large goes by pointer,
values are dropped guarded, a message may have a span.

Supervision as it is since (strategies, readiness, callers who wait for a restart, exits in the order of the deaths) has its price on top. The build before
the edges, the one right after them, and a later one, seven alternating rounds of each pair, medians:

| row | flavour | before | after | later | why |
| --- | --- | --- | --- | --- | --- |
| 10,000 children, start | multi / current | 825 / 582 ns | 1,083 / 842 ns | 943 / 755 ns | each child is noted when its supervisor has it, for readiness and for those who wait for its name; a number as an id has no text of its own |
| 10,000 children, stop | multi / current | 0.17 / 0.31 µs | 1.50 / 1.37 µs | 1.26 / 1.16 µs | as above; children that are stopped in turn share one timer |
| restart | multi / current | 2.82 / 2.76 µs | 2.93 / 2.92 µs | 3.08 / 3.04 µs | its death is noted before it can be seen, and its exit waits for its turn |
| 1,000 crash at once | current | 2.76 µs | 2.95 µs | 3.05 µs | as a restart |
| `one_for_all`; `rest_for_one` among 1,000 | multi | – | 1.36; 1.35 µs | 1.32; 1.30 µs | |
| start; stop | current | 416; 279 ns | 429; 319 ns | 428; 317 ns | a supervisor, if there is one, is told first; foreign wakers last |

"After" has group restarts, but not what came with them later."""


GROUP_RESTARTS = """\
A supervisor of 1,000 children, the first of which crashes, until all answer again (`all1k`, `rest1k`; nanoseconds a child); a supervisor of 100,000 that stops them
one after the other (`tree100k`); a dynamic supervisor that is asked for 100,000 children, all of which are killed at once and come back (`dyn100k`; 10,000 on the
BEAM, which walks its list of restarts for each one). Medians of three rounds on a busy machine, the BEAM's of two rounds right after; multi / current:

| system | `one_for_all` among 1,000 | `rest_for_one` among 1,000 | 100,000 children, stop | dynamic: start | dynamic: killed and back | dynamic: stop |
| --- | --- | --- | --- | --- | --- | --- |
| **suptree** | 1.5 / 1.5 µs | 1.5 / 1.5 µs | 191 / 163 ms | 2.9 / 1.7 µs | 3.3 / 2.3 µs | 1.8 / 1.6 µs |
| kameo | 5.2 / 3.7 µs | 5.0 / 3.8 µs | 12.4 / 13.8 s | – | – | – |
| hydra | 6.2 / 3.5 µs | 8.5 / 3.4 µs | – / 331 ms | – | – | – |
| beam | 8.0 / 5.3 µs | 8.1 / 5.5 µs | 585 / 415 ms | 8.3 / 7.2 µs | 90 / 81 µs | 37 / 29 µs |

A dash: the system has no such thing, no workload was written for it (kameo's dynamic children), or it failed (hydra on multi, in two of the six runs of `all1k`, four of
`rest1k` and all of `tree100k`)."""


WITHOUT_SERVERS = """\
What supervision costs beside what one writes without servers: the counter in an `Arc<parking_lot::Mutex>` and in an
`Arc<tokio::sync::Mutex>`, one client and 64 (rows `mutex` and `tokio-mutex`), which has no mailbox, no timeout and nobody who notices an end. And a million casts
that are to be sent later, beside a million tasks that sleep (`timers`). Nanoseconds a call, and for each timer; medians of nine rounds of

    bench/run --systems suptree,tokio,mutex,tokio-mutex,kameo,actix --works call_seq,call_conc,call_fan,timers --rounds 9 --nice -20

on the machine above, at f469088:

| system | one client, multi / current | 64 clients, multi / current | 64 clients, 64 servers, multi / current |
| --- | --- | --- | --- |
| **suptree** | 81.5 / 66.1 ns | 146 / 66.3 ns | 37.5 / 66.3 ns |
| mutex | 21.6 / 22.0 ns | 51.1 / 22.8 ns | 12.2 / 23.3 ns |
| tokio-mutex | 86.7 / 77.3 ns | 410 / 271 ns | 40.4 / 79.0 ns |
| tokio | 583 / 410 ns | 543 / 314 ns | 233 / 447 ns |
| kameo | 1,450 / 1,001 ns | 1,199 / 844 ns | 571 / 1,114 ns |
| actix | 443 / 442 ns | 867 / 454 ns | 367 / 503 ns |

| system | a timer set, multi / current | cancelled, multi / current | memory, multi / current |
| --- | --- | --- | --- |
| **suptree** | 858 / 856 ns | 899 / 869 ns | 102 / 102 B |
| tokio | 1,510 / 990 ns | 698 / 824 ns | 683 / 711 B |

So where a plain mutex is all that is needed, it takes a third of the time of a call to an idle server, or less; a server takes about as long as Tokio's
mutex, and less where many wait. What it gives for that: an end that is noticed and restarted from, a timeout, a mailbox, and nothing held over an `.await`."""


CROWD = """\
1,000 tasks cast 200 times each to one server whose mailbox is bounded at 1,024, and wait for room (`crowd_b`): nanoseconds a cast until
the last is handled, and the longest wait of one cast; medians of five alternating rounds. Peers without a bounded mailbox have no such row.

| system | multi | longest wait | current | longest wait |
| --- | --- | --- | --- | --- |
| **suptree** | 162 ns | 4.9 ms | 375 ns | 0.6 ms |
| tokio | 407 ns | 4.9 ms | 207 ns | 0.4 ms |
| kameo | 858 ns | 8.2 ms | 415 ns | 0.6 ms |

On `current` each cast that waits has an entry in the line, a timer and a place of its own in memory: Tokio's channel has no
timeout."""


HAMMER = """\
`SUPTREE_HAMMER_CALLS=100000000 cargo test --release --test hammer -- --nocapture`, once, on the code of these rules:

    all                100900482 calls,   959126 servers: 90603329 replies, 2549192 exited, 1711677 no process, 798735 no reply, 5237549 cancelled
    50.3s, 2.01 M calls/s, 4 workers: 0 hung"""


def write_report(recorder: Recorder, counts: Counts, facts: dict[str, str], commands: list[str]) -> str:
    table = tabulate(recorder.samples)
    parts = [
        "<!-- Written by bench/run. Change the generator (bench/harness/report.py), not this file. -->",
        "# Performance",
        "Made by",
        "\n".join(f"    {command}" for command in commands),
        f"in {recorder.next_round()} rounds with {len(recorder.samples)} samples; `bench/README.md` says how to run it.",
        "![Ratios to hand-written tokio](performance.svg)",
        "## How to read",
        HOW_TO_READ.format(disturbed=DISTURBED * 100),
        "## Machine and versions",
        bullets(f"{name}: {value}" for name, value in facts.items() if value),
        "## Systems",
        systems_table(table),
        "## Targets",
        "A gate has to hold before a release; a stretch is what the prototypes came to. Ratios are to hand-written tokio in the "
        "same round, lowest and highest round in brackets; *best peer* is the lowest ratio of a published Rust crate.",
        targets_table(table, counts),
        *unmet_section(table, counts),
    ]
    parts += ["## Callers under `block_on`", UNDER_BLOCK_ON]
    parts += ["## What the edges cost", EDGES, "## Groups, and a hundred thousand children", GROUP_RESTARTS,
              "## Without servers, and a million timers", WITHOUT_SERVERS,
              "## A crowd that waits for room", CROWD, "## A long run of the hammer", HAMMER]
    for flavour in FLAVOURS:
        parts.append(f"## All systems, {flavour}")
        for title, workloads in GROUPS.items():
            metrics = [metric for workload in workloads for metric in workload.metrics if (metric.name, flavour) in table]
            if metrics:
                parts += [f"### {title}", group_table(table, flavour, metrics)]
    if counts:
        parts += ["## Instructions per operation",
                  "As callgrind counts them, one thread, (Ir(first + n) − Ir(first)) / n; they hardly vary, so `.ci/run` "
                  "holds suptree's against `bench/counts.toml` (`bench/counts`).",
                  counts_table(counts)]
    if compile_section := compile_time.section():
        parts.append(compile_section)
    parts += ["## Workloads", workloads_table()]
    if recorder.failures:
        failures = Counter(recorder.failures).most_common()
        parts += ["## Runs that failed", "Each was tried once more; only runs that ended well count above.",
                  bullets(f"{failure} ({times}×)" for failure, times in failures)]
    return "\n\n".join(parts) + "\n"


def systems_table(table: Table) -> str:
    present = {system for cells in table.values() for system in cells}
    rows = [[f"**{system.name}**" if system.name == OURS else system.name, system.note]
            for system in SYSTEMS if system.name in present]
    return markdown(["system", "what it is"], rows)


def targets_table(table: Table, counts: Counts) -> str:
    rows = []
    for metric, by_flavour in targets.RATIOS.items():
        for flavour, target in by_flavour.items():
            cells = table.get((metric, flavour), {})
            ours, base = cells.get(OURS), cells.get(BASE)
            if base is None:
                continue
            measured = None if ours is None else ours.ratio
            spread = "" if measured is None else f" ({ratio(ours.lowest)}–{ratio(ours.highest)})"
            rows.append([title_of(metric), flavour, time(base, metric), "–" if ours is None else time(ours, metric),
                         "–" if measured is None else f"**{ratio(measured)}**{spread}",
                         ratio(target.gate), ratio(target.stretch), verdict(measured, target), best_peer(cells)])
    for metric, by_flavour in targets.BYTES.items():
        for flavour, target in by_flavour.items():
            cells = table.get((metric, flavour), {})
            ours, base = cells.get(OURS), cells.get(BASE)
            if base is None:
                continue
            rows.append([title_of(metric), flavour, time(base, metric), "–" if ours is None else time(ours, metric),
                         "–" if ours is None else ratio(ours.ratio), f"{target.gate:g} B", f"{target.stretch:g} B",
                         verdict(ours and ours.median, target), best_peer(cells)])
    for operation in OPERATIONS:
        target = targets.INSTRUCTIONS.get(operation.name)
        if target and counts:
            ours, base = (counts.get(system, {}).get(operation.name) for system in (OURS, BASE))
            rows.append([f"instructions: {operation.title}", "current", number(base), number(ours),
                         ratio(ours / base) if ours and base else "–", f"{target.gate:,.0f}", f"{target.stretch:,.0f}",
                         verdict(ours, target), "–"])
    return markdown(["workload", "flavour", "tokio", "suptree", "ratio", "gate", "stretch", "met", "best peer"], rows)


def unmet_section(table: Table, counts: Counts) -> list[str]:
    """Every gate that is missed: by how much, and why."""
    why = tomllib.loads(UNMET.read_text())
    missed: dict[str, list[str]] = {}
    for metric, by_flavour in targets.RATIOS.items():
        for flavour, target in by_flavour.items():
            ours = table.get((metric, flavour), {}).get(OURS)
            if ours is not None and ours.ratio is not None and ours.ratio > target.gate:
                missed.setdefault(metric, []).append(f"{flavour}: {ratio(ours.ratio)} instead of {ratio(target.gate)}")
    for operation in OPERATIONS:
        target, count = targets.INSTRUCTIONS.get(operation.name), counts.get(OURS, {}).get(operation.name)
        if target and count is not None and count > target.gate:
            missed.setdefault(operation.name, []).append(f"instructions: {number(count)} instead of {target.gate:,.0f}")
    if not missed:
        return []
    titles = {operation.name: operation.title for operation in OPERATIONS}
    lines = (f"**{title_of(metric) if metric in METRIC_BY_NAME else titles[metric]}** ({'; '.join(gates)}). "
             + why.get(metric, "Not explained yet.").strip() for metric, gates in missed.items())
    return ["### Gates that are not met", bullets(lines)]


def verdict(measured: float | None, target: targets.Target) -> str:
    if measured is None:
        return "not measured"
    if measured <= target.stretch:
        return "stretch"
    return "gate" if measured <= target.gate else "**no**"


def best_peer(cells: dict[str, Cell]) -> str:
    peers = [(cell.ratio, name) for name, cell in cells.items() if BY_NAME[name].is_peer() and cell.ratio is not None]
    if not peers:
        return "–"
    lowest, name = min(peers)
    return f"{ratio(lowest)} {name}"


def group_table(table: Table, flavour: str, metrics: list[Metric]) -> str:
    rows = []
    for system in SYSTEMS:
        cells = [table[metric.name, flavour].get(system.name) for metric in metrics]
        if any(cells):
            name = f"**{system.name}**" if system.name == OURS else system.name
            rows.append([name, *(whole_cell(cell, metric.name) for cell, metric in zip(cells, metrics))])
    return markdown(["system", *(metric.title for metric in metrics)], rows)


def counts_table(counts: Counts) -> str:
    rows = []
    for system, by_operation in counts.items():
        name = f"**{system}**" if system == OURS else system
        rows.append([name, *(number(by_operation.get(operation.name)) for operation in OPERATIONS)])
    return markdown(["system", *(operation.title for operation in OPERATIONS)], rows)


def workloads_table() -> str:
    rows = [[f"`{workload.name}`", ", ".join(metric.title for metric in workload.metrics), f"{workload.n:,}",
             workload.description] for workload in WORKLOADS]
    return markdown(["workload", "rows", "n", "what it does"], rows)


def whole_cell(cell: Cell | None, metric: str) -> str:
    if cell is None:
        return "–"
    return time(cell, metric) + ("" if cell.ratio is None else f" ({ratio(cell.ratio)}×)")


def time(cell: Cell, metric: str) -> str:
    """A median with its unit: ns up to 10 µs, then µs."""
    value, unit = cell.median, METRIC_BY_NAME[metric].unit
    if unit == "ns" and value >= 10_000:
        value, unit = value / 1_000, "µs"
    return f"{number(value)} {unit}{'' if cell.clean else ' ~'}"


def title_of(metric: str) -> str:
    return METRIC_BY_NAME[metric].title


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def ratio(value: float) -> str:
    if value >= 10:
        return f"{value:.0f}"
    return f"{value:.2f}" if value >= 0.02 else f"{value:.2g}"


def bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"* {line}" for line in lines)
