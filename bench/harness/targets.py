"""What the project has set itself: a gate, which has to hold, and a stretch."""

from dataclasses import dataclass

from .workloads import FLAVOURS


@dataclass(frozen=True)
class Target:
    gate: float
    stretch: float


def both(gate, stretch):
    return {flavour: Target(gate, stretch) for flavour in FLAVOURS}


#: Ratios to hand-written tokio in the same round.
RATIOS = {
    "call_seq": both(0.20, 0.10),
    "call_async": both(0.55, 0.40),
    "call_queued": both(1.0, 0.75),
    "call_blk": {"multi": Target(1.0, 0.75)},
    "call_conc": {"multi": Target(0.40, 0.20), "current": Target(0.25, 0.12)},
    "call_fan": both(0.20, 0.10),
    "named": both(0.30, 0.15),
    "cast1_u": {"multi": Target(0.55, 0.35), "current": Target(0.60, 0.40)},
    "cast4_u": {"multi": Target(0.70, 0.45), "current": Target(0.60, 0.40)},
    "cast1_b": both(0.70, 0.45),
    "cast4_b": both(0.70, 0.45),
    "ring": both(0.85, 0.60),
    "spawn_stop": both(0.55, 0.20),
    "restart1_med": both(0.80, 0.65),
    "storm1k": both(0.80, 0.60),
    "tree10k_start": both(0.60, 0.20),
    "tree10k_stop": both(1.0, 0.5),
}

#: Absolute: bytes.
BYTES = {"mem": both(700, 300)}

#: Absolute: instructions per operation.
INSTRUCTIONS = {"call": Target(250, 150), "call_queued": Target(1_450, 1_250), "cast": Target(220, 160)}

#: Absolute: lines of LLVM IR that a server of three calls and two casts adds to a user's crate.
LINES_A_SERVER = Target(26_000, 20_000)
