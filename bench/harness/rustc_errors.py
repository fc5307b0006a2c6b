"""Compiles the programs of `mistakes`, each with its mistake and without, and keeps what rustc says."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .generate import NOT_INCREMENTAL, write
from .mistakes import ALIAS, RENAMED, Column, Program
from .paths import PROJECT

WORKSPACE = """\
[workspace]
resolver = "3"
members = [{members}]
"""

MANIFEST = """\
[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false
autoexamples = false

[features]
extra = []

[lib]
path = "lib.rs"

[dependencies]
{dependencies}
"""

# A library, as `missing_docs` is for those. Its name tells the program.
EXAMPLE = """
[[example]]
name = "{name}"
path = "{path}"
crate-type = ["lib"]
"""


@dataclass
class Said:
    """What rustc says of a program."""

    #: Of each error, the text that is printed.
    errors: list[str]

    @property
    def lines(self) -> int:
        return sum(len(error.splitlines()) for error in self.errors)

    @property
    def first(self) -> str:
        return self.errors[0].splitlines()[0]


@dataclass
class Result:
    program: Program
    said: Said
    #: Of the program without its mistake; as a rule it has no errors.
    without: Said


def compile_all(programs: list[Program], folder: Path, target: Path, lock: Path, locked: bool) -> list[Result]:
    """In a workspace that is made in `folder`: a package for each system, an example for each program."""
    generate(programs, folder)
    shutil.copy(lock, folder / "Cargo.lock")
    command = ["cargo", "check", "--workspace", "--examples", "--keep-going", "--message-format=json", "--target-dir", target]
    run = subprocess.run([*command, *(["--locked"] if locked else [])], cwd=folder, env=NOT_INCREMENTAL, capture_output=True, text=True)
    said: dict[str, Said] = {}
    compiled = set()
    for message in map(json.loads, run.stdout.splitlines()):
        name = message.get("target", {}).get("name")
        if message["reason"] == "compiler-artifact":
            compiled.add(name)
        elif message["reason"] == "compiler-message" and message["message"]["level"].startswith("error"):
            error = message["message"]
            said.setdefault(name, Said([]))
            # Which only counts the others.
            if not error["message"].startswith("aborting due to"):
                said[name].errors.append(error["rendered"].rstrip("\n"))
    results = []
    for program in programs:
        names = [example(program, with_mistake) for with_mistake in (True, False)]
        unseen = [name for name in names if name not in said and name not in compiled]
        if unseen:
            raise SystemExit(f"{', '.join(unseen)} was not compiled:\n{run.stderr}")
        results.append(Result(program, *(said.get(name, Said([])) for name in names)))
    return results


def example(program: Program, with_mistake: bool) -> str:
    return f"{program.column.name}-{program.row.name}-{'is' if with_mistake else 'without'}"


def generate(programs: list[Program], folder: Path) -> None:
    packages: dict[str, tuple[Column, bool, list[tuple[str, str]]]] = {}
    for program in programs:
        for with_mistake in (True, False):
            renamed = program.row.name == RENAMED and with_mistake
            package = program.column.name + ("-renamed" if renamed else "")
            name = program.row.name if with_mistake else f"without/{program.row.name}"
            text = program.with_mistake() if with_mistake else program.without_mistake()
            (folder / package / name).parent.mkdir(parents=True, exist_ok=True)
            write(folder / package / f"{name}.rs", text)
            _, _, examples = packages.setdefault(package, (program.column, renamed, []))
            examples.append((example(program, with_mistake), f"{name}.rs"))
    write(folder / "Cargo.toml", WORKSPACE.format(members=", ".join(f'"{name}"' for name in packages)))
    for name, (column, renamed, examples) in packages.items():
        manifest = MANIFEST.format(name=f"{name}-mistakes", dependencies="\n".join(dependencies(column, renamed)))
        manifest += "".join(EXAMPLE.format(name=example, path=path) for example, path in examples)
        write(folder / name / "Cargo.toml", manifest)
        write(folder / name / "lib.rs", "")


def dependencies(column: Column, renamed: bool) -> list[str]:
    source = f'path = "{PROJECT}"' if column.version is None else f'version = "={column.version}"'
    features = f", features = {json.dumps(column.features)}" if column.features else ""
    package = f'{ALIAS} = {{ package = "{column.crate}", ' if renamed else f"{column.crate} = {{ "
    others = [f'{crate} = "={version}"' for crate, version in column.others if not renamed]
    return [f"{package}{source}{features} }}", *others]
