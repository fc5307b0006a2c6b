"""From samples to numbers: the median of a cell, and the median of its ratios to the base within a round."""

from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from .sampling import Sample
from .systems import BASE


@dataclass
class Cell:
    median: float
    #: Of the ratio to the base in the same round; `None` where the base has no such metric.
    ratio: float | None
    lowest: float | None
    highest: float | None
    samples: int
    #: Whether there is a sample that no other process disturbed.
    clean: bool


#: (metric, flavour) → system → cell
Table = dict[tuple[str, str], dict[str, Cell]]


def tabulate(samples: list[Sample]) -> Table:
    by_cell: dict[tuple[str, str], dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for sample in samples:
        by_cell[sample.metric, sample.flavour][sample.system].append(sample)
    return {cell: tabulate_cell(systems) for cell, systems in by_cell.items()}


def tabulate_cell(systems: dict[str, list[Sample]]) -> dict[str, Cell]:
    base = best_of_rounds(systems.get(BASE, []))
    cells = {}
    for system, samples in systems.items():
        undisturbed = [sample.value for sample in samples if sample.clean]
        values = undisturbed or [sample.value for sample in samples]
        own = best_of_rounds(samples)
        ratios = [own[number] / base[number] for number in own if base.get(number)]
        cells[system] = Cell(
            median=median(values),
            ratio=median(ratios) if ratios else None,
            lowest=min(ratios, default=None),
            highest=max(ratios, default=None),
            samples=len(values),
            clean=bool(undisturbed),
        )
    return cells


def best_of_rounds(samples: list[Sample]) -> dict[int, float]:
    """The sample of each round that counts: the least disturbed one, the lower of two clean ones."""
    best: dict[int, Sample] = {}
    for sample in samples:
        kept = best.get(sample.round)
        if kept is None or (not sample.clean, sample.value) < (not kept.clean, kept.value):
            best[sample.round] = sample
    return {number: sample.value for number, sample in best.items()}
