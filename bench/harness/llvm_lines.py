"""Counts lines of LLVM IR, as `cargo llvm-lines` does: the instructions that rustc hands to LLVM, before any optimization."""

import re
import subprocess
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from .generate import NOT_INCREMENTAL, TARGETS, generate

#: With this few servers, what a crate has once (its `main`, a runtime) is a twentieth of the lines.
SERVERS = 10

#: What makes the many copies of one function differ, in names that spell out their types.
NUMBERED = re.compile(r"\b(server|Server|Message)\d+")


@dataclass
class Function:
    lines: int = 0
    copies: int = 0


def count_lines(system: str, with_types: bool = False) -> dict[str, Function]:
    """The functions of a crate of ten servers. With types, functions that differ in a type are counted apart."""
    crate = generate(system, SERVERS)
    listing = crate / "crate.ll"
    # `true` stands in for the linker: only the listing is wanted.
    options = [f"--emit=llvm-ir={listing}", "-Cno-prepopulate-passes", "-Cpasses=name-anon-globals", "-Ccodegen-units=1",
               "-Clinker=true"]
    if with_types:
        options.append("-Csymbol-mangling-version=v0")
    # Cargo would do nothing for a crate that it has built.
    (crate / "src" / "main.rs").touch()
    command = ["cargo", "rustc", "--quiet", "--target-dir", TARGETS, "--", *options]
    subprocess.run(command, cwd=crate, env=NOT_INCREMENTAL, check=True)
    functions = read(listing)
    listing.unlink()
    return functions


def read(listing: Path) -> dict[str, Function]:
    functions: dict[str, Function] = defaultdict(Function)
    name, comment, lines = None, "", 0
    with listing.open(encoding="utf-8", errors="replace") as text:
        for line in text:
            if line.startswith("  "):
                # More than two spaces: an instruction's second line, or what belongs to a debugger.
                lines += line[2] != " "
            elif line.startswith("; ") and not line.startswith("; Function Attrs"):
                # Before each function stands its name, readable.
                comment = line[2:].strip()
            elif line.startswith("define "):
                name, comment, lines = comment or "main", "", 0
            elif line == "}\n" and name is not None:
                function = functions[NUMBERED.sub(r"\1_", name)]
                function.lines += lines
                function.copies += 1
                name = None
    return functions


def total(functions: dict[str, Function]) -> int:
    return sum(function.lines for function in functions.values())


def lines_a_server(functions: dict[str, Function]) -> float:
    return total(functions) / SERVERS
