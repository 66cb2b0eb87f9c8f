"""Name pools for synthetic people: the common names first, then a long tail composed of name parts.

A pool is an ordered list; `synth` draws rank r of a pool with a Zipf-Mandelbrot law, so that few names are
common and most are rare. Surnames have a masculine and a feminine form (equal but for Russian ones).
"""

from itertools import product
from random import Random

from matching.synth import name_lists as lists

Cohort = int
GivenPools = dict[tuple[str, str, Cohort], list[str]]

# Every language group has its given names by the last birth year of a cohort; foreign ones have one cohort.
EVERY_YEAR = 2100
FOREIGN = {
    "ru": lists.RUSSIAN,
    "et": lists.ESTONIAN,
    "ar": lists.NEAR_EAST,
    "as": lists.EAST_ASIAN,
    "we": lists.WESTERN,
}


def given_pools() -> GivenPools:
    """All pools of given names by (language group, sex code, last birth year of the cohort)."""
    pools: GivenPools = {}
    for language, by_sex in (
        ("fi", {"2": lists.FINNISH_WOMEN, "1": lists.FINNISH_MEN}),
        ("sv", {"2": lists.SWEDISH_WOMEN, "1": lists.SWEDISH_MEN}),
    ):
        for sex, cohorts in by_sex.items():
            for year in cohorts:
                pools[language, sex, year] = _with_tail(cohorts, year, sex)
    for language, (women, men, _surnames) in FOREIGN.items():
        pools[language, "2", EVERY_YEAR] = _distinct(women.split())
        pools[language, "1", EVERY_YEAR] = _distinct(men.split())
    return pools


def surname_pools() -> dict[str, list[tuple[str, str]]]:
    """All pools of surnames by language group: (masculine form, feminine form), most common first."""
    pools = {"fi": _same(_finnish_surnames()), "sv": _same(_swedish_surnames())}
    for language, (_women, _men, surnames) in FOREIGN.items():
        names = [name.replace("~", " ") for name in _distinct(surnames.split())]
        pools[language] = _russian(names) if language == "ru" else _same(names + _doubled(language, names))
    return pools


def _with_tail(cohorts: dict[int, str], year: int, sex: str) -> list[str]:
    """A cohort's own names, then other times' names, then double names and rare made-up ones."""
    own = cohorts[year].split()
    others = [name for names in cohorts.values() for name in names.split()]
    single = [name for name in own if "-" not in name]
    double = [f"{first}-{second}" for first, second in zip(single[::2], reversed(single[1::2]), strict=False)]
    endings = lists.RARE_WOMEN.split() if sex == "2" else lists.RARE_MEN.split()
    rare = [beginning + ending for ending, beginning in product(endings, lists.RARE_BEGINNINGS.split())]
    return _distinct(own + others + double + rare)


def _finnish_surnames() -> list[str]:
    stems, endings = lists.FINNISH_STEMS.split(), lists.FINNISH_ENDINGS.split()
    plain = [
        stem + ending
        for stem, ending in product(stems, endings)
        if not stem.lower().endswith(ending) and not (stem.endswith("s") and ending in lists.SUFFIXES.split())
    ]
    Random(1).shuffle(plain)  # noqa: S311 — a fixed order, no secret
    prefixed = [
        f"{prefix}-{stem}{ending}"
        for prefix, stem, ending in product(("Ala", "Ylä", "Iso", "Uusi"), stems, endings)
        if ending not in lists.SUFFIXES.split() and not stem.lower().endswith(ending)
    ]
    Random(2).shuffle(prefixed)  # noqa: S311
    # Prefixes are rare: too many of them would crowd the tail.
    return _distinct(lists.FINNISH_SURNAMES.split() + plain + prefixed[:4000])


def _swedish_surnames() -> list[str]:
    composed = [
        stem + ending
        for ending, stem in product(lists.SWEDISH_ENDINGS.split(), lists.SWEDISH_STEMS.split())
        if stem.lower() != ending and not stem.endswith(("s", ending[0]))
    ]
    noble = [f"{particle} {stem}" for stem in lists.NOBLE_STEMS.split() for particle in ("von", "af")]
    return _distinct(lists.SWEDISH_SURNAMES.split() + composed[:200] + noble + composed[200:])


def _doubled(language: str, names: list[str]) -> list[str]:
    """Rare surnames of two parts: a father's and a grandfather's name, or two families' names."""
    if language == "as":
        return []
    joint = " " if language == "ar" else "-"
    return [f"{first}{joint}{second}" for first, second in product(names[:25], names[:25]) if first != second]


def _russian(names: list[str]) -> list[tuple[str, str]]:
    """Russian surnames: Ivanov for a man, Ivanova for a woman."""
    forms = []
    for name in names:
        stem = name.replace("[j]", "j")
        man = stem if stem.endswith(("ov", "ev", "in")) else stem + ("ev" if stem.endswith("j") else "ov")
        forms.append((man, man + "a"))
    return forms + _same([name.split("[")[0].removesuffix("j") + "enko" for name in names])


def _same(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _distinct(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))
