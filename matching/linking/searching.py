"""Search persons by other data than a code: stages of SQL, strict first; a row found early costs no more.

repaired  a code with one error, which mended is a person's whose name and birth date agree
ladder    name, birth date and a home agree, and nobody else has that name and date
near_pair what is still open, with every person who shares a strict search key; scored
far_pair  what that has not settled beyond doubt, by all other keys too
searched  the best person, if over the threshold and clear of the next; else doubtful or nobody

Tables in: `sent`, `judged` (matching.linking.persons), and those that matching.store.traits describes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from matching import normalise
from matching.fields import INPUT_NAMES
from matching.linking import repair
from matching.linking.spelling import spelt, words
from matching.store import traits
from matching.weighing.comparisons import HOME, PERSON
from matching.weighing.model import Model
from matching.weighing.relatives import held_back
from matching.weighing.scoring import ADJUSTED, level_names, scored

# Names written in each other's columns: about one row of a hundred.
SWAPPED_BITS, EITHER_BITS = -6.6, -1.0
HOMES = ("flat", "house", "former house", "postal code")  # of `HOME`: enough beside name and birth date
MOST_CANDIDATES = 10
SURE = 0.999  # A finer figure would tell whether a withheld home is the one that was sent.


@dataclass(frozen=True)
class Searching:
    """What the stages depend on beside their tables. `day`: SQL of the day that dates are judged on."""

    day: str
    model: Model
    persons: int
    codes: bool = True  # some row has a sound code that is nobody's
    fields: Collection[str] = INPUT_NAMES  # that the register has: nothing is made of the others


def stages(searching: Searching) -> dict[str, str]:
    """Every stage by the name of its table, in order."""

    def score(pairs: str) -> str:
        return scored(searching.model, searching.persons, pairs, "sought", codes=searching.codes)

    return {
        "spelt": spelt(searching.day, searching.fields),
        "mended": repair.mended(),
        "repaired": repair.repaired(),
        "exact_key": exact_keys(),
        "alone": alone(),
        "ladder": ladder(),
        "sought": sought(),
        "heard": heard(),
        "wanted_key": wanted_keys(),
        "sought_key": sought_keys(),
        "near_pair": near_pairs(),
        "near_score": score("near_pair"),
        "near": candidates("near_score"),
        "sure": sure(searching.model),
        "far_pair": far_pairs(),
        "far_score": score("far_pair"),
        "candidate": candidates("near_score", "far_score"),
        "searched": searched(searching.model),
    }


def sought() -> str:
    """Stage: the rows that are still open, with the parts of their names, and how common they are.

    `variant` 1 has the names the other way round: surname and given names swapped, or a whole name that
    begins with the given names; `penalty`, in bits, is how much rarer that is.
    """
    part = "nullif(split_part(surname, ' ', {}), '')"
    long_part = "CASE WHEN length({0}) > 2 THEN {0} END"
    parts = ", ".join(f"{long_part.format(part.format(n))} AS part{n}" for n in (1, 2))
    shares = ", ".join(f"f{n}.share AS given{n}_share" for n in (1, 2, 3))
    joins = " ".join(
        f"LEFT JOIN frequency f{n} ON f{n}.kind = 'given' AND f{n}.word = w.given{n}" for n in (1, 2, 3)
    )
    rest = "former, born, dated, misdated, unit, house, door, area, street, post_office, sex, code"
    return f"""
        WITH open_row AS (
            SELECT * REPLACE (replace({normalise.fold("post_office")}, ' ', '') AS post_office),
                   {traits.street_of("line")} AS street
            FROM spelt s WHERE s.row NOT IN (SELECT row FROM repaired)
                AND s.row NOT IN (SELECT row FROM ladder)),
        varied AS (
            SELECT row, 0 AS variant,
                   CASE WHEN whole IS NULL OR surname_first THEN 0.0 ELSE {EITHER_BITS} END AS penalty,
                   surname, given, {rest} FROM open_row
            UNION ALL
            SELECT row, 1, CASE WHEN whole IS NULL THEN {SWAPPED_BITS} ELSE {EITHER_BITS} END,
                   CASE WHEN whole IS NULL THEN given ELSE regexp_extract(whole, '[^ ]+$') END,
                   CASE WHEN whole IS NULL THEN surname
                        ELSE nullif(regexp_replace(whole, ' ?[^ ]+$', ''), '') END, {rest}
            FROM open_row WHERE (whole IS NULL OR NOT surname_first) AND given IS NOT NULL),
        worded AS (
            SELECT * REPLACE (' ' || given || ' ' AS given), {parts}, {words("given")} FROM varied)
        SELECT w.*, f0.share AS surname_share, {shares}, least(f1.share, f2.share, f3.share) AS given_share
        FROM worded w LEFT JOIN frequency f0 ON f0.kind = 'surname' AND f0.word = w.surname {joins}"""


def heard() -> str:
    """Stage: how the names sound: known ones from the store, the others worked out."""
    return f"""
        WITH words AS (SELECT surname AS word FROM sought UNION SELECT given1 FROM sought)
        SELECT k.word, k.sound FROM sound k SEMI JOIN words w ON w.word = k.word
        UNION ALL
        SELECT w.word, {traits.sound("w.word")} FROM words w ANTI JOIN sound k ON k.word = w.word
        WHERE w.word IS NOT NULL"""


def listened() -> str:
    """`heard` without the store's words: faster where few are asked for."""
    return f"""
        SELECT word, {traits.sound("word")} AS sound
        FROM (SELECT surname AS word FROM sought UNION SELECT given1 FROM sought) WHERE word IS NOT NULL"""


def wanted_keys() -> str:
    """Stage: the search keys of each row and variant, all of them."""
    columns = traits.key_columns("surname", "surname_sound", "given", "given_sound", "house", "house")
    turned = "try_cast(strftime(born, '%Y-%d-%m') AS DATE)"
    return f"""
        SELECT row, variant, {columns}, {traits.number_of(turned, "surname_sound")} AS turned_surname,
               {traits.number_of(turned, "given_sound")} AS turned_given
        FROM (SELECT s.row, s.variant, s.born, s.surname, s.given1 AS given, s.house, s.door, s.area,
                     a.sound AS surname_sound, b.sound AS given_sound
              FROM sought s LEFT JOIN heard a ON a.word = s.surname LEFT JOIN heard b ON b.word = s.given1)"""


def sought_keys() -> str:
    """Stage: of those keys the ones to search by: without those that too many persons share."""
    kept = ", ".join(
        f"CASE WHEN {own} NOT IN (SELECT key FROM crowded WHERE kind = '{theirs}') THEN {own} END AS {own}"
        for own, theirs in PAIRED.items()
    )
    return f"SELECT row, variant, {kept} FROM wanted_key"


def crowds() -> str:
    """SQL: of each kind, in the order of `PAIRED`, how many rows have a key that too many persons share.

    Keys that nobody was to be searched by are not counted: wide ones, and those with the names the other
    way, of rows that are sure.
    """

    def left_out(own: str) -> str:
        asked = "NOT sure" if own in WIDE else "(w.variant = 0 OR NOT sure)"
        return f"CASE WHEN w.{own} IS NOT NULL AND k.{own} IS NULL AND {asked} THEN w.row END"

    counts = ", ".join(f"count(DISTINCT {left_out(own)})" for own in PAIRED)
    sure = "SELECT *, row IN (SELECT row FROM sure) AS sure FROM wanted_key"
    return f"SELECT {counts} FROM ({sure}) w JOIN sought_key k ON k.row = w.row AND k.variant = w.variant"


def exact_keys() -> str:
    """Stage: row, exact: the key of name and birth date, of the rows whose code is no sound one of nobody."""
    exact = traits.number_of("born", "surname", "given1")
    return f"SELECT row, {exact} AS exact FROM spelt WHERE NOT unknown"


def alone() -> str:
    """Stage: rows whose name and birth date are one person's alone: most, so only keys are read here."""
    return """
        SELECT s.row, min(x.pid) AS pid
        FROM exact_key s JOIN key x ON x.exact = s.exact
        ANTI JOIN repaired r ON r.row = s.row
        ANTI JOIN crowded c ON c.kind = 'exact' AND c.key = s.exact
        GROUP BY s.row HAVING count(DISTINCT x.pid) = 1"""


def ladder() -> str:
    """Stage: of those, the rows whose person has lived where the row says, and has its other names."""
    home = " OR ".join(f"coalesce({level.condition}, false)" for level in HOME.levels if level.name in HOMES)
    later = " AND ".join(f"(s.given{n} IS NULL OR contains(p.given, ' ' || s.given{n}))" for n in (2, 3))
    return f"""
        SELECT s.row, p.pid
        FROM alone a JOIN spelt s ON s.row = a.row JOIN trait p ON p.pid = a.pid
        WHERE coalesce(s.born = p.born, false)  -- not as a condition of the join: many share a date
            AND ({home}) AND {later} AND (s.sex IS NULL OR p.sex IS NULL OR s.sex = p.sex)"""


# Column of the row's keys → column of the persons' keys.
PAIRED = {
    **{kind: kind for kind in traits.KINDS if kind != "exact"},
    "turned_surname": "born_surname",
    "turned_given": "born_given",
}


NEAR = {own: theirs for own, theirs in PAIRED.items() if theirs not in traits.WIDE}
WIDE = {kind: kind for kind in traits.WIDE}
SURELY = 5.0  # bits over the upper threshold: a thirtieth of the doubt that it leaves


def pairs(kinds: Mapping[str, str], rows: str = "sought_key") -> str:
    """Stage: row, variant, pid of the open rows' pairs that share a key of these kinds."""
    # One plain join for each kind: an OR of equalities would compare every row with every person.
    found = " UNION ALL ".join(
        f"SELECT k.row, k.variant, x.pid FROM {rows} k JOIN key x ON x.{theirs} = k.{own}"
        for own, theirs in kinds.items()
    )
    return f"SELECT DISTINCT row, variant, pid FROM ({found})"


def near_pairs() -> str:
    """Stage: the pairs by strict keys, with the names as they are written."""
    return pairs(NEAR, "(SELECT * FROM sought_key WHERE variant = 0)")


def sure(model: Model) -> str:
    """Stage: rows whose person the strict keys have found beyond doubt: they are searched no further."""
    surely = replace(model, upper=model.upper + SURELY, gap=model.gap + SURELY)
    return f"SELECT row FROM near GROUP BY row HAVING {_clear(surely)}"


def far_pairs() -> str:
    """Stage: of the rows that are not sure, the pairs by wide keys, and by all with names the other way."""
    unsure = "(SELECT * FROM sought_key WHERE row NOT IN (SELECT row FROM sure){})"
    return f"""
        SELECT f.row, f.variant, f.pid
        FROM ({pairs(WIDE, unsure.format(""))} UNION {pairs(NEAR, unsure.format(" AND variant = 1"))}) f
        ANTI JOIN near_pair n ON n.row = f.row AND n.variant = f.variant AND n.pid = f.pid"""


def candidates(*scores: str) -> str:
    """Stage: the nearest persons of every row, `place` from 1; equal weights in the order of persons."""
    every = " UNION ALL ".join(f"SELECT * FROM {score}" for score in scores)
    return f"""
        SELECT *, row_number() OVER (PARTITION BY row ORDER BY weight DESC, pid) AS place
        FROM (SELECT * FROM ({every})
              QUALIFY row_number() OVER (PARTITION BY row, pid ORDER BY weight DESC, variant) = 1)
        QUALIFY place <= {MOST_CANDIDATES}"""


def doubtful(searched: bool) -> str:
    """SQL: the candidates of the ambiguous rows, and what their weight is made of (`doubts.explain`)."""
    levels = ", ".join(f"c.{comparison.name}" for comparison in PERSON)
    levels += ", c.penalty, " + ", ".join(f"c.{name}_share" for name in ADJUSTED)
    source = "candidate" if searched else f"({_NO_CANDIDATES})"
    return f"""
        SELECT c.row + 1 AS vtj_row, c.place, c.pid, p.person_id, c.weight, c.variant, {levels}
        FROM {source} c JOIN link l ON l.row = c.row AND l.result = 'ambiguous'
        JOIN subject p ON p.pid = c.pid ORDER BY c.row, c.place"""


_NO_CANDIDATES = (
    "SELECT 0::BIGINT AS row, 0::BIGINT AS place, 0 AS pid, 0::DOUBLE AS weight, 0 AS variant, "
    + ", ".join(f"0 AS {comparison.name}" for comparison in PERSON)
    + ", 0::DOUBLE AS penalty, "
    + ", ".join(f"0::DOUBLE AS {name}_share" for name in ADJUSTED)
    + " WHERE false"
)


def _clear(model: Model) -> str:
    """SQL over a row's ranked pairs: the best is over the threshold, clear of the next, and unopposed."""
    best = "max(weight) FILTER (place = 1)"
    runner_up = "max(weight) FILTER (place = 2)"
    opposed = " OR ".join(held_back(model))
    return (
        f"{best} >= {model.upper!r} AND coalesce({best} - {runner_up} >= {model.gap!r}, true)"
        f" AND NOT bool_or(({opposed}) AND place = 1)"
    )


def searched(model: Model) -> str:
    """Stage: row, result (`repaired`, `data`, `ambiguous` or `nobody`), confidence, rule, weight, pid."""
    names = ("surname", "given_names", "birth_date")
    # The home is left out: it would tell whether a withheld one is the one that was sent.
    pattern = "concat_ws(', ', " + ", ".join(_said(name) for name in names) + ")"
    odds = "sum(pow(2.0, least(weight, 60)))"
    return f"""
        WITH best AS (
            SELECT row, {_clear(model)} AS clear, max(weight) FILTER (place = 1) AS weight,
                   min(pid) FILTER (place = 1) AS pid, min({pattern}) FILTER (place = 1) AS pattern,
                   max(pow(2.0, least(weight, 60))) / (1 + {odds}) AS sure
            FROM candidate GROUP BY row)
        SELECT s.row,
               CASE WHEN r.row IS NOT NULL THEN 'repaired' WHEN b.clear OR l.row IS NOT NULL THEN 'data'
                    WHEN b.weight >= {model.lower!r} THEN 'ambiguous' ELSE 'nobody' END AS result,
               CASE WHEN l.row IS NOT NULL THEN {SURE}
                    WHEN b.weight >= {model.lower!r} THEN least({SURE}, floor(b.sure * 1000) / 1000) END
                    AS confidence,
               CASE WHEN r.row IS NOT NULL THEN 'repaired_code' WHEN l.row IS NOT NULL THEN 'name_date_home'
                    WHEN b.weight >= {model.lower!r} THEN b.pattern END AS rule,
               b.weight, coalesce(r.pid, l.pid, CASE WHEN b.clear THEN b.pid END) AS pid
        FROM spelt s
        LEFT JOIN repaired r ON r.row = s.row LEFT JOIN ladder l ON l.row = s.row
        LEFT JOIN best b ON b.row = s.row"""


def _said(comparison: str) -> str:
    """SQL: `comparison: level` of a pair."""
    levels: Sequence[str] = level_names(comparison)
    whens = " ".join(f"WHEN {place} THEN '{comparison}: {level}'" for place, level in enumerate(levels))
    return f"CASE {comparison} {whens} END"
