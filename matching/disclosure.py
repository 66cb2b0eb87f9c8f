"""What a delivery says of the persons found: named fields only, judged by the turvakielto (rules 11–14).

Tables in: `register`, `sent`, `link`, `subject`, `address`, and `protected_later` where protection is judged
against a second version too. Out: `answer`, one row for each row of the register.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from matching import normalise, prepare
from matching.fields import OutputField, output_field
from matching.identifiers import normalise_hetu_sql
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
    """Stage: each row's result and, where a person is given, who, what differs, and the values (v0…).

    In the order of the register, so that the output needs no sort of its own.
    """
    source = "subject" if not disclosure.strayed else f"({_with_located()})"
    later = "LEFT JOIN protected_later p ON p.person_id = s.person_id" if disclosure.later else ""
    sent = ", ".join(f"r.{name} AS sent_{name}" for name in COMPARABLE)
    values = [f"{_changed(disclosure)} AS changed"]
    values += [f"{_given(disclosure, field)} AS v{index}" for index, field in enumerate(disclosure.fields)]
    return f"""
        WITH judged AS (
            SELECT l.row, l.result, l.confidence, l.rule, s.*, {_protected(disclosure)} AS shielded, {sent}
            FROM ({beside("sent r", f"({given()}) l")}) LEFT JOIN {source} s ON s.pid = l.given_pid {later})
        SELECT s.row, s.result, s.confidence, s.rule, s.person_id, s.hetu, s.shielded, {", ".join(values)}
        FROM judged s ORDER BY s.row"""


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


def _given(disclosure: Disclosure, field: OutputField) -> str:
    value = f"CAST(s.{field.name} AS VARCHAR)" if field.name in DATES else f"s.{field.name}"
    if field.name == "protected":
        value = "CASE WHEN s.person_id IS NULL THEN NULL WHEN s.shielded THEN '1' ELSE '0' END"
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
    """SQL: what was sent is another value, not another form of the same one."""
    sent, known = f"s.sent_{name}", f"s.{name}"
    if name == "birth_date":
        century = f"substr(CAST({known} AS VARCHAR), 1, 2)"
        differs = f"{normalise.read_date(sent, day, century)} IS DISTINCT FROM {known}"
        shortcut = f"{sent} = strftime({known}, '%d.%m.%Y')"
    else:
        differs = f"NOT coalesce({_same(name, sent, known)}, false)"
        shortcut = f"{sent} = {known}"
    unknown = f"{known} IS NULL" if name in DATES else f"coalesce({known}, '') = ''"
    # The first branches settle nearly all rows; the forms are not computed for them.
    return f"CASE WHEN {shortcut} THEN false WHEN {unknown} THEN false ELSE {differs} END"


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
    known_forms = [known, f"{known}_other"] if name in ("street", "post_office") else [known]
    return f"{form(sent)} IN ({', '.join(form(value) for value in known_forms)})"


def _same_municipality(sent: str, known: str) -> str:
    """The number, with or without its leading zeros, or the name in either language."""
    names = "SELECT 1 FROM municipality m WHERE m.code = " + known
    return (
        f"lpad(trim({sent}), 3, '0') = {known} OR EXISTS ({names}"
        f" AND lower(trim({sent})) IN (lower(m.name_fi), lower(m.name_sv)))"
    )


def row_values(disclosure: Disclosure, columns: int) -> str:
    """The rows of the output, in order: the register's cells, the result, and the values."""
    own = [f"r.c{index}" for index in range(columns)]
    values = [f"a.v{index}" for index in range(len(disclosure.fields))]
    fixed = ["a.row + 1 AS vtj_row", "a.result", "a.confidence", "a.rule", "a.changed"]
    return f"SELECT {', '.join(own + fixed + values)} FROM {beside('register r', 'answer a')}"


def output_headers(headers: Sequence[str], fields: Sequence[OutputField]) -> list[str]:
    """The header of the output."""
    fixed = ["vtj_row", "vtj_result", "vtj_confidence", "vtj_rule", "vtj_changed"]
    return [*headers, *fixed, *(f"vtj_{field.name}" for field in fields)]
