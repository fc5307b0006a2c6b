"""Where things are."""

import os
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
PROJECT = BENCH.parent
DOCS = PROJECT / "docs"
RESULTS = BENCH / "results"
#: Why a gate is not met.
UNMET = BENCH / "unmet.toml"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", BENCH / "target"))
BINARIES = TARGET / "release"
BEAM_CODE = TARGET / "beam"
