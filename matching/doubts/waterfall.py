"""A picture of what adds up to a pair's weight: bars that begin where the one before ended, as SVG.

Text in it is text, colours are attributes of presentation: it needs no script and no style.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape

from matching.doubts.explain import Step

WIDTH, NAMES, FIGURES, ROW, TOP = 760, 250, 90, 28, 40
FOR, AGAINST, SUM, LINE = "#1b6e3c", "#a3262a", "#2a4b8d", "#555555"


def waterfall(steps: Sequence[Step], title: str, threshold: float) -> str:
    """The steps' bars, their sum, and the threshold as a line. `title` is the picture's name for a reader."""
    total = sum(step.bits for step in steps)
    ends = [0.0]
    for step in steps:
        ends.append(ends[-1] + step.bits)
    low, high = min(*ends, threshold), max(*ends, threshold)
    scale = (WIDTH - NAMES - FIGURES) / ((high - low) or 1)

    def at(bits: float) -> float:
        return NAMES + (bits - low) * scale

    bars = [
        _bar(place, _said(step), (at(ends[place]), at(ends[place + 1])), step.bits)
        for place, step in enumerate(steps)
    ]
    bars.append(_bar(len(steps), "sum", (at(0), at(total)), total, SUM))
    height = TOP + (len(steps) + 1) * ROW + 30
    told = "; ".join(f"{_said(step)} {step.bits:+.1f}" for step in steps)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
            ' aria-labelledby="title desc" font-family="sans-serif" font-size="13">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="desc">{escape(told)}; sum {total:+.1f} bits, threshold {threshold:+.1f}.</desc>',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="8" y="22" font-weight="bold">{escape(title)}</text>',
            *bars,
            _threshold(at(threshold), height, threshold),
            "</svg>",
            "",
        ]
    )


def _said(step: Step) -> str:
    name = step.name.replace("_", " ")
    return f"{name}: {step.level}" if step.level else name


def _bar(place: int, name: str, ends: tuple[float, float], bits: float, colour: str = "") -> str:
    top, left, width = TOP + place * ROW, min(ends), max(abs(ends[1] - ends[0]), 1)
    fill = colour or (FOR if bits >= 0 else AGAINST)
    return (
        f'<text x="8" y="{top + 16}">{escape(name)}</text>'
        f'<rect x="{left:.1f}" y="{top + 3}" width="{width:.1f}" height="{ROW - 8}" fill="{fill}"/>'
        f'<text x="{WIDTH - 8}" y="{top + 16}" text-anchor="end">{bits:+.1f}</text>'
    )


def _threshold(x: float, height: int, bits: float) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{height - 24}" stroke="{LINE}"'
        f' stroke-dasharray="4 3"/><text x="{x:.1f}" y="{height - 8}" text-anchor="middle" fill="{LINE}">'
        f"threshold {bits:+.1f}</text>"
    )
