"""Instructions per operation, as callgrind counts them: (Ir(first + n) − Ir(first)) / n, on one thread."""

import re
import subprocess
from dataclasses import dataclass

from .systems import BY_NAME


@dataclass(frozen=True)
class Operation:
    name: str
    title: str
    work: str
    first: int
    n: int


OPERATIONS = [
    Operation("call", "call (suptree: inline)", "ir_call", 1_000, 10_000),
    Operation("call_async", "call, async handler", "ir_call_async", 1_000, 10_000),
    Operation("call_queued", "call, queued, 5 s timeout", "ir_call_queued", 1_000, 10_000),
    Operation("named", "call by name", "ir_named", 640, 6_400),
    # Both are multiples of the 64 casts after which the workload gives the server the thread.
    Operation("cast", "cast", "ir_cast", 1_024, 12_800),
    Operation("protocol_call", "call through a protocol", "ir_protocol_call", 1_000, 10_000),
    Operation("protocol_cast", "cast through a protocol", "ir_protocol_cast", 1_024, 12_800),
    Operation("spawn", "start and stop", "ir_spawn", 200, 1_000),
]


def count(system: str, operation: Operation) -> float | None:
    """`None` where the system has no such operation."""
    few = fewest_instructions(system, operation.work, operation.first)
    many = fewest_instructions(system, operation.work, operation.first + operation.n)
    if few is None or many is None:
        return None
    return (many - few) / operation.n


def fewest_instructions(system: str, work: str, n: int) -> int | None:
    """Of two runs: suptree looks at the clock to see which handlers are short, so an interrupted run may take another path."""
    runs = [instructions(system, work, n) for _ in range(2)]
    return None if None in runs else min(runs)


def instructions(system: str, work: str, n: int) -> int | None:
    command = BY_NAME[system].command(work, "current", n)
    callgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    run = subprocess.run([*callgrind, *command], capture_output=True, text=True)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or collected is None:
        return None
    return int(collected[1])


def count_all(systems: list[str]) -> dict[str, dict[str, float | None]]:
    return {system: {operation.name: count(system, operation) for operation in OPERATIONS} for system in systems}
