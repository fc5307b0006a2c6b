"""What servers cost to compile in a user's crate: lines of LLVM IR, processor time, and the size of the program."""

import json
import resource
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from . import machine
from .generate import NOT_INCREMENTAL, TARGETS, generate
from .llvm_lines import SERVERS, count_lines, lines_a_server
from .markdown import markdown
from .paths import RESULTS
from .systems import BY_NAME, OURS
from .targets import LINES_A_SERVER

SYSTEMS = [OURS, "kameo", "tokio"]
COSTS = RESULTS / "compile.json"
#: A program of this many servers is timed.
MANY = 100

TITLE = "## Compile time"
HOW_TO_READ = """\
Made by `bench/compile` at {commit} with rustc {rustc}, in one run: crates of servers with three calls and two casts, each used once.
*Lines* are the lines of LLVM IR that rustc makes for the crate in the debug profile, as `cargo llvm-lines` counts them, of {few} servers,
divided by {few}; ours have {goal:,.0f} as their goal and {gate:,.0f} as their gate, and `.ci/run` holds them against
`bench/compile.toml`. *Build* is the processor time that a crate of {many} servers takes with cargo's own profiles, its dependencies
being built already, and *program* the size of what comes out, without symbols. *tokio* is an enum, a bounded channel and a
oneshot a call, by hand: no timeouts, no supervision, no links."""


@dataclass
class Cost:
    lines: float
    debug_seconds: float
    release_seconds: float
    program_bytes: int


def measure_all(servers: int) -> None:
    """Into `COSTS`."""
    costs = {system: asdict(measure(system, servers)) for system in SYSTEMS}
    facts = {"commit": machine.commit(), "rustc": machine.output("rustc", "--version").split()[1], "servers": servers}
    COSTS.parent.mkdir(parents=True, exist_ok=True)
    COSTS.write_text(json.dumps({"facts": facts, "costs": costs}))


def measure(system: str, servers: int) -> Cost:
    lines = lines_a_server(count_lines(system))
    debug_seconds, _ = build(system, servers, "dev")
    release_seconds, program = build(system, servers, "release")
    subprocess.run(["strip", program], check=True)
    return Cost(lines, debug_seconds, release_seconds, program.stat().st_size)


def build(system: str, servers: int, profile: str) -> tuple[float, Path]:
    """The processor time of the crate alone, and its program."""
    command = ["cargo", "build", "--quiet", "--target-dir", TARGETS, "--profile", profile]
    subprocess.run(command, cwd=generate(system, 1), env=NOT_INCREMENTAL, check=True)
    crate = generate(system, servers)
    (crate / "src" / "main.rs").touch()
    before = processor_time()
    subprocess.run(command, cwd=crate, env=NOT_INCREMENTAL, check=True)
    seconds = processor_time() - before
    return seconds, TARGETS / ("debug" if profile == "dev" else profile) / crate.name


def processor_time() -> float:
    """Of all programs that were run and have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def section() -> str | None:
    """The report's section, from what was measured last."""
    if not COSTS.exists():
        return None
    measured = json.loads(COSTS.read_text())
    facts, costs = measured["facts"], {system: Cost(**cost) for system, cost in measured["costs"].items()}
    rows = []
    for system, cost in costs.items():
        version = " ".join(f"{crate} {machine.locked_versions()[crate]}" for crate in BY_NAME[system].crates)
        rows.append([f"**{system}**" if system == OURS else version or system, f"{cost.lines:,.0f}", f"{cost.debug_seconds:,.0f} s",
                     f"{cost.release_seconds:,.0f} s", f"{cost.program_bytes / 1e6:.1f} MB"])
    header = ["system", "lines a server", "build, debug", "build, release", "program, release"]
    how_to_read = HOW_TO_READ.format(commit=facts["commit"], rustc=facts["rustc"], few=SERVERS, many=facts["servers"],
                                     goal=LINES_A_SERVER.stretch, gate=LINES_A_SERVER.gate)
    return "\n\n".join([TITLE, how_to_read, markdown(header, rows)])


def put_into(report: Path) -> None:
    """Replaces the section in a report that is there, or adds it before the workloads."""
    text, new = report.read_text(), f"{section()}\n\n"
    if TITLE in text:
        before, rest = text.split(TITLE, 1)
        after = rest.index("\n## ") + 1
        report.write_text(before + new + rest[after:])
    else:
        before, after = text.split("## Workloads", 1)
        report.write_text(f"{before}{new}## Workloads{after}")
