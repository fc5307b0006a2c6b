"""The systems that are compared, and how one of them is told to run a workload."""

import functools
import shutil
import subprocess
from dataclasses import dataclass

from .paths import BEAM_CODE, BINARIES

BASE = "tokio"
OURS = "suptree"
#: No servers at all.
MUTEXES = ("mutex", "tokio-mutex")


@dataclass(frozen=True)
class System:
    name: str
    #: The cargo package of its binary; the BEAM has none.
    package: str | None
    #: What a reader has to know about the row.
    note: str
    #: Crates whose versions the report names.
    crates: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    #: The share of a workload's operations it runs, so that one sample of a slow system stays below about half a second.
    share: float = 1.0

    def command(self, work: str, flavour: str, n: int | None) -> list[str]:
        if self.package is None:
            return beam_command(work, flavour, n)
        command = [str(BINARIES / self.package), "--work", work, "--flavour", flavour, *self.arguments]
        return command if n is None else [*command, "--n", str(n)]

    def is_peer(self) -> bool:
        """Whether it is a published Rust crate."""
        return self.name not in (BASE, "tokio-guarded", *MUTEXES, OURS, "beam")


SYSTEMS = [
    System("suptree", "sys-suptree", "this project, through the macros' clients"),
    System("tokio", "sys-tokio", "by hand: task, enum, unbounded mpsc, oneshot per call; no timeout",
           crates=("tokio",)),
    System("tokio-guarded", "sys-tokio", "the same with what suptree always has: a mailbox bounded at 1,024, 5 s timeout on calls",
           arguments=("--variant", "guarded")),
    System("mutex", "sys-mutexes", "no server: the counter in an `Arc<parking_lot::Mutex>`, which every client locks; no mailbox, no "
           "timeout, nobody who notices an end", crates=("parking_lot",)),
    System("tokio-mutex", "sys-mutexes", "the same in an `Arc<tokio::sync::Mutex>`", arguments=("--variant", "tokio")),
    System("kameo", "sys-kameo", "without its default tracing", crates=("kameo",), share=0.5),
    System("ractor", "sys-ractor", "without its default span propagation; unbounded mailboxes only", crates=("ractor",), share=0.6),
    System("ractor-supervisor", "sys-ractor-supervisor", "needs ractor with its default features",
           crates=("ractor-supervisor",)),
    System("actix", "sys-actix", "actors stay on one thread each; multi is two arbiters; no supervision of panics",
           crates=("actix",)),
    System("spawned", "sys-spawned", "unbounded mailboxes only, no supervisor; every call has a 5 s timeout",
           crates=("spawned-concurrency",)),
    System("xtra", "sys-xtra", "no names, no supervisor; messages of one sender may overtake each other", crates=("xtra",),
           share=0.5),
    System("hydra", "sys-hydra", "without its default tracing; every call has a 5 s timeout", crates=("hydra",), share=0.3),
    System("tokio-actors", "sys-tokio-actors", "bounded mailboxes only", crates=("tokio-actors",), share=0.5),
    System("beam", None, "Elixir's GenServer and Supervisor; as many schedulers as the flavour has workers", share=0.3),
]

BY_NAME = {system.name: system for system in SYSTEMS}


def beam_is_installed() -> bool:
    return all(map(shutil.which, ("erl", "elixir", "elixirc")))


@functools.cache
def elixir_library() -> str:
    return subprocess.check_output(["elixir", "-e", "IO.puts(:code.lib_dir(:elixir))"], text=True).strip()


def beam_command(work: str, flavour: str, n: int | None) -> list[str]:
    from .workloads import WORKLOAD_BY_NAME

    schedulers = "1:1" if flavour == "current" else "2:2"
    operations = WORKLOAD_BY_NAME[work].n if n is None else n
    return ["erl", "+S", schedulers, "+P", "4000000", "+A", "1", "-noshell", "-noinput",
            "-pa", str(BEAM_CODE), f"{elixir_library()}/ebin",
            "-s", "Elixir.Bench", "main", "-extra", work, str(operations)]
