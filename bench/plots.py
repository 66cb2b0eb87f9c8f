"""Curves as SVG for docs/: dark on white, told apart by their marks too, with text that stays text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("svg")
matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "bench", "font.family": "sans-serif"})

from matplotlib import pyplot  # noqa: E402 - after its drawing surface is chosen

STYLES = (("#1b4965", "o", "-"), ("#b23a48", "s", "--"), ("#4c6b22", "^", ":"))
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """Curves by name. `x` and `y` are what the axes say; `logarithmic` is of x."""

    x: str
    y: str
    curves: Mapping[str, Points]
    logarithmic: bool = False
    marked: bool = True
    from_zero: bool = False


def draw(path: Path, panels: Sequence[Panel]) -> None:
    """The same figures give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure, axes = pyplot.subplots(1, len(panels), figsize=(5.2 * len(panels), 3.6), squeeze=False)
    for axis, panel in zip(axes[0], panels, strict=True):
        for (name, points), (colour, mark, line) in zip(panel.curves.items(), STYLES, strict=False):
            marker = mark if panel.marked else None
            axis.plot(*zip(*points, strict=True), color=colour, marker=marker, linestyle=line, label=name)
        axis.set_xlabel(panel.x)
        axis.set_ylabel(panel.y)
        axis.grid(color="#dddddd")
        if panel.logarithmic:
            axis.set_xscale("log")
        if panel.from_zero:
            axis.set_ylim(bottom=0)
        if len(panel.curves) > 1:
            axis.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
