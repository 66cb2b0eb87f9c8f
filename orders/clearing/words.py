"""Comparisons, their levels and groups of alike cases in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.ui import Tone

COMPARISONS = {
    "surname": gettext_lazy("Surname"),
    "given_names": gettext_lazy("Given names"),
    "birth_date": gettext_lazy("Date of birth"),
    "home": gettext_lazy("Address"),
    "sex": gettext_lazy("Sex"),
    "code": gettext_lazy("Personal identity code"),
    "prior": gettext_lazy("Anybody of the population"),
    "household": gettext_lazy("Another member of the family"),
    "order_of_names": gettext_lazy("Names the other way round"),
}
SAME, NEAR, DIFFERS, WITHHELD = "same", "near", "differs", "withheld"
# Comparison → level → what it says, and its words.
LEVELS = {
    "surname": {
        "same": (SAME, gettext_lazy("same")),
        "former": (NEAR, gettext_lazy("a former surname")),
        "part": (NEAR, gettext_lazy("part of a double surname")),
        "near": (NEAR, gettext_lazy("nearly the same")),
        "alike": (NEAR, gettext_lazy("much alike")),
        "other, woman": (DIFFERS, gettext_lazy("another, of a woman")),
        "other": (DIFFERS, gettext_lazy("another")),
    },
    "given_names": {
        "same": (SAME, gettext_lazy("same")),
        "some of them": (SAME, gettext_lazy("some of the names")),
        "one of them": (NEAR, gettext_lazy("one of the names")),
        "a later one": (NEAR, gettext_lazy("a later name")),
        "near": (NEAR, gettext_lazy("nearly the same")),
        "initial": (NEAR, gettext_lazy("an initial alone")),
        "alike": (NEAR, gettext_lazy("much alike")),
        "other": (DIFFERS, gettext_lazy("another")),
    },
    "birth_date": {
        "same": (SAME, gettext_lazy("same")),
        "day and month swapped": (NEAR, gettext_lazy("day and month swapped")),
        "one digit": (NEAR, gettext_lazy("one digit differs")),
        "two parts of three": (NEAR, gettext_lazy("two parts of three")),
        "year": (DIFFERS, gettext_lazy("the year alone")),
        "other": (DIFFERS, gettext_lazy("another")),
    },
    "home": {
        "flat": (SAME, gettext_lazy("the same dwelling")),
        "house": (SAME, gettext_lazy("the same house")),
        "former house": (NEAR, gettext_lazy("a former address")),
        "nearly the house": (NEAR, gettext_lazy("nearly the same house")),
        "house number and postal code": (NEAR, gettext_lazy("house number and postal code")),
        "street and place": (NEAR, gettext_lazy("the street and the place")),
        "postal code": (NEAR, gettext_lazy("the postal code alone")),
        "place": (NEAR, gettext_lazy("the place alone")),
        "region": (DIFFERS, gettext_lazy("the region alone")),
        "other": (DIFFERS, gettext_lazy("another")),
        "withheld": (WITHHELD, gettext_lazy("withheld: non-disclosure order")),
    },
    "sex": {
        "same": (SAME, gettext_lazy("same")),
        "other": (DIFFERS, gettext_lazy("another")),
    },
    "code": {
        "nearly the same": (NEAR, gettext_lazy("nearly the same")),
        "other": (DIFFERS, gettext_lazy("another")),
    },
}
VERDICTS: dict[str, tuple[str, Tone]] = {
    SAME: ("check", "success"),
    NEAR: ("info", "info"),
    DIFFERS: ("warning", "warning"),
    WITHHELD: ("info", "neutral"),
}
"""What a comparison says → its mark and tone; the words stand beside, so that no colour is needed."""


def level(comparison: str, name: str | None) -> tuple[str, str]:
    """What a level says (empty where nothing can be said), and its words."""
    verdict, words = LEVELS.get(comparison, {}).get(name or "", ("", ""))
    return verdict, str(words)


def step(name: str, level_name: str | None) -> str:
    """A step of a weight: what is compared, and how it agrees."""
    words = level(name, level_name)[1]
    label = str(COMPARISONS.get(name, name))
    return f"{label}: {words}" if words else label


def group(key: str) -> str:
    """A group of alike cases: how the nearest candidate agrees, and how many are as near."""
    parts = dict(part.split(":", 1) for part in key.split("|"))
    near = rivals(int(parts.pop("rivals", "1")))
    said = [step(name, value) for name, value in parts.items() if value != "-"]
    return "; ".join([*said, near])


def rivals(count: int) -> str:
    """How many candidates are about as near as the nearest, with it."""
    if count >= 4:
        return _("four candidates or more")
    text = ngettext("no other about as near", "%(count)s candidates about as near", count)
    return text % {"count": count}
