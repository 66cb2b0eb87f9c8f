"""What a delivery says of the persons found: named fields only, judged by the turvakielto (rules 11–14).

Tables in: `register`, `sent`, `link`, `subject`, `address`, and `protected_later` where protection is judged
against a second version too. Out: `answer`, one row for each person given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matching import normalise, prepare
from matching.fields import OutputField, output_field
from matching.linking import GIVEN

DATES = ("birth_date", "death_date", "municipality_since", "moved_on")

# Output field → input field that holds the customer's word on it.
COMPARABLE = {
    name: name
    for name in (
        *("hetu", "surname", "given_names", "sex", "birth_date", "municipality", "street", "postal_code"),
        "post_office",
    )
}


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
    """Stage: row, person, whether under protection, what differs, and the values to give (v0…)."""
    values = [f"{_changed(disclosure)} AS changed"]
    values += [f"{_given(disclosure, field)} AS v{index}" for index, field in enumerate(disclosure.fields)]
    given = ", ".join(f"'{result}'" for result in GIVEN)
    source = "subject s" if not disclosure.strayed else f"({_with_located()}) s"
    later = "LEFT JOIN protected_later p ON p.person_id = s.person_id" if disclosure.later else ""
    return f"""
        WITH judged AS (
            SELECT s.*, l.row, {_protected(disclosure)} AS shielded
            FROM {source} JOIN link l ON l.pid = s.pid {later} WHERE l.result IN ({given}))
        SELECT s.row, s.person_id, s.hetu, s.shielded, {", ".join(values)}
        FROM judged s JOIN sent r ON r.row = s.row"""


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


def _given(disclosure: Disclosure, field: OutputField) -> str:
    value = f"CAST(s.{field.name} AS VARCHAR)" if field.name in DATES else f"s.{field.name}"
    if field.name == "protected":
        value = "CASE WHEN s.shielded THEN '1' ELSE '0' END"
    # Rule 13: what is withheld is as what is not known.
    return (
        f"CASE WHEN NOT s.shielded THEN {value} END"
        if _withheld(disclosure, field)
        else f"nullif({value}, '')"
    )


def _changed(disclosure: Disclosure) -> str:
    """The names of the given fields that differ from what was sent, `;` between.

    What the store doesn't know is no difference: else an empty value would tell a withheld field from an
    unknown one (rule 13).
    """
    parts = []
    for field in disclosure.fields:
        if field.name in COMPARABLE and COMPARABLE[field.name] in disclosure.columns:
            condition = _differs(field.name, disclosure.day)
            if _withheld(disclosure, field):
                condition = f"NOT s.shielded AND {condition}"
            parts.append(f"CASE WHEN {condition} THEN '{field.name}' END")
    return f"nullif(concat_ws(';', {', '.join(parts)}), '')" if parts else "NULL"


def _differs(name: str, day: str) -> str:
    sent, known = f"r.{name}", f"s.{name}"
    if name == "birth_date":
        century = f"substr(CAST({known} AS VARCHAR), 1, 2)"
        return f"{known} IS NOT NULL AND {normalise.read_date(sent, day, century)} IS DISTINCT FROM {known}"
    forms = {
        "hetu": lambda value: f"upper(trim({value}))",
        "sex": normalise.sex_code,
        "street": normalise.same_street,
        "postal_code": normalise.same_postal_code,
    }
    form = forms.get(name, normalise.same_text)
    same = f"coalesce({form(sent)}, '') = {form(known)}"
    if name in ("street", "post_office"):  # both languages' names are right
        same += f" OR coalesce({form(sent)}, '') = {form(known + '_other')}"
    if name == "municipality":
        same = _same_municipality(sent, known)
    # The first branch settles nearly all rows; the forms are not computed for them.
    return (
        f"CASE WHEN {sent} = {known} THEN false WHEN {known} IS NULL OR {known} = '' THEN false"
        f" ELSE NOT coalesce({same}, false) END"
    )


def _same_municipality(sent: str, known: str) -> str:
    """The number, with or without its leading zeros, or the name in either language."""
    names = "SELECT 1 FROM municipality m WHERE m.code = " + known
    return (
        f"lpad(trim({sent}), 3, '0') = {known} OR EXISTS ({names}"
        f" AND lower(trim({sent})) IN (lower(m.name_fi), lower(m.name_sv)))"
    )


def row_values(disclosure: Disclosure, columns: int) -> str:
    """The rows of the output, in order: the register's cells, the result, and the values."""
    own = "".join(f"r.c{index}, " for index in range(columns))
    values = "".join(f", a.v{index}" for index in range(len(disclosure.fields)))
    return f"""
        SELECT {own}l.row + 1 AS row, l.result, l.confidence, l.rule, a.changed{values}
        FROM register r JOIN link l ON l.row = r.rowid LEFT JOIN answer a ON a.row = r.rowid
        ORDER BY l.row"""


def output_headers(headers: Sequence[str], fields: Sequence[OutputField]) -> list[str]:
    """The header of the output."""
    fixed = ["vtj_row", "vtj_result", "vtj_confidence", "vtj_rule", "vtj_changed"]
    return [*headers, *fixed, *(f"vtj_{field.name}" for field in fields)]
