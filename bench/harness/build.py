"""Builds what is to be run."""

import subprocess

from .paths import BEAM_CODE, BENCH
from .systems import System


def build(systems: list[System]) -> None:
    """One package at a time: cargo would unify the features of several."""
    packages = dict.fromkeys(system.package for system in systems)
    for package in packages:
        if package is None:
            BEAM_CODE.mkdir(parents=True, exist_ok=True)
            subprocess.run(["elixirc", "-o", BEAM_CODE, BENCH / "beam" / "bench.ex"], check=True)
        else:
            subprocess.run(["cargo", "build", "--locked", "--release", "--quiet", "--package", package], cwd=BENCH, check=True)
