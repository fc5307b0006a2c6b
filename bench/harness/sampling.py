"""Runs the workloads: system after system within a cell, the order turned in each round.

So the samples of one ratio are taken seconds apart, on the same state of the machine. A sample is *disturbed* when other
processes used more than a share of the machine meanwhile; it is taken again once, and counts only where no other is left.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from .systems import System
from .workloads import OPERATIONS, Workload

DISTURBED = 0.08
TIMEOUT = 60
UNSUPPORTED = 3


@dataclass
class Sample:
    round: int
    system: str
    flavour: str
    metric: str
    value: float
    #: The share of the machine that other processes used.
    others: float

    @property
    def clean(self) -> bool:
        return self.others <= DISTURBED


class Recorder:
    """The samples, kept in a file as they come, so that a run can be broken off and resumed."""

    def __init__(self, file: Path, resume: bool):
        self.file = file
        self.samples: list[Sample] = []
        self.failures: list[str] = []
        if resume and file.exists():
            kept = json.loads(file.read_text())
            self.samples = [Sample(**sample) for sample in kept["samples"]]
            self.failures = kept["failures"]

    def next_round(self) -> int:
        return max((sample.round for sample in self.samples), default=-1) + 1

    def save(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        content = {"samples": [asdict(sample) for sample in self.samples], "failures": self.failures}
        self.file.write_text(json.dumps(content))


@dataclass
class Plan:
    systems: list[System]
    workloads: list[Workload]
    flavours: list[str]
    rounds: int
    quick: bool
    nice: int


def sample_all(plan: Plan, recorder: Recorder) -> None:
    unsupported: set[tuple[str, str, str]] = set()
    first = recorder.next_round()
    for number in range(first, first + plan.rounds):
        begin = time.time()
        for workload in plan.workloads:
            for flavour in plan.flavours:
                if flavour not in workload.flavours:
                    continue
                turn = number % len(plan.systems)
                for system in plan.systems[turn:] + plan.systems[:turn]:
                    cell = (system.name, workload.name, flavour)
                    if cell not in unsupported and not sample_cell(plan, recorder, number, system, workload, flavour):
                        unsupported.add(cell)
                recorder.save()
        print(f"round {number + 1 - first} of {plan.rounds}: {time.time() - begin:.0f} s", file=sys.stderr)


def sample_cell(plan: Plan, recorder: Recorder, number: int, system: System, workload: Workload, flavour: str) -> bool:
    """Takes the samples of one workload of one system; whether the system has the workload."""
    n = workload.operations(system.share, plan.quick)
    n = min(n, OPERATIONS.get((system.name, workload.name, flavour), n))
    for attempt in range(2):
        outcome = run_once(system.command(workload.name, flavour, n), plan.nice)
        if outcome.status == UNSUPPORTED:
            return False
        if outcome.status != 0:
            recorder.failures.append(f"{system.name}, {workload.name}, {flavour}: {ending(outcome.status)}")
            continue
        for line in outcome.output.splitlines():
            if line.startswith("{"):
                found = json.loads(line)
                recorder.samples.append(
                    Sample(number, system.name, flavour, found["metric"], found["value"], round(outcome.others, 3)))
        if outcome.others <= DISTURBED:
            break
    return True


@dataclass
class Outcome:
    status: int
    output: str
    others: float


def run_once(command: list[str], nice: int) -> Outcome:
    environment = dict(os.environ, RUST_BACKTRACE="0", ERL_CRASH_DUMP=os.devnull)
    busy_before, begin = machine_busy_seconds(), time.time()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True,
                               preexec_fn=lambda: set_priority(nice))
    limit = threading.Timer(TIMEOUT, process.kill)
    limit.start()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    limit.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.time() - begin
    busy_others = machine_busy_seconds() - busy_before - usage.ru_utime - usage.ru_stime
    return Outcome(process.returncode, output, max(0.0, busy_others) / (wall * os.cpu_count()))


def ending(status: int) -> str:
    return f"no end after {TIMEOUT} s" if status == -signal.SIGKILL else f"exit code {status}"


def set_priority(nice: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, 0, nice)
    except PermissionError:
        pass  # Only the superuser may ask for more than others get.


def machine_busy_seconds() -> float:
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle, waiting = fields[3], fields[4]
    return (sum(fields) - idle - waiting) / os.sysconf("SC_CLK_TCK")
