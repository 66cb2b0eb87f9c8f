"""Errors of customers' registers, as SQL expressions: what people, keyboards and conversions do to data.

Written from how registers go wrong, not from what the matcher mends: it imports nothing of the matcher. The
rates are planning values; no published error rates of Finnish customer registers are known.
"""

from collections.abc import Sequence

from matching.synth.draws import Draws

# Share of rows with the error; those of a field hold for rows where the field is filled.
RATES = {
    "hetu mistyped": 0.012,
    "hetu untidy": 0.01,
    "surname mistyped": 0.012,
    "given_names mistyped": 0.012,
    "names swapped": 0.01,
    "letters damaged": 0.02,
    "capitals": 0.02,
    "one given name": 0.25,
    "initials": 0.04,
    "hyphen lost": 0.1,
    "birth date missing": 0.01,
    "day and month swapped": 0.005,
    "birth_date mistyped": 0.005,
    "address missing": 0.03,
    "street mistyped": 0.015,
}

LETTERS = "abdefghijklmnoprstuvyäö"
DIGITS = "0123456789"
# What UTF-8 looks like when it is read as Windows-1252.
BROKEN = {"ä": "Ã¤", "ö": "Ã¶", "å": "Ã¥", "Ä": "Ã„", "Ö": "Ã–", "Å": "Ã…", "é": "Ã©"}


def with_errors(draws: Draws, source: str, key: str) -> str:
    """SQL: the rows of `source`, a SELECT of a register's columns, with errors; `key` numbers its rows.

    Errors come in stages, as in life: written short, mistyped, broken by a conversion, put in a wrong column.
    """
    errors = _Errors(draws, key)
    for stage in (errors.shortened(), errors.all_mistyped(), errors.all_broken(), errors.misplaced()):
        replaced = ", ".join(f"{sql} AS {column}" for column, sql in stage.items())
        source = f"SELECT * REPLACE ({replaced}) FROM ({source})"
    return source


class _Errors:
    """Each stage gives SQL by column, over the column of the stage before."""

    def __init__(self, draws: Draws, key: str) -> None:
        self.draws, self.key = draws, key

    def shortened(self) -> dict[str, str]:
        """The first given name alone or later ones as initials, a hyphen lost, a date as DD.MM.YYYY."""
        initials = "left(nullif(split_part(given_names, ' ', 2), ''), 1)"
        first = "split_part(given_names, ' ', 1)"
        # Swapped only where both numbers could be a month, so that it stays a date.
        wrong = f"{self._happens('day and month swapped')} AND day(birth_date) <= 12"
        return {
            "surname": f"if({self._happens('hyphen lost')}, replace(surname, '-', ' '), surname)",
            "given_names": f"CASE WHEN {self._happens('one given name')} THEN {first}"
            f" WHEN {self._happens('initials')} THEN concat_ws(' ', {first}, {initials})"
            " ELSE given_names END",
            "birth_date": f"if({wrong}, strftime(birth_date, '%m.%d.%Y'), strftime(birth_date, '%d.%m.%Y'))",
        }

    def all_mistyped(self) -> dict[str, str]:
        """One wrong key; a code may also be untidy and yet the same."""
        way = self.draws.integer("hetu untidy way", self.key, 3)
        untidy = f"[lower(hetu), ' ' || hetu || '  ', replace(hetu, '-', '–')][1 + {way}]"
        return {
            "hetu": f"if({self._happens('hetu untidy')}, {untidy}, {self._mistyped('hetu', DIGITS)})",
            "surname": self._mistyped("surname", LETTERS),
            "given_names": self._mistyped("given_names", LETTERS),
            "birth_date": self._mistyped("birth_date", DIGITS),
            "street": self._mistyped("street", LETTERS),
        }

    def all_broken(self) -> dict[str, str]:
        """Letters that a wrong encoding broke, the same way in the whole row."""
        return {
            column: self._broken(column) for column in ("surname", "given_names", "street", "post_office")
        }

    def misplaced(self) -> dict[str, str]:
        """Names in capitals or in each other's column; cells that are empty."""
        capitals, swapped = self._happens("capitals"), self._happens("names swapped")
        no_address, no_date = self._happens("address missing"), self._happens("birth date missing")
        emptied = {
            column: f"if({no_address}, NULL, {column})" for column in ("street", "postal_code", "post_office")
        }
        return emptied | {
            "surname": _upper_if(capitals, f"if({swapped}, given_names, surname)"),
            "given_names": _upper_if(capitals, f"if({swapped}, surname, given_names)"),
            "birth_date": f"if({no_date}, NULL, birth_date)",
        }

    def _happens(self, error: str) -> str:
        return self.draws.chance(error, self.key, RATES[error])

    def _mistyped(self, column: str, keys: str) -> str:
        """A key that is wrong, missing, doubled or in the other order."""
        error = f"{column} mistyped"
        at = f"(1 + {self.draws.integer(f'{error} at', self.key, f'greatest(length({column}), 1)')})"
        before, here = f"left({column}, {at} - 1)", f"substr({column}, {at}, 1)"
        after = f"substr({column}, {at} + 1)"
        ways = (
            f"{before} || {self.draws.one_of(f'{error} key', self.key, keys)} || {after}",
            f"{before} || {after}",
            f"{before} || {here} || {here} || {after}",
            f"{before} || left({after}, 1) || {here} || substr({after}, 2)",
        )
        way = self.draws.integer(f"{error} way", self.key, len(ways))
        return f"CASE WHEN {self._happens(error)} THEN {_chosen(way, ways)} ELSE {column} END"

    def _broken(self, column: str) -> str:
        twice = column
        for letter, pair in BROKEN.items():
            twice = f"replace({twice}, '{letter}', '{pair}')"
        letters = "".join(BROKEN)
        ways = (
            twice,
            f"translate({column}, '{letters}', '{'?' * len(letters)}')",
            f"translate({column}, '{letters}', '{'�' * len(letters)}')",
            f"translate({column}, '{letters}', 'aoaAOAe')",
        )
        way = self.draws.integer("letters damaged way", self.key, len(ways))
        return f"CASE WHEN {self._happens('letters damaged')} THEN {_chosen(way, ways)} ELSE {column} END"


def _chosen(way: str, ways: Sequence[str]) -> str:
    return f"CASE {way} " + " ".join(f"WHEN {number} THEN {sql}" for number, sql in enumerate(ways)) + " END"


def _upper_if(condition: str, text: str) -> str:
    return f"if({condition}, upper({text}), {text})"
