"""Codes that are none and one slip of a keyboard explains: stages of SQL that mend them.

Tables in: `spelt` (matching.linking.searching), `code` and `trait` of the store.
"""

from matching import identifiers

CHECKS = identifiers.CHECK_CHARACTERS

# What a digit's place in a code counts in the number that its check character is made of.
_POWER = "[100000000, 10000000, 1000000, 100000, 10000, 1000, 0, 100, 10, 1][place]"


def mended() -> str:
    """Stage: row, pid: each person whose code, present or former, one edit of the row's code makes.

    An edit is one character changed, left out or put in, or two neighbours exchanged: what a keyboard does.
    """
    before, after = "left(written, place - 1)", "substr(written, place + {})"
    changed = f"{before} || '0' || {after.format(1)}"
    return f"""
        WITH broken AS (
            SELECT row, written, {_number("written")} AS number,
                   strpos('{CHECKS}', substr(written, 11, 1)) - 1 AS mark
            FROM spelt WHERE code IS NULL AND length(written) BETWEEN 10 AND 12),
        digit AS (  -- a digit is changed in the number, not in the text: of all edits these are the most
            SELECT row, written, place, mark, {_number(changed)} AS rest  -- with a nought in the place
            FROM broken, range(1, 11) t(place) WHERE length(written) = 11 AND place <> 7),
        right_check AS (
            SELECT row, {before} || letter || {after.format(1)} AS code
            FROM digit, range(10) t(letter) WHERE (rest + letter * {_POWER}) % 31 = mark
            UNION ALL
            SELECT row, left(written, 10) || substr('{CHECKS}', number % 31 + 1, 1)
            FROM broken WHERE length(written) = 11
            UNION ALL
            SELECT row, left(written, 6) || sign || substr(written, 8)
            FROM broken, (SELECT unnest({list(identifiers.CENTURIES)}) AS sign)
            WHERE length(written) = 11 AND number % 31 = mark),
        edited AS ({_edited()})
        SELECT DISTINCT m.row, k.pid
        FROM (FROM right_check UNION ALL
              FROM edited WHERE substr(code, 11, 1) = substr('{CHECKS}', {_number("code")} % 31 + 1, 1)) m
        JOIN code k ON k.code = m.code"""


def _edited() -> str:
    """SQL over `broken`: the codes that other edits make, few of which have a right check character."""
    before, after = "left(written, place - 1)", "substr(written, place + {})"
    return f"""
            SELECT row, {before} || letter || {after.format(0)} AS code
            FROM broken, (SELECT place, unnest(string_split({_letters("place")}, '')) AS letter
                          FROM range(1, 12) t(place))
            WHERE length(written) = 10
            UNION ALL
            SELECT row, {before} || {after.format(1)}
            FROM broken, range(1, 13) t(place) WHERE length(written) = 12
            UNION ALL
            SELECT row, {before} || substr(written, place + 1, 1) || substr(written, place, 1)
                        || {after.format(2)}
            FROM broken, range(1, 11) t(place) WHERE length(written) = 11"""


def _number(code: str) -> str:
    """SQL: the number that a code's check character is made of, NULL where it has something else in it."""
    return f"try_cast(substr({code}, 1, 6) || substr({code}, 8, 3) AS INTEGER)"


def _letters(place: str) -> str:
    """SQL: the characters that a code may have in a place."""
    signs = "".join(identifiers.CENTURIES)
    return f"CASE {place} WHEN 7 THEN '{signs}' WHEN 11 THEN '{CHECKS}' ELSE '0123456789' END"


def repaired() -> str:
    """Stage: rows whose mended code is one person's whose name and birth date agree with the row."""
    surname = "s.surname = p.surname OR contains(p.formers, '|' || s.surname || '|')"
    near = "jaro_winkler_similarity(s.surname, p.surname) >= 0.85"
    given = "contains(p.given, ' ' || s.given1 || ' ')"
    return f"""
        SELECT m.row, min(m.pid) AS pid
        FROM mended m JOIN spelt s ON s.row = m.row JOIN trait p ON p.pid = m.pid
        WHERE s.born = p.born AND ({surname} OR {near} OR {given})
        GROUP BY m.row HAVING count(*) = 1"""
