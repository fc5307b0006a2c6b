"""The rows of the table of compile errors: mistakes that are made with macros, and odd code that is valid. And for whom they are written."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from .paths import BENCH
from .systems import OURS

PROGRAMS = BENCH / "mistakes.d"
#: What all of them are compiled with.
LOCK = PROGRAMS / "Cargo.lock"
#: By this name the dependency goes in the row `RENAMED`.
ALIAS, RENAMED = "renamed", "renamed"


@dataclass(frozen=True)
class Column:
    #: Its folder in `PROGRAMS`, and its crate.
    name: str
    crate: str
    #: Of the crate; ours is the one here.
    version: str | None
    #: Its macros that the programs use.
    macros: str
    features: tuple[str, ...] = ()
    #: Other crates that one of the programs needs.
    others: tuple[tuple[str, str], ...] = ()


COLUMNS = [
    Column(OURS, "suptree", None, "`#[genserver]`, `#[protocol]`, `supervisor!`"),
    Column("kameo", "kameo", "0.22.2", "`#[derive(Actor)]`, `#[messages]`"),
    Column("spawned", "spawned-concurrency", "0.5.0", "`#[protocol]`, `#[actor]`"),
    Column("ractor", "ractor", "0.16.5", "`#[ractor::actor]`", features=("actor-macros",), others=(("ractor-supervisor", "0.2.0"),)),
]
COLUMN_BY_NAME = {column.name: column for column in COLUMNS}


@dataclass(frozen=True)
class Row:
    #: The file in each folder.
    name: str
    title: str
    #: Who cannot express it, and why.
    without: dict[str, str] = field(default_factory=dict)
    #: What a reader has to know about a cell.
    notes: dict[str, str] = field(default_factory=dict)


EACH_METHOD = "each method is a message of its own"
NO_MESSAGES_BY_HAND = "what is sent is made of the methods, so none of it is without one"

MISTAKES = [
    Row("argument_not_send", "an argument is not `Send`"),
    Row("argument_borrowed", "an argument is borrowed"),
    Row("method_generic", "a handler is generic"),
    Row("async_missing", "a handler waits, and is not `async`"),
    Row("self_by_value", "a handler takes `self` by value"),
    Row("self_missing", "a handler has no `self`"),
    Row("option_unknown", "an option that there is not"),
    Row("attribute_misspelt", "the attribute of a handler is misspelt"),
    Row("name_twice", "two handlers of one name"),
    Row("two_handlers", "two handlers for one message", without={OURS: EACH_METHOD, "kameo": EACH_METHOD}),
    Row("handler_missing", "a message has no handler", without={"kameo": NO_MESSAGES_BY_HAND},
        notes={OURS: "of a `#[protocol]`; without one, what is sent is made of the methods", "ractor": "of an enum by hand"}),
    Row("child_not_clone", "what a child is started with is not `Clone`", without={"spawned": "it has no supervisors"},
        notes={"ractor": "with ractor-supervisor, whose closure starts the child"}),
    Row("reply_of_own_type", "a reply of a type without a derive", notes={"kameo": "its replies need `#[derive(Reply)]`"}),
    Row("local_not_send", "a local that is not `Send` is kept over an `.await`",
        notes={OURS: "where it is the only local, and there is one `.await`; of more than one, rustc says which it is, in 14 lines or so"}),
    Row("protocol_plain_reply", "a method of a protocol has a plain reply",
        without={"kameo": "it has no protocols", "ractor": "it has no protocols"}, notes={"spawned": "its replies are `Response<T>`"}),
]

VALID = [
    Row("two_with_get", "two servers in one module, both with `get`"),
    Row("prelude_names", "handlers called `option` and `string`"),
    Row("conditional", "a handler under `#[cfg(feature = ..)]`, the feature off"),
    Row("raw_names", "a handler `r#move` with an argument `r#type`"),
    Row("self_in_an_argument", "an argument of type `<Self as Trait>::X`",
        notes={"spawned": "the message is: arguments stand in the protocol, which has no such `Self`"}),
    Row("in_a_function", "all of it inside a function, with a type of its own"),
    Row("generic", "a generic server: `Vec<T>`, `Option<T>`, `T`, `const N`",
        notes={"spawned": "generic in its protocol, too; without, its arguments have no place for `T`",
               "ractor": "an enum of messages by hand may be generic"}),
    Row(RENAMED, "the dependency has another name in `Cargo.toml`", notes={OURS: "by the option `crate = ::renamed`"}),
    Row("missing_docs", "a library with `#![deny(missing_docs)]`, all of it documented"),
]

#: The line that is the mistake, or the odd thing; and what stands there without it.
WITH = re.compile(r"\s*// (?:WRONG|ODD)$")
WITHOUT = re.compile(r"// (?:RIGHT|PLAIN):(?: |$)")


@dataclass(frozen=True)
class Program:
    row: Row
    column: Column

    @property
    def file(self) -> Path:
        return PROGRAMS / self.column.name / f"{self.row.name}.rs"

    def has_marks(self) -> bool:
        return any(WITH.search(line) for line in self.file.read_text().splitlines())

    def with_mistake(self) -> str:
        return self.text(lambda line: None if WITHOUT.search(line) else WITH.sub("", line) if WITH.search(line) else line)

    def without_mistake(self) -> str:
        return self.text(lambda line: None if WITH.search(line) else WITHOUT.sub("", line) if WITHOUT.search(line) else line)

    def text(self, change) -> str:
        lines = [(line, change(line)) for line in self.file.read_text().splitlines()]
        # A mark alone leaves no empty line.
        kept = [new for old, new in lines if new is not None and (new.strip() or not old.strip())]
        return "\n".join(kept) + "\n"


def programs(columns: list[Column]) -> list[Program]:
    """Those that can be written; a file too few or too many is an error."""
    found = [Program(row, column) for column in columns for row in [*MISTAKES, *VALID] if column.name not in row.without]
    for column in columns:
        there = {file.stem for file in (PROGRAMS / column.name).glob("*.rs")}
        expected = {program.row.name for program in found if program.column == column}
        if there != expected:
            raise SystemExit(f"{PROGRAMS / column.name}: {', '.join(sorted(there ^ expected))} should or should not be there")
    return found
