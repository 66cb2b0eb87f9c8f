"""Read a model that Splink 4 or 5 saved, where its comparisons exist here. Its SQL is parsed, never executed.

A level is ours where its condition is: an equality (`same`), a Jaro-Winkler similarity (`near`, `alike`), one
edit of a birth date (`one digit`), all others, or one of our own as `to_splink` writes them. Levels that the
file lacks keep the shipped figures, as do the thresholds and the frequencies of names.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp

from matching.errors import InputProblems, Problem
from matching.weighing.comparisons import NEAR, PERSON

COLUMNS = {
    "surname": ("surname", "last_name", "family_name"),
    "given_names": ("given_names", "given_name", "given", "given1", "first_name", "forename"),
    "birth_date": ("birth_date", "born", "dob", "date_of_birth"),
    "home": ("home", "unit", "unit_fi"),
    "sex": ("sex", "gender"),
    "code": ("code", "hetu", "personal_identity_code"),
}
EDITS = ("levenshtein", "damerau_levenshtein")
SIMILARITIES = ("jarowinkler_similarity",)  # sqlglot's name for both spellings
LEAST_ALIKE = 0.8


def chances_of(content: Mapping[str, Any]) -> dict[str, dict[str, tuple[float, float]]]:
    """Comparison → level → its m and u, of our levels that the file tells.

    Raises InputProblems with a reason for each level that does not exist here.
    """
    problems: list[Problem] = []
    chances: dict[str, dict[str, tuple[float, float]]] = {name: {} for name in COLUMNS}
    for comparison in content["comparisons"]:
        output = str(comparison["output_column_name"]).lower()
        name = next((ours for ours, columns in COLUMNS.items() if output in columns), None)
        for place, level in enumerate(comparison["comparison_levels"], start=1):
            if level.get("is_null_level"):
                continue
            ours = _levels(name, str(level["sql_condition"])) if name else []
            if name is None or not ours:
                problems.append(_unknown(output, place))
                continue
            found = _chances(level, len(ours))
            chances[name] |= dict.fromkeys(ours, found)
    if problems:
        raise InputProblems(problems)
    return chances


def _unknown(comparison: str, place: int) -> Problem:
    return Problem(
        "splink_level_unknown",
        f"level {place} of this Splink comparison does not exist here",
        params={"comparison": comparison, "level": place},
    )


def _chances(level: Mapping[str, Any], among: int) -> tuple[float, float]:
    """Raises ValueError, KeyError. Where one level of theirs is several of ours, each has its part."""
    m, u = float(level["m_probability"]), float(level["u_probability"])
    if not (0 < m <= 1 and 0 < u <= 1):
        raise ValueError
    return m / among, u / among


def _levels(name: str, condition: str) -> list[str]:
    """The levels of our comparison that a condition is; none for what does not exist here."""
    ours = next(comparison for comparison in PERSON if comparison.name == name)
    names = [level.name for level in ours.levels]
    if condition.strip().upper() == "ELSE":
        return [level for level in names if level.startswith("other")]
    try:
        tree = _parsed(condition)
        same = [level.name for level in ours.levels[:-1] if _parsed(sided(level.condition)) == tree]
    except sqlglot.errors.SqlglotError:
        return []
    found = same or list(_tested(name, tree))
    return [level for level in found if level in names]


def sided(condition: str) -> str:
    """SQL over `s` and `p` as Splink writes it: columns that end in _l and _r."""
    return re.sub(r"\bp\.(\w+)", r"\1_r", re.sub(r"\bs\.(\w+)", r"\1_l", condition))


def _parsed(condition: str) -> exp.Expression:
    return sqlglot.parse_one(condition, dialect="duckdb").transform(
        lambda node: node.this if isinstance(node, exp.Paren) else node
    )


def _tested(name: str, tree: exp.Expression) -> Iterator[str]:
    """The level that a condition on the two sides of one of our columns stands for."""
    sides = {column.name.lower() for column in tree.find_all(exp.Column)}
    if not any(sides == {f"{column}_l", f"{column}_r"} for column in COLUMNS[name]):
        return
    left, right = tree.args.get("this"), tree.args.get("expression")
    if isinstance(tree, exp.EQ) and isinstance(left, exp.Column) and isinstance(right, exp.Column):
        yield "same"
    elif isinstance(right, exp.Literal) and right.is_number and isinstance(left, exp.Func) and _plain(left):
        function, limit = _function(left), float(right.this)
        if isinstance(tree, exp.GTE) and function in SIMILARITIES and limit >= LEAST_ALIKE:
            yield "near" if limit >= NEAR - 0.02 else "alike"
        elif isinstance(tree, exp.LTE) and function in EDITS and limit == 1 and name == "birth_date":
            yield "one digit"


def _plain(call: exp.Func) -> bool:
    """A function of two columns and nothing else."""
    return len(list(call.find_all(exp.Column, exp.Func))) == 3


def _function(call: exp.Func) -> str:
    return str(call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower()
