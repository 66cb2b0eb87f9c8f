"""Which person each row of a register names: stages of SQL, each a function that returns its query.

Tables in: `sent` (matching.register.loading), `code` and `trait` (matching.store.prepare). Out: `judged`, and
`link`, one row for each row of the register. Rows that no code settles are searched for between them, by
matching.linking.searching.
"""

from dataclasses import dataclass
from datetime import date

from matching import identifiers, normalise

GIVEN = ("match_id", "match_id_changed", "match_id_repaired", "match_data", "match_review")

# Names agree where a word of one is nearly a word of the other (Jaro-Winkler on folded words, in bytes).
NEARLY = 0.85
SHORTEST = 3  # letters; shorter words must be the same

# A row without a code needs a name and one of these to be searched for.
SEARCHABLE = ("birth_date", "street", "postal_code", "municipality")


@dataclass(frozen=True)
class Linking:
    """What the stages depend on beside their tables."""

    on: date
    artificial: bool  # the store is of artificial persons: artificial codes may match
    coded: bool = True  # some row has a code

    @property
    def day(self) -> str:
        return f"DATE '{self.on.isoformat()}'"


def _blank(*fields: str) -> str:
    return " AND ".join(map(normalise.is_blank, fields))


def exact(linking: Linking) -> str:
    """Stage: rows whose code stands in the store letter for letter (most, in a clean register)."""
    return f"""
        SELECT s.row, k.pid, k.former, k.birth_date, {_same_surname()} AS same_surname
        FROM sent s JOIN code k ON k.code = s.hetu {_only_real(linking, "s.hetu")}"""


def normalised(linking: Linking) -> str:
    """Stage: the other rows that have a code, with the code normalised; NULL where it is blanks alone."""
    # No condition on the normalised code: it would be computed for every row before the join.
    return f"""
        SELECT s.row, nullif({identifiers.normalise_hetu_sql("s.hetu")}, '') AS code, s.surname
        FROM sent s ANTI JOIN exact e ON e.row = s.row WHERE s.hetu IS NOT NULL AND trim(s.hetu) <> ''"""


def normal_found(linking: Linking) -> str:
    """Stage: of those rows the ones whose normalised code is a present or a former one of a person."""
    return f"""
        SELECT s.row, k.pid, k.former, k.birth_date, {_same_surname()} AS same_surname
        FROM normalised s JOIN code k ON k.code = s.code {_only_real(linking, "s.code")}"""


FOUND = "(FROM exact UNION ALL FROM normal_found)"  # every row whose code is a person's


def _only_real(linking: Linking, code: str) -> str:
    """A code of the test range can't be a real person's (rule 4)."""
    return "" if linking.artificial else f"WHERE substr({code}, 8, 1) <> '9'"


def coded() -> str:
    """Query: whether some row has a code."""
    return f"SELECT count(*) > 0 FROM sent s WHERE NOT ({_blank('s.hetu')})"


def _same_surname() -> str:
    # The first branch settles nearly all rows: the others are not computed for them.
    folded = "coalesce(lower(s.surname) = lower(k.surname), false)"
    return f"CASE WHEN s.surname = k.surname THEN true ELSE {folded} END"


STRANGE = f"{FOUND} WHERE NOT same_surname"  # those whose names have to be compared
# Of the stages that read `trait`, the rows whose persons and the columns that they read.
PERSONS = {"known_words": (STRANGE, ("pid", "surname", "formers", "given", "called", "former_given"))}


def row_words() -> str:
    """Stage: the words of the names in the rows that the surname alone has not confirmed."""
    names = normalise.fold("concat_ws(' ', s.surname, s.given_names, s.name, s.former_surname)")
    noise = ", ".join(f"'{word}'" for word in normalise.NAME_NOISE)
    return f"""
        SELECT row, pid, word, length(word) AS letters
        FROM (SELECT f.row, f.pid, unnest(string_split({names}, ' ')) AS word
              FROM {FOUND} f JOIN sent s ON s.row = f.row WHERE NOT f.same_surname)
        WHERE word <> '' AND word NOT IN ({noise})"""


def known_words() -> str:
    """Stage: the words of every present and former name of the persons of those rows."""
    names = "concat_ws(' ', t.surname, translate(t.formers, '|', ' '), t.given, t.called, t.former_given)"
    return f"""
        SELECT DISTINCT pid, word FROM (
            SELECT t.pid, unnest(string_split({names}, ' ')) AS word
            FROM trait t SEMI JOIN (SELECT pid FROM {STRANGE}) f ON f.pid = t.pid)
        WHERE word <> ''"""


def compared() -> str:
    """Stage: row, whether a word of its names agrees with one of the person's.

    Given name and surname may be swapped and in any order. An initial agrees with a name that begins with
    it, but only in a row that has no whole word: beside a surname that contradicts, it proves nothing.
    """
    alike = f"""CASE WHEN r.word = k.word THEN true
                     WHEN r.letters >= {SHORTEST} AND length(k.word) >= {SHORTEST}
                     THEN jaro_winkler_similarity(r.word, k.word) >= {NEARLY} ELSE false END"""
    return f"""
        SELECT r.row,
               coalesce(bool_or(r.letters > 1 AND {alike}), false)
               OR (max(r.letters) = 1 AND coalesce(bool_or(starts_with(k.word, r.word)), false)) AS agrees
        FROM row_words r LEFT JOIN known_words k ON k.pid = r.pid
        GROUP BY r.row"""


def confirmed(linking: Linking) -> str:
    """Stage: of each found row, what in it contradicts the person: `name`, `birth_date` or nothing."""
    century = "CASE WHEN f.birth_date < DATE '1900-01-01' THEN '18' WHEN f.birth_date < DATE '2000-01-01'"
    born = normalise.read_date("s.birth_date", linking.day, f"{century} THEN '19' ELSE '20' END")
    return f"""
        SELECT f.row, f.pid, f.former,
               CASE WHEN f.same_surname OR c.agrees THEN NULL
                    WHEN c.row IS NOT NULL THEN 'name'
                    WHEN {born} <> f.birth_date THEN 'birth_date' END AS contradiction
        FROM {FOUND} f JOIN sent s ON s.row = f.row LEFT JOIN compared c ON c.row = f.row"""


def judged(linking: Linking) -> str:
    """Stage: each row, whom its code names, what is wrong with it, and whether other data can be searched.

    `unknown`: the code is sound, and nobody's in the store. `dated`: the code holds a birth date to go by.
    """
    problem = identifiers.hetu_problem_sql("n.code", linking.day)
    artificial = "false" if linking.artificial else f"({problem}) IS NULL AND substr(n.code, 8, 1) = '9'"
    nameless = _blank("s.surname", "s.given_names", "s.name")
    too_little = f"({nameless}) OR ({_blank(*(f's.{field}' for field in SEARCHABLE))})"
    confirmed, codes = ("confirmed", "normalised") if linking.coded else _NO_CODES
    return f"""
        WITH faults AS (
            SELECT s.row, c.pid, c.former, c.contradiction, c.row IS NOT NULL AS known, n.code,
                   CASE WHEN c.row IS NULL THEN {too_little} END AS too_little,
                   CASE WHEN c.row IS NOT NULL THEN NULL
                        WHEN n.code IS NULL THEN 'no code'
                        WHEN {artificial} THEN 'artificial'
                        ELSE coalesce({problem}, 'unknown') END AS fault
            FROM sent s LEFT JOIN {confirmed} c ON c.row = s.row LEFT JOIN {codes} n ON n.row = s.row)
        SELECT *, NOT known AND fault <> 'artificial' AND NOT too_little AS searchable,
               coalesce(fault = 'unknown', false) AS unknown,
               coalesce(fault IN ('unknown', 'check', 'number'), false) AS dated
        FROM faults"""


def link(searched: bool) -> str:
    """Stage: the result of every row, in the order of docs/contract.md, "What decides".

    `searched`: some row was searched for by other data than a code (matching.linking.searching).
    """
    found = "searched" if searched else f"({NOTHING_SEARCHED})"
    return f"""
        SELECT j.row,
               CASE WHEN known AND contradiction IS NOT NULL THEN 'conflict'
                    WHEN known AND former THEN 'match_id_changed'
                    WHEN known THEN 'match_id'
                    WHEN d.result = 'repaired' THEN 'match_id_repaired'
                    WHEN d.result = 'data' THEN 'match_data'
                    WHEN d.result = 'ambiguous' THEN 'ambiguous'
                    WHEN fault = 'no code' AND (too_little OR d.row IS NULL) THEN 'insufficient_data'
                    WHEN fault = 'artificial' THEN 'artificial_id'
                    WHEN fault IN ('unknown', 'no code') THEN 'not_found'
                    ELSE 'invalid_id' END AS result,
               d.confidence,
               CASE WHEN known AND contradiction IS NOT NULL THEN contradiction
                    WHEN known AND former THEN 'former_code'
                    WHEN known THEN 'code'
                    WHEN d.rule IS NOT NULL THEN d.rule
                    WHEN fault IN ('no code', 'artificial', 'unknown') THEN NULL
                    ELSE 'invalid_' || fault END AS rule,
               CASE WHEN known THEN j.pid ELSE d.pid END AS pid, d.weight
        FROM judged j LEFT JOIN {found} d ON d.row = j.row"""


NOTHING_SEARCHED = """SELECT NULL::BIGINT AS row, NULL::VARCHAR AS result, NULL::DOUBLE AS confidence,
    NULL::VARCHAR AS rule, NULL::DOUBLE AS weight, NULL::INTEGER AS pid WHERE false"""


_NO_CODES = (
    "(SELECT 0::BIGINT AS row, 0 AS pid, false AS former, '' AS contradiction WHERE false)",
    "(SELECT 0::BIGINT AS row, '' AS code WHERE false)",
)


def stages(linking: Linking) -> dict[str, str]:
    """The stages that look at codes, by the name of their tables, in order."""
    if not linking.coded:
        return {"judged": judged(linking)}
    return {
        "exact": exact(linking),
        "normalised": normalised(linking),
        "normal_found": normal_found(linking),
        "row_words": row_words(),
        "known_words": known_words(),
        "compared": compared(),
        "confirmed": confirmed(linking),
        "judged": judged(linking),
    }
