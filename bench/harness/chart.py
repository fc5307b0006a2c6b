"""Draws docs/performance.svg: for every workload a line, for every system a dot at its ratio to hand-written tokio."""

import math
from xml.sax.saxutils import escape

from .ratios import Table
from .systems import BASE, OURS, SYSTEMS
from .workloads import FLAVOURS, METRIC_BY_NAME

#: What is drawn; the metrics with a target, and what they are parts of left out.
METRICS = ["call_seq", "call_async", "call_queued", "call_blk", "call_conc", "call_fan", "named", "cast1_u", "cast4_u",
           "cast1_b", "cast4_b", "ring", "spawn_stop", "mem", "restart1_med", "storm1k", "tree10k_start", "tree10k_stop"]

#: The systems with a colour of their own; the others are grey, and named by the tooltip.
COLOURS = {OURS: "ours", "tokio-guarded": "guarded", "kameo": "kameo", "ractor": "ractor", "ractor-supervisor": "ractor",
           "beam": "beam"}
LEGEND = [(OURS, "ours"), ("tokio, bounded, timeouts", "guarded"), ("kameo", "kameo"), ("ractor", "ractor"),
          ("BEAM", "beam"), ("other Rust peers", "other")]

STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 14px; font-weight: 600 }
.small { font-size: 11px; fill: #57606a }
.background { fill: #ffffff }
.grid { stroke: #d8dee4 }
.base { stroke: #57606a; stroke-width: 1.5 }
.row { stroke: #eaeef2 }
.ours { fill: #0969da }
.guarded { fill: #9a6700 }
.kameo { fill: #bc4c00 }
.ractor { fill: #1a7f37 }
.beam { fill: #8250df }
.other { fill: #afb8c1 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.small { fill: #9198a1 }
.background { fill: #0d1117 }
.grid { stroke: #30363d }
.base { stroke: #9198a1 }
.row { stroke: #21262d }
.ours { fill: #4493f8 }
.guarded { fill: #d29922 }
.kameo { fill: #f0883e }
.ractor { fill: #3fb950 }
.beam { fill: #ab7df8 }
.other { fill: #656c76 }
}"""

LABELS = 200
PANEL = 400
GAP = 44
TOP = 96
ROW = 24
BOTTOM = 34


def draw(table: Table) -> str:
    metrics = [name for name in METRICS if any((name, flavour) in table for flavour in FLAVOURS)]
    ratios = [cell.ratio for name in metrics for flavour in FLAVOURS for cell in table.get((name, flavour), {}).values()
              if cell.ratio]
    scale = Scale(min(ratios, default=1), max(ratios, default=1))
    width = LABELS + len(FLAVOURS) * (PANEL + GAP) - GAP // 2
    height = TOP + ROW * len(metrics) + BOTTOM
    shapes = [f'<rect class="background" width="{width}" height="{height}"/>',
              text(16, 26, "Ratio to hand-written tokio, same round; left is faster or smaller", "title"), *legend()]
    for row, name in enumerate(metrics):
        shapes.append(text(LABELS - 10, TOP + ROW * row + ROW / 2 + 4, METRIC_BY_NAME[name].title.replace("`", ""), anchor="end"))
    for panel, flavour in enumerate(FLAVOURS):
        shapes += draw_panel(table, metrics, flavour, LABELS + panel * (PANEL + GAP), scale)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-label="Ratios of suptree and its peers to hand-written tokio">\n<style>\n{STYLE}\n</style>\n'
            + "\n".join(shapes) + "\n</svg>\n")


class Scale:
    """From a ratio to a distance from the panel's left: logarithmic, over whole powers of ten, at most to a thousand."""

    def __init__(self, lowest: float, highest: float):
        self.low = max(min(math.floor(math.log10(lowest)), -1), -3)
        self.high = min(max(math.ceil(math.log10(highest)), 1), 3)

    def x(self, ratio: float) -> float:
        within = min(max(math.log10(ratio), self.low), self.high)
        return (within - self.low) / (self.high - self.low) * PANEL

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def draw_panel(table: Table, metrics: list[str], flavour: str, left: float, scale: Scale) -> list[str]:
    bottom = TOP + ROW * len(metrics)
    shapes = [text(left + PANEL / 2, TOP - 14, flavour, "title", "middle")]
    for tick in scale.ticks():
        x = left + scale.x(tick)
        shapes += [line(x, TOP, x, bottom, "base" if tick == 1 else "grid"),
                   text(x, bottom + 18, f"{tick:g}×", "small", "middle")]
    for row, name in enumerate(metrics):
        y = TOP + ROW * row + ROW / 2
        shapes.append(line(left, y, left + PANEL, y, "row"))
        cells = table.get((name, flavour), {})
        # Ours last, so that nothing covers it.
        for system in sorted(SYSTEMS, key=lambda system: (system.name == OURS, system.name in COLOURS)):
            cell = cells.get(system.name)
            if cell is not None and cell.ratio and system.name != BASE:
                radius = 6 if system.name == OURS else 4
                shapes.append(
                    f'<circle class="{COLOURS.get(system.name, "other")}" cx="{left + scale.x(cell.ratio):.1f}" '
                    f'cy="{y:g}" r="{radius}"><title>{escape(system.name)}: {cell.ratio:.3g}×</title></circle>')
    return shapes


def legend() -> list[str]:
    shapes, x = [], 22.0
    for label, colour in LEGEND:
        shapes += [f'<circle class="{colour}" cx="{x:g}" cy="46" r="{6 if colour == "ours" else 4}"/>',
                   text(x + 11, 50, label, "small")]
        x += 34 + 6.4 * len(label)
    return shapes


def text(x: float, y: float, content: str, style: str = "", anchor: str = "start") -> str:
    return f'<text class="{style}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(content)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line class="{style}" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"/>'
