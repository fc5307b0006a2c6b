"""Where and with what the numbers were made."""

import os
import re
import subprocess
import tomllib
from datetime import date
from pathlib import Path

from .paths import BENCH, PROJECT
from .systems import System, beam_is_installed


def facts(systems: list[System]) -> dict[str, str]:
    """What the report says about the machine and the versions; read when the samples are taken."""
    found = {
        "date": date.today().isoformat(),
        "commit": commit(),
        "processor": f"{processor()}, {os.cpu_count()} logical CPUs",
        "memory": f"{total_memory_gb():.0f} GB",
        "system": f"{os.uname().sysname} {os.uname().release}, glibc malloc",
        "rustc": output("rustc", "--version").removeprefix("rustc "),
        "build": "release, thin LTO, one codegen unit, unwinding",
    }
    versions = locked_versions()
    crates = [crate for system in systems for crate in system.crates]
    found["crates"] = ", ".join(f"{crate} {versions[crate]}" for crate in crates)
    if any(system.package is None for system in systems) and beam_is_installed():
        elixir = re.search(r"Elixir (\S+)", output("elixir", "--version"))[1]
        otp = output("erl", "-noshell", "-eval", "io:put_chars(erlang:system_info(otp_release)), halt().")
        found["BEAM"] = f"Elixir {elixir}, OTP {otp}, JIT"
    return found


def commit() -> str:
    head = output("git", "-C", str(PROJECT), "rev-parse", "--short", "HEAD")
    changed = output("git", "-C", str(PROJECT), "status", "--porcelain", "--", "core", "macros", "src", "bench/systems",
                     "bench/common")
    if not head:
        return "before the first commit"
    return f"{head}, with uncommitted changes" if changed else head


def processor() -> str:
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return model[1] if model else os.uname().machine


def total_memory_gb() -> float:
    kilobytes = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    return int(kilobytes[1]) / 1e6


def locked_versions() -> dict[str, str]:
    lock = tomllib.loads((BENCH / "Cargo.lock").read_text())
    return {package["name"]: package["version"] for package in lock["package"]}


def output(*command: str) -> str:
    run = subprocess.run(command, capture_output=True, text=True)
    return run.stdout.strip() if run.returncode == 0 else ""
