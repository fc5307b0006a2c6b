"""Which module of a crate names which, read from its source: enough of Rust for `.ci/layers`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Path_ = tuple[str, ...]

#: Comments, and literals in which anything may stand. A lifetime is no literal.
BLANK = re.compile(
    r"""//[^\n]*|/\*.*?\*/"""
    r"""|(?<!\w)b?r(?P<hashes>#*)".*?"(?P=hashes)|(?<!\w)b?"(?:\\.|[^"\\])*"|(?<!\w)b?'(?:\\.[^']*|[^'\\])'""", re.DOTALL)
MODULE = re.compile(r"(?P<attributes>(?:#\[[^\]]*\]\s*)*)(?:pub(?:\([^)]*\))?\s+)?mod\s+(?P<name>\w+)\s*(?P<opens>[;{])")
USE = re.compile(r"(?P<public>\bpub(?:\([^)]*\))?\s+)?\buse\s+(?P<tree>[^;]+);")
#: From an absolute beginning; what begins with an imported name is known by the import.
PATH = re.compile(r"(?<!::)\b(?:crate|super|self|std|tokio|parking_lot|shuttle)(?:\s*::\s*\w+)+")
VISIBILITY = re.compile(r"\bpub\s*\(\s*in\s[^)]*\)")


@dataclass
class Module:
    """One file."""

    path: Path_
    file: Path
    #: Without comments, literals and tests.
    code: str
    children: list[str] = field(default_factory=list)
    #: What it has under which name from where, for itself and, if public, for others.
    imports: list[tuple[str, Path_, bool]] = field(default_factory=list)
    #: Paths in the code itself.
    mentions: list[Path_] = field(default_factory=list)
    #: Paths into other crates.
    foreign: list[Path_] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "::".join(self.path) or "lib"


class Crate:
    def __init__(self, root: Path):
        self.modules: dict[Path_, Module] = {}
        self.load((), root / "lib.rs", root)
        for module in self.modules.values():
            self.read_uses(module)

    def load(self, path: Path_, file: Path, folder: Path) -> None:
        code = without_tests(blanked(file.read_text()))
        module = self.modules[path] = Module(path, file, code)
        for found in MODULE.finditer(code):
            name = found["name"]
            if found["opens"] == "{" or "#[cfg(test)]" in found["attributes"]:
                continue
            module.children.append(name)
            # `#[path]` names the file; its text was blanked with the other literals.
            other = re.search(rf'#\[path = "([^"]+)"\]\s*(?:pub(?:\([^)]*\))?\s+)?mod {name};', file.read_text())
            child = folder / (other[1] if other else f"{name}.rs")
            self.load((*path, name), child, folder / child.stem)

    def read_uses(self, module: Module) -> None:
        for found in USE.finditer(module.code):
            for tree, name in expanded(found["tree"]):
                target = self.absolute(module, tree)
                if target is None:
                    module.foreign.append(tree)
                else:
                    module.imports.append((name, target, found["public"] is not None))
        rest = VISIBILITY.sub("", USE.sub("", module.code))
        for found in PATH.finditer(rest):
            path = tuple(re.split(r"\s*::\s*", found[0]))
            target = self.absolute(module, path)
            if target is None:
                module.foreign.append(path)
            else:
                module.mentions.append(target)

    def absolute(self, module: Module, path: Path_) -> Path_ | None:
        """From the root of the crate; `None` for what is in another crate."""
        head, *rest = path
        if head == "crate":
            return tuple(rest)
        if head in ("self", "super"):
            base = module.path
            while rest and head == "super":
                base = base[:-1]
                if rest[0] != "super":
                    break
                head, *rest = rest
            return (*base, *rest)
        return (*module.path, *path) if head in module.children else None

    def home(self, path: Path_) -> Path_:
        """The module in which the thing at `path` stands: through as many `pub use` as there are."""
        for _ in range(len(self.modules)):
            module = self.modules[self.longest(path)]
            rest = path[len(module.path):]
            if not rest:
                return module.path
            through = [target for name, target, public in module.imports if public and name == rest[0]]
            if not through:
                return module.path
            path = (*through[0], *rest[1:])
        raise RecursionError(f"the re-exports of {'::'.join(path)} go round")

    def longest(self, path: Path_) -> Path_:
        while path not in self.modules:
            path = path[:-1]
        return path

    def named(self, module: Module) -> Iterator[tuple[Path_, Path_]]:
        """What the module names: the path, and the module where it stands. Re-exports of its children are not named by it."""
        for name, target, public in module.imports:
            if not (public and target[:len(module.path)] == module.path):
                yield target, self.home(target)
        for target in module.mentions:
            yield target, self.home(target)


def blanked(text: str) -> str:
    """Without comments and literals, line by line as long as before."""
    return BLANK.sub(lambda found: '""' * (found[0][0] not in "/") + "\n" * found[0].count("\n"), text)


def without_tests(code: str) -> str:
    """Without inline modules that only tests have."""
    while (found := re.search(r"#\[cfg\(test\)\]\s*mod\s+\w+\s*\{", code)) is not None:
        end = closing(code, found.end())
        code = code[:found.start()] + "\n" * code.count("\n", found.start(), end) + code[end:]
    return code


def closing(code: str, begin: int) -> int:
    """Behind the brace that closes the block that `begin` is in."""
    depth = 1
    for place in range(begin, len(code)):
        depth += {"{": 1, "}": -1}.get(code[place], 0)
        if depth == 0:
            return place + 1
    raise ValueError("a brace is not closed")


def expanded(tree: str) -> Iterator[tuple[Path_, str]]:
    """The paths of a `use`, and the names they get."""
    tree = re.sub(r"\s+", " ", tree).strip()
    before, brace, inner = tree.partition("{")
    if brace:
        prefix = tuple(part for part in before.strip().split("::") if part)
        for part in split(inner.rstrip()[:-1]):
            for path, name in expanded(part):
                yield ((*prefix, *path), name) if path != ("self",) else (prefix, prefix[-1])
        return
    path, _, name = tree.partition(" as ")
    parts = tuple(part for part in path.strip().split("::") if part)
    yield parts, name.strip() or parts[-1]


def split(inner: str) -> Iterator[str]:
    """At the commas that are in no inner braces."""
    depth, part = 0, ""
    for char in inner:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char == "," and depth == 0:
            if part.strip():
                yield part.strip()
            part = ""
        else:
            part += char
    if part.strip():
        yield part.strip()


@dataclass
class Match:
    line: int
    #: Each pattern, and how its arm begins: blocks, arguments and the like are a `;` in it.
    arms: list[tuple[str, str]]


def matches(code: str) -> Iterator[Match]:
    """The `match` expressions of code without comments and literals; a string literal is left as `""`."""
    for found in re.finditer(r"\bmatch\b[^{;]*\{", code):
        block = code[found.end():closing(code, found.end()) - 1]
        while (flat := re.sub(r"\([^(){}]*\)|\[[^\[\]{}]*\]|\{[^{}]*\}", ";", block)) != block:
            block = flat
        arms = re.findall(r"(?:^|[,;])\s*\|?\s*([^,;]*?)[\s;]*(?:\bif\b[^,]*?)?=>\s*([^,;]*;?)", block)
        yield Match(code.count("\n", 0, found.start()) + 1, [(pattern.strip(), body) for pattern, body in arms])


def circles(edges: dict[Path_, set[Path_]]) -> list[frozenset[Path_]]:
    """The groups of modules in which each comes back to itself through the others (Tarjan)."""
    order: dict[Path_, int] = {}
    low: dict[Path_, int] = {}
    stack: list[Path_] = []
    found: list[frozenset[Path_]] = []

    def visit(node: Path_) -> None:
        order[node] = low[node] = len(order)
        stack.append(node)
        for other in sorted(edges[node]):
            if other not in order:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in stack:
                low[node] = min(low[node], order[other])
        if low[node] == order[node]:
            place = stack.index(node)
            group = frozenset(stack[place:])
            del stack[place:]
            if len(group) > 1:
                found.append(group)

    for node in sorted(edges):
        if node not in order:
            visit(node)
    return found
