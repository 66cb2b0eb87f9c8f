"""What a delivery says of the persons found, judged by the turvakielto (domain rules 11 to 14).

Tables in: those of `disclosure`, `subject`, `address`, `municipality`, and `protected_later` where protection
is judged against a second version too.
"""

from collections.abc import Sequence

from matching import normalise
from matching.delivery.disclosure import Disclosure, Shape, change, given, same_municipality
from matching.fields import OutputField
from matching.identifiers import normalise_hetu_sql
from matching.store import prepare

DATES = ("birth_date", "death_date", "municipality_since", "moved_on")

# Fields that the register can hold too.
COMPARABLE = (
    *("hetu", "surname", "given_names", "sex", "birth_date", "municipality", "street", "postal_code"),
    "post_office",
)
BILINGUAL = ("street", "post_office")
DAYS = ("protected_until", "holds_from", "holds_until")  # until and from when a person's data hold


def homes(disclosure: Disclosure) -> str:
    """The persons found, if some of their addresses is to be given."""
    return "link" if any(field.group == "address" for field in disclosure.fields) else ""


def columns_read(disclosure: Disclosure) -> list[str]:
    """The columns of `subject` that a delivery reads."""
    chosen = [field.name for field in disclosure.fields if field.name != "protected"]
    chosen += [f"{name}_other" for name in BILINGUAL if name in chosen]
    return list(dict.fromkeys(("pid", "person_id", "hetu", *DAYS, *chosen)))


def strayed(persons: str, day: str) -> str:
    """Stage: those of `persons` (pid) whose prepared address is not that of `day`."""
    return f"""
        SELECT DISTINCT s.pid, s.person_id FROM subject s SEMI JOIN {persons} l ON l.pid = s.pid
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
    values = []
    for index, field in enumerate(disclosure.fields):
        values.append(f", {_given(disclosure, field, field.name)} AS v{index}")
        if field.name in BILINGUAL:
            values.append(f", {_given(disclosure, field, f'{field.name}_other')} AS v{index}_other")
    known = persons(disclosure, columns_read(disclosure))
    return f"""
        WITH judged AS (
            SELECT l.row, l.result, l.confidence, l.rule, s.*, {shielded(disclosure)} AS shielded
            FROM ({given()}) l LEFT JOIN {known} s ON s.pid = l.given_pid {joined_later(disclosure)})
        SELECT s.row, s.result, s.confidence, s.rule, s.person_id, s.hetu, s.shielded{"".join(values)}
        FROM judged s ORDER BY s.row"""


def persons(disclosure: Disclosure, columns: Sequence[str] = prepare.ADDRESS_VALUES) -> str:
    """`subject`, with the addresses of another day in the place of the prepared ones where they differ."""
    if not disclosure.strayed:
        return "subject"
    read = [name for name in prepare.ADDRESS_VALUES if name in columns]
    names = "".join(f", CASE WHEN x.pid IS NULL THEN t.{name} ELSE x.{name} END AS {name}" for name in read)
    rest = f"EXCLUDE ({', '.join(read)})" if read else ""
    return f"(SELECT t.* {rest}{names} FROM subject t LEFT JOIN located x ON x.pid = t.pid)"


def shielded(disclosure: Disclosure) -> str:
    """SQL: the person `s` is protected; `joined_later` makes `p`."""
    now = f"coalesce(s.protected_until >= {disclosure.day}, false)"
    return f"({now} OR p.person_id IS NOT NULL)" if disclosure.later else now


def joined_later(disclosure: Disclosure) -> str:
    """SQL: a join that marks those of `s` who are protected in the later version."""
    return "LEFT JOIN protected_later p ON p.person_id = s.person_id" if disclosure.later else ""


def withheld(disclosure: Disclosure, protected: str) -> str:
    """SQL: data of one for whom `protected` is true are withheld."""
    return "false" if disclosure.entitled else protected


def _given(disclosure: Disclosure, field: OutputField, column: str) -> str:
    value = f"CAST(s.{column} AS VARCHAR)" if field.name in DATES else f"s.{column}"
    if field.name == "protected":
        value = "CASE WHEN s.person_id IS NULL THEN NULL WHEN s.shielded THEN '1' ELSE '0' END"
    # Rule 13: what is withheld is as what is not known.
    known = f"nullif({value}, '')"
    hidden = withheld(disclosure, "s.shielded") if field.protected else "false"
    return known if hidden == "false" else f"CASE WHEN NOT {hidden} THEN {known} END"


def compared(disclosure: Disclosure) -> dict[str, str]:
    """The given fields that the register holds too, each with the register's."""
    names = [field.name for field in disclosure.fields]
    return {name: name for name in names if name in COMPARABLE and name in disclosure.columns}


def changes(disclosure: Disclosure) -> list[str]:
    """Of each given field that the register holds too, its name where it differs."""
    both = compared(disclosure)
    return [
        _change(field.name, f"a.v{index}", disclosure.day)
        for index, field in enumerate(disclosure.fields)
        if field.name in both
    ]


def _change(name: str, known: str, day: str) -> str:
    sent = f"r.{name}"
    if name == "birth_date":
        born = f"CAST({known} AS DATE)"
        differs = f"{normalise.read_date(sent, day, f'substr({known}, 1, 2)')} IS DISTINCT FROM {born}"
        return change(name, f"{sent} IN ({_finnish_date(known)}, {known})", known, differs)
    shortcut = f"{sent} IN ({known}, {known}_other)" if name in BILINGUAL else f"{sent} = {known}"
    differs = f"NOT coalesce({_same(name, sent, known)}, false)"
    if name == "street":  # most that are not the same are another street altogether
        other = normalise.other_street(sent, known, f"{known}_other")
        differs = f"CASE WHEN {sent} IS NULL OR {other} THEN true ELSE {differs} END"
    return change(name, shortcut, known, differs)


def _finnish_date(iso: str) -> str:
    """SQL: DD.MM.YYYY of a text YYYY-MM-DD."""
    return f"concat(substr({iso}, 9, 2), '.', substr({iso}, 6, 2), '.', substr({iso}, 1, 4))"


def _same(name: str, sent: str, known: str) -> str:
    if name == "municipality":
        return same_municipality(sent, known)
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


def ledger(disclosure: Disclosure) -> str:
    """Each row's person."""
    return f"""
        SELECT row, person_id, coalesce(hetu, '') AS hetu, {withheld(disclosure, "shielded")} AS withheld,
               shielded
        FROM answer WHERE person_id IS NOT NULL"""


SHAPE = Shape(
    before=lambda disclosure: {},
    homes=homes,
    stages=lambda disclosure: {"answer": answer(disclosure)},
    changes=changes,
    ledger=ledger,
    compared=compared,
)
