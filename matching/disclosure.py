"""What a delivery says of the persons found: named fields only, judged by the turvakielto (rules 11–14).

Tables in: `register`, `sent`, `link`, `subject`, `address`, and `protected_later` where protection is judged
against a second version too. Out: `answer` and `difference`, one row for each row of the register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matching import normalise, prepare
from matching.fields import OutputField, output_field
from matching.identifiers import normalise_hetu_sql
from matching.linking import GIVEN

DATES = ("birth_date", "death_date", "municipality_since", "moved_on")

# Fields that the register can hold too.
COMPARABLE = (
    *("hetu", "surname", "given_names", "sex", "birth_date", "municipality", "street", "postal_code"),
    "post_office",
)
BILINGUAL = ("street", "post_office")


@dataclass(frozen=True)
class Disclosure:
    """What may be given, and on which day it is judged."""

    fields: tuple[OutputField, ...]
    on: date
    entitled: bool  # to the data of persons under a turvakielto
    columns: Mapping[str, int]  # of the register: field → index
    strayed: bool = False  # table `located` has the addresses of those that `subject` has for another day
    later: bool = False  # table `protected_later` is there

    @property
    def day(self) -> str:
        return f"DATE '{self.on.isoformat()}'"


def chosen_fields(names: Sequence[str], subject: str = "person") -> tuple[OutputField, ...]:
    """The fields of these names. Raises KeyError."""
    return tuple(output_field(name, subject) for name in names)


def strayed(day: str) -> str:
    """Stage: persons given whose prepared address is not that of `day`."""
    return f"""
        SELECT DISTINCT s.pid, s.person_id FROM subject s SEMI JOIN link l ON l.pid = s.pid
        WHERE {day} < s.holds_from OR {day} > s.holds_until"""


def located(day: str) -> dict[str, str]:
    """Stages: the addresses of the strayed on `day`, from the address table itself."""
    return {
        "dated": prepare.addresses("address", "strayed"),
        "chosen": prepare.chosen_addresses("dated", day),
        "located": prepare.address_values("dated", "chosen"),
    }


def answer(disclosure: Disclosure) -> str:
    """Stage: each row's result and, where a person is given, who, and the values to give (v0…).

    `v0_other` is the value in the other language, where there is one. In the order of the register, so that
    the output needs no sort of its own.
    """
    source = "subject" if not disclosure.strayed else f"({_with_located()})"
    later = "LEFT JOIN protected_later p ON p.person_id = s.person_id" if disclosure.later else ""
    values = []
    for index, field in enumerate(disclosure.fields):
        values.append(f", {_given(disclosure, field, field.name)} AS v{index}")
        if field.name in BILINGUAL:
            values.append(f", {_given(disclosure, field, f'{field.name}_other')} AS v{index}_other")
    return f"""
        WITH judged AS (
            SELECT l.row, l.result, l.confidence, l.rule, s.*, {_protected(disclosure)} AS shielded
            FROM ({given()}) l LEFT JOIN {source} s ON s.pid = l.given_pid {later})
        SELECT s.row, s.result, s.confidence, s.rule, s.person_id, s.hetu, s.shielded{"".join(values)}
        FROM judged s ORDER BY s.row"""


def difference(disclosure: Disclosure, parts: Sequence[tuple[int, int]]) -> str:
    """Stage: for each row the names of the given fields that differ from what was sent, `;` between.

    What is not given is no difference, be it withheld or unknown to the store: else an empty value would
    tell the one from the other (rule 13). The parts (first and last row) are worked on at the same time.
    """
    names = [
        f"CASE WHEN {_differs(field.name, f'v{index}', disclosure.day)} THEN '{field.name}' END"
        for index, field in enumerate(disclosure.fields)
        if field.name in COMPARABLE and field.name in disclosure.columns
    ]
    changed = f"nullif(concat_ws(';', {', '.join(names)}), '')" if names else "CAST(NULL AS VARCHAR)"
    compared = (
        f"SELECT a.row, {changed} AS changed"
        f" FROM {beside(_rows('sent', first, last) + ' r', _rows('answer', first, last) + ' a')}"
        for first, last in parts
    )
    return f"{' UNION ALL '.join(compared)} ORDER BY row"


def _rows(table: str, first: int, last: int) -> str:
    """The rows `first` to `last` of a table."""
    place = "rowid" if table == "register" else "row"
    return f"(SELECT * FROM {table} WHERE {place} BETWEEN {first} AND {last})"


def given() -> str:
    """Stage: the links, with the person only where the result lets data be given."""
    results = ", ".join(f"'{result}'" for result in GIVEN)
    pid = f"CASE WHEN result IN ({results}) THEN pid END"
    return f"SELECT row, result, confidence, rule, {pid} AS given_pid FROM link"


def beside(left: str, right: str) -> str:
    """Two tables of the same rows in the same order, side by side.

    This is DuckDB's own, and far cheaper than a join and a sort; elsewhere: JOIN on the row's number.
    """
    return f"{left} POSITIONAL JOIN {right}"


def _with_located() -> str:
    """`subject` with the addresses of another day in the place of the prepared ones."""
    names = ", ".join(
        f"CASE WHEN x.pid IS NULL THEN t.{name} ELSE x.{name} END AS {name}"
        for name in prepare.ADDRESS_VALUES
    )
    rest = ", ".join(prepare.ADDRESS_VALUES)
    return f"SELECT t.* EXCLUDE ({rest}), {names} FROM subject t LEFT JOIN located x ON x.pid = t.pid"


def _protected(disclosure: Disclosure) -> str:
    now = f"coalesce(s.protected_until >= {disclosure.day}, false)"
    return f"({now} OR p.person_id IS NOT NULL)" if disclosure.later else now


def _withheld(disclosure: Disclosure, field: OutputField) -> bool:
    return field.protected and not disclosure.entitled


def _given(disclosure: Disclosure, field: OutputField, column: str) -> str:
    value = f"CAST(s.{column} AS VARCHAR)" if field.name in DATES else f"s.{column}"
    if field.name == "protected":
        value = "CASE WHEN s.person_id IS NULL THEN NULL WHEN s.shielded THEN '1' ELSE '0' END"
    # Rule 13: what is withheld is as what is not known.
    known = f"nullif({value}, '')"
    return f"CASE WHEN NOT s.shielded THEN {known} END" if _withheld(disclosure, field) else known


def _differs(name: str, value: str, day: str) -> str:
    """SQL: what was sent is another value, not another form of the same one."""
    sent, known = f"r.{name}", f"a.{value}"
    if name == "birth_date":
        born = f"CAST({known} AS DATE)"
        differs = f"{normalise.read_date(sent, day, f'substr({known}, 1, 2)')} IS DISTINCT FROM {born}"
        shortcut = f"{sent} IN ({_finnish_date(known)}, {known})"
    else:
        differs = f"NOT coalesce({_same(name, sent, known)}, false)"
        shortcut = f"{sent} IN ({known}, {known}_other)" if name in BILINGUAL else f"{sent} = {known}"
    # The first branches settle nearly all rows; the forms are not computed for them.
    return f"CASE WHEN {shortcut} THEN false WHEN {known} IS NULL THEN false ELSE {differs} END"


def _finnish_date(iso: str) -> str:
    """SQL: DD.MM.YYYY of a text YYYY-MM-DD."""
    return f"concat(substr({iso}, 9, 2), '.', substr({iso}, 6, 2), '.', substr({iso}, 1, 4))"


def _same(name: str, sent: str, known: str) -> str:
    if name == "municipality":
        return _same_municipality(sent, known)
    forms = {
        "hetu": normalise_hetu_sql,
        "sex": normalise.sex_code,
        "street": normalise.same_street,
        "postal_code": normalise.same_postal_code,
    }
    form = forms.get(name, normalise.same_text)
    # A street or a post office is right in either language.
    known_forms = [known, f"{known}_other"] if name in BILINGUAL else [known]
    return f"{form(sent)} IN ({', '.join(form(value) for value in known_forms)})"


def _same_municipality(sent: str, known: str) -> str:
    """The number, with or without its leading zeros, or the name in either language."""
    names = "SELECT 1 FROM municipality m WHERE m.code = " + known
    return (
        f"(length(trim({sent})) <= 3 AND lpad(trim({sent}), 3, '0') = {known}) OR EXISTS ({names}"
        f" AND lower(trim({sent})) IN (lower(m.name_fi), lower(m.name_sv)))"
    )


def row_values(disclosure: Disclosure, columns: int, first: int, last: int) -> str:
    """The rows `first` to `last` of the output, in order: the register's cells, the result, the values."""
    own = [f"r.c{index}" for index in range(columns)]
    values = [f"a.v{index}" for index in range(len(disclosure.fields))]
    fixed = ["a.row + 1 AS vtj_row", "a.result", "a.confidence", "a.rule", "d.changed"]
    tables = beside(f"{_rows('register', first, last)} r", f"{_rows('answer', first, last)} a")
    tables = beside(tables, f"{_rows('difference', first, last)} d")
    return f"SELECT {', '.join(own + fixed + values)} FROM {tables}"


def output_headers(headers: Sequence[str], fields: Sequence[OutputField]) -> list[str]:
    """The header of the output."""
    fixed = ["vtj_row", "vtj_result", "vtj_confidence", "vtj_rule", "vtj_changed"]
    return [*headers, *fixed, *(f"vtj_{field.name}" for field in fields)]
