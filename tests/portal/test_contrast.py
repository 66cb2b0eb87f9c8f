"""Contrast of the colours (WCAG 2.2, 1.4.3 and 1.4.11), computed from the custom properties of tokens.css."""

import colorsys
import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).resolve().parents[2] / "portal" / "static" / "portal" / "tokens.css"
TEXT, SHAPE = 4.5, 3.0
TONES = ("info", "success", "warning", "error", "neutral")
PAGE = ("background", "surface")
PAIRS = [
    *((text, page, TEXT) for text in ("text", "text-muted", "heading", "link", "error") for page in PAGE),
    *((text, "surface-blue", TEXT) for text in ("text", "link", "link-hover")),
    *((tone, f"{tone}-surface", TEXT) for tone in TONES),
    *(("text", f"{tone}-surface", TEXT) for tone in TONES),
    *(("link", f"{tone}-surface", TEXT) for tone in ("info", "success", "warning", "error")),
    ("link-hover", "background", TEXT),
    ("on-action", "action", TEXT),
    ("on-action", "action-hover", TEXT),
    ("on-brand", "brand", TEXT),
    ("on-brand-muted", "brand", TEXT),
    ("on-disabled", "disabled", TEXT),
    ("text", "field", TEXT),
    ("text-muted", "field", TEXT),
    *((shape, page, SHAPE) for shape in ("border-strong", "focus", "action", *TONES) for page in PAGE),
    ("border-strong", "field", SHAPE),
    ("on-brand-focus", "brand", SHAPE),
]

Colour = tuple[float, float, float]


def colours(scheme: str) -> dict[str, Colour]:
    """Name → red, green and blue (0–1); the dark scheme changes some of the light one's."""
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media screen and (prefers-color-scheme: dark)")
    found = re.findall(
        r"--([\w-]+): hsl\((\d+), (\d+)%, (\d+)%\);", light + (dark if scheme == "dark" else "")
    )
    return {
        name: colorsys.hls_to_rgb(int(hue) / 360, int(lightness) / 100, int(saturation) / 100)
        for name, hue, saturation, lightness in found
    }


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 for black and 1 for white (WCAG 2.2, definitions)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: Colour, other: Colour) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_ratio_of_black_and_white_is_21() -> None:
    assert ratio((0, 0, 0), (1, 1, 1)) == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_a_colour_stands_out_from_what_it_is_on(front: str, back: str, least: float, scheme: str) -> None:
    known = colours(scheme)
    assert ratio(known[front], known[back]) >= least
