"""Errors of customers' registers, as SQL expressions: what people, keyboards and conversions do to data.

Written from how registers go wrong, not from what the matcher mends: it imports nothing of the matcher. The
rates are planning values; no published error rates of Finnish customer registers are known.
"""

from matching.draws import Draws

# Share of rows with the error; those of a field hold for rows where the field is filled.
RATES = {
    "hetu mistyped": 0.012,
    "hetu untidy": 0.01,
    "surname mistyped": 0.012,
    "given names mistyped": 0.012,
    "names swapped": 0.01,
    "letters damaged": 0.02,
    "capitals": 0.02,
    "one given name": 0.25,
    "initials": 0.04,
    "hyphen lost": 0.1,
    "birth date missing": 0.01,
    "day and month swapped": 0.005,
    "birth date mistyped": 0.005,
    "address missing": 0.03,
    "street mistyped": 0.015,
}

LETTERS = "abdefghijklmnoprstuvyäö"
DIGITS = "0123456789"


class Errors:
    """SQL expressions of one register's errors; `key` is the SQL number of a row."""

    def __init__(self, draws: Draws, key: str) -> None:
        self.draws, self.key = draws, key

    def happens(self, error: str) -> str:
        return self.draws.chance(error, self.key, RATES[error])

    def mistyped(self, text: str, error: str, keys: str = LETTERS) -> str:
        """`text` with one key wrong, missing, doubled or in the other order, at the rate of `error`."""
        at = f"(1 + {self.draws.integer(error + ' at', self.key, f'greatest(length({text}), 1)')})"
        wrong = self.draws.one_of(error + " key", self.key, keys)
        ways = (
            f"left({text}, {at} - 1) || {wrong} || substr({text}, {at} + 1)",
            f"left({text}, {at} - 1) || substr({text}, {at} + 1)",
            f"left({text}, {at}) || substr({text}, {at})",
            f"left({text}, {at} - 1) || substr({text}, {at} + 1, 1) || substr({text}, {at}, 1)"
            f" || substr({text}, {at} + 2)",
        )
        way = self.draws.integer(error + " way", self.key, len(ways))
        cases = " ".join(f"WHEN {number} THEN {sql}" for number, sql in enumerate(ways))
        return f"if({self.happens(error)}, CASE {way} {cases} END, {text})"

    def hetu(self, code: str) -> str:
        """Untidy codes are the same code: lower case, spaces around, a dash from a word processor."""
        way = self.draws.integer("hetu untidy way", self.key, 3)
        spaced, dashed = f"' ' || {code} || '  '", f"replace({code}, '-', '–')"
        untidy = f"CASE {way} WHEN 0 THEN lower({code}) WHEN 1 THEN {spaced} ELSE {dashed} END"
        return f"if({self.happens('hetu untidy')}, {untidy}, {self.mistyped(code, 'hetu mistyped', DIGITS)})"

    def damaged(self, text: str) -> str:
        """Letters that a wrong encoding broke, the same way in the whole row."""
        way = self.draws.integer("letters damaged way", self.key, 4)
        broken = {"ä": "Ã¤", "ö": "Ã¶", "å": "Ã¥", "Ä": "Ã„", "Ö": "Ã–", "Å": "Ã…", "é": "Ã©"}
        twice = text
        for letter, pair in broken.items():
            twice = f"replace({twice}, '{letter}', '{pair}')"
        letters = "".join(broken)
        ways = (
            twice,
            f"translate({text}, '{letters}', '{'?' * len(letters)}')",
            f"translate({text}, '{letters}', '{'�' * len(letters)}')",
            f"translate({text}, '{letters}', 'aoaAOAe')",
        )
        cases = " ".join(f"WHEN {number} THEN {sql}" for number, sql in enumerate(ways))
        return f"if({self.happens('letters damaged')}, CASE {way} {cases} END, {text})"

    def written(self, text: str) -> str:
        """What happens to a whole row: its letters are damaged, or all its names are in capitals."""
        return f"if({self.happens('capitals')}, upper({self.damaged(text)}), {self.damaged(text)})"

    def surname(self, name: str) -> str:
        lost = f"if({self.happens('hyphen lost')}, replace({name}, '-', ' '), {name})"
        return self.mistyped(lost, "surname mistyped")

    def given_names(self, names: str) -> str:
        """The first name alone, or the later ones as initials, and mistyped ones."""
        first = f"split_part({names}, ' ', 1)"
        initials = f"concat_ws(' ', {first}, left(nullif(split_part({names}, ' ', 2), ''), 1))"
        later = f"if({self.happens('initials')}, {initials}, {names})"
        short = f"if({self.happens('one given name')}, {first}, {later})"
        return self.mistyped(short, "given names mistyped")

    def birth_date(self, day: str) -> str:
        """DD.MM.YYYY; day and month are swapped only where both could be a month, so that it stays a date."""
        swapped = f"if(day({day}) <= 12, strftime({day}, '%m.%d.%Y'), strftime({day}, '%d.%m.%Y'))"
        text = f"if({self.happens('day and month swapped')}, {swapped}, strftime({day}, '%d.%m.%Y'))"
        mistyped = self.mistyped(text, "birth date mistyped", DIGITS)
        return f"if({self.happens('birth date missing')}, NULL, {mistyped})"

    def address(self, text: str) -> str:
        """The same rows lack the whole address."""
        return f"if({self.happens('address missing')}, NULL, {text})"
