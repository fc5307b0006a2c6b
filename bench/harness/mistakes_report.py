"""The page of the table of compile errors, and the bound that ours has."""

from datetime import date

from . import machine
from .markdown import markdown
from .mistakes import COLUMNS, MISTAKES, VALID, Column, Row
from .rustc_errors import Result, Said
from .systems import OURS

#: Of each program of ours.
MOST_ERRORS, MOST_LINES = 1, 12
#: Of the first error that is shown.
WIDTH = 120

Results = dict[tuple[str, str], Result]

TOP = """\
<!-- Written by bench/mistakes. Change the generator (bench/harness/mistakes_report.py), not this file. -->

# Compile errors

The same mistakes, made with the macros of four libraries, and what rustc says. Then odd code that is valid, and whether it compiles.

## How to read

* A cell is the errors and the lines that rustc prints for them, with their notes, helps and the code that is shown. Warnings are left out,
  and so are the empty line between two errors, the count of errors, and the hint at `rustc --explain` at the end.
* *compiles*: there is no error. Of a mistake this means that it is none with this library; the notes say so.
* –: the mistake cannot be made, or the thing is not there; the reason is among the notes.
* Ours have a bound: {most_errors} error, {most_lines} lines. `.ci/run mistakes` fails above it.

Few lines are no merit by themselves: an error has to say what to change. What each says first is shown below the tables.

## How it was made

    bench/mistakes

on {date} at {commit}, with rustc {rustc}. It takes some minutes. The programs are in `bench/mistakes.d`, a file for each library and row, in the style of the library's own
examples. Each is compiled twice: with its mistake, and without it, by the lines that are marked. Without it there is no error, or the
script stops. So what is counted is the mistake, and not a wrong use of the library. The same goes for the odd code: in its plain form it compiles
everywhere. The versions are exact, and `bench/mistakes.d/Cargo.lock` has the rest.

{columns}

## Mistakes

{mistakes}

## Valid code

{valid}

## Notes

{notes}
"""

SEVERAL = """\
## Where there are several

These mistakes are known to make several errors still.

* **A generic supervisor without a bound that its child asks for**, as `M: Mailer` of `impl<M: Mailer> Post<M>`. Rust asks for it wherever the child's
  type is used, and no macro knows what a type asks for. In `supervisor! { App<M> { .. [Post<M>(mailer) as post] } }` it is one error for each
  child: rustc says the same of all that is made of it, at the same place, and shows that once. It says more where
  two children are of one type, of the children of a `for`, of a `partition` supervisor, of a `dynamic` one with `extra_arguments` or whose child's struct has the bound, too, and where a supervisor inside takes such
  a child's handle. The first error says which bound it is: write `App<M: Mailer>`. Where it is a child of a supervisor inside, the second one does, and what
  rustc suggests beside the first is of no use.
* **`start_child::<Room>(..)`** of a dynamic supervisor with children of one type, which takes no type; parts of its tuple that are swapped; and, with several types, one that is left out.
* **`start_child::<Room>(1, 2)`** of a dynamic supervisor with children of several types, where the arguments of one child are one tuple: rustc asks for the
  first by itself, and then counts. The first error says what to write. (With children of one type it is one error, which shows the parentheses.)
* **A second `#[genserver]` block that does not say `part`**, where it stands in another module than the first, has another `client`, or is written by a `macro_rules!`. Beside the first
  block it is one error, and what it alone could have told is missed where it is used: its `#[init]`, its name, its protocols, and what is not sent by the client, as by `cx.then()`.
  `impl Cache<u8>` and `impl Cache<u16>` are two servers: each has a name for its client, as by `client = Bytes`.
* **A type of the user's own around an `Rc`** in the messages of a server of several blocks, or of
  one that speaks a protocol: the blocks know nothing of each other. In other messages it is one error, also where the server is used and in a `supervisor!`.
  But a client of such a server is no traveler either: where another server holds one, there are errors at that. The first error is the one to mend.
* **A name of ours that the module has already**: a `struct CacheClient` beside `#[genserver] impl Cache`, two supervisors of one name, or one
  that is called like a server which is no child of it; a `const` or `static` that is called like a variable of what is generated, as `server`,
  `request` or `reply`: Rust takes the variable for it. In capitals, which rustc asks for, it is nobody's.
* **A lifetime that is not written**: a `View` in an argument or a reply, where it is `struct View<'a>`. rustc says so once for each sort of place that
  the type stands in, and there are three. A message is owned: take what is in the view.
* **A type that there is not, between `<` and `>`**, as in `Vec<Nope>`, in a generic server whose last parameter has no bounds: rustc says it a second time,
  with a parameter of that name as its suggestion.
* **A generic server without what its bounds ask for**: `Stack::start(NotClone)`, and what is done with its client. The first error says which bound it is.
* **A part of another server** in the `parts` of a generic server: no constant knows the server's parameters, and so the question is asked in several places.
* **The same handler in two blocks of a server**, a part of a server that has no block of its own, and a part with other bounds than the server has.
* **A slip in the head of a handler** that leaves open what was meant, as `fn get(&self) -> { 1 }`: rustc says so, and then that the client has no such method. Of others
  rustc itself has two or three errors, as of `fn async get(&self)`, `pub public fn get(&self)`, or `(mut &self)`.
* **`Context` or `ReplyTo` without a parameter** where it may be a type of the user's own: `cx: Context`, by value, or a `ReplyTo` in a `#[cast]`. And `cx: Context<Other>`, by value.
* **A parameter that a generic supervisor does not declare**: `S<T>(t)` in `App<M>(m: M, t: u8)`, which rustc suggests to declare in one of two places; and arguments
  of a child's type that has none, `S<u8>` there. Of a supervisor that is not generic it is one error.
* **A block with `#[cast]`s and without `#[genserver(part)]`**: rustc says of each attribute that it cannot find it, and of the client that it has no such method.
* **A state that is not `Send`, of which a part is kept over an `.await`**: the state is one error, and the part another. The first error is the one to mend.
* **A parameter `t: impl Trait` of a supervisor** that a task or a generic child takes: it has no name for their types. Write `App<T: Trait>(t: T)`.
* **A child that cannot be read**, with each place that asks for it by its name; and a lost `#` or `call` of `#[call]`, which is Rust no more.
* **A private server in a `dynamic` or `partition` of a `pub` supervisor**: it is in public types there, so Rust refuses it (E0446). Make the server as visible as the supervisor.
* **A `#[cfg]` in a protocol that rustc cannot read**: it says so, and then that what is generated is there twice.
* **A lifetime that is not declared** in a protocol, as in `text: &'a str`: rustc says that there is no `'a`, and we that nothing is borrowed.
* **A type that is less visible than its handler**: a `pub fn` of a `pub` server that takes or returns a `pub(crate)` type. Rust refuses it for messages (E0446) even where the
  server's module is private, and warns of it besides. Write `pub(crate) fn`: the client's method is as visible as the handler.
* **What rustc, too, says more than once**: `impl Cahce` for `impl Cache`, a block for a type of another crate, `Self::Item` where there is none, a child's type without its parameters, a bound
  that the server's struct has and its block has not.
* **A mistake in one place that shows in another**: `#[init]` left out where the child is given arguments, `children` beside `dynamic` where a child is
  asked for, a type that a dynamic supervisor does not list, a parameter that is not `Clone` in a generic supervisor. The first error is the one to mend.
"""

FIRST = """\
## What the first error says

Its first line, shortened to {width} characters. Where there are several errors, the others are no less to read.

{first}

## In short

{in_short}
"""


def write_page(results: list[Result], reading: str) -> str:
    cells = by_cell(results)
    header = ["", "version", "macros"]
    columns = [[name(column), column.version or "this one", column.macros] for column in COLUMNS]
    page = TOP.format(
        most_errors=MOST_ERRORS, most_lines=MOST_LINES, date=date.today().isoformat(), commit=machine.commit(),
        rustc=machine.output("rustc", "--version").split()[1], columns=markdown(header, columns),
        mistakes=table("mistake", MISTAKES, cells), valid=table("code", VALID, cells), notes=notes(),
    )
    page += "\n" + SEVERAL
    return page + "\n" + FIRST.format(width=WIDTH, first=first_errors(cells), in_short=reading.strip())


def by_cell(results: list[Result]) -> Results:
    return {(result.program.row.name, result.program.column.name): result for result in results}


def table(title: str, rows: list[Row], cells: Results) -> str:
    lines = []
    for row in rows:
        found = [cells.get((row.name, column.name)) for column in COLUMNS]
        lines.append([row.title, *("–" if result is None else emphasized(result) for result in found)])
    return markdown([title, *(name(column) for column in COLUMNS)], lines)


def emphasized(result: Result) -> str:
    return f"**{cell(result.said)}**" if result.program.column.name == OURS else cell(result.said)


def cell(said: Said) -> str:
    if not said.errors:
        return "compiles"
    return f"{counted(len(said.errors), 'error')}, {said.lines} lines"


def counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def name(column: Column) -> str:
    return f"**{column.name}**" if column.name == OURS else column.name


def notes() -> str:
    lines = []
    for row in [*MISTAKES, *VALID]:
        said = [f"{column.name}: {text[column.name]}" for text in (row.without, row.notes) for column in COLUMNS if column.name in text]
        if said:
            lines.append(f"* {row.title}. {'; '.join(said)}.")
    return "\n".join(lines)


def first_errors(cells: Results) -> str:
    lines = []
    for row in [*MISTAKES, *VALID]:
        title = row.title
        for column in COLUMNS:
            result = cells.get((row.name, column.name))
            if result is None or not result.said.errors:
                continue
            lines.append([title, name(column), shortened(result.said.first)])
            title = ""
    return markdown(["", "library", "first error"], lines)


def shortened(text: str) -> str:
    text = text if len(text) <= WIDTH else f"{text[:WIDTH - 2]} .."
    # A name in backquotes stays one; the rest is as rustc writes it.
    text = text + "`" if text.count("`") % 2 else text
    return text.replace("|", "\\|")


def above_the_bound(results: list[Result]) -> list[str]:
    """What the script fails for."""
    return [f"{result.program.file.name}: {cell(result.said)}, above the bound" for result in results if is_above(result)]


def is_above(result: Result) -> bool:
    said, row = result.said, result.program.row
    if result.program.column.name != OURS:
        return False
    # What is valid has no error at all.
    return len(said.errors) > (0 if row in VALID else MOST_ERRORS) or said.lines > MOST_LINES


def wrong_programs(results: list[Result]) -> list[str]:
    """Those that fail without their mistake, or that have none and fail; and mistakes that are none."""
    found = []
    for result in results:
        program = result.program
        if result.without.errors:
            found.append(f"{program.file} does not compile without its mistake:\n" + "\n".join(result.without.errors))
        if program.row in MISTAKES and program.has_marks() and not result.said.errors:
            found.append(f"{program.file} compiles, with the mistake that it marks")
    return found
