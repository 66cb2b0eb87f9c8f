"""An application's answers for people to read, in the reader's language, from the same data as the form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from permits.field_texts import label as field_label
from permits.form import form_spec
from permits.form.form_spec import Question
from portal.templatetags.components import day, thousands


@dataclass(frozen=True)
class AnsweredRow:
    """A question and its answer in words; lines are apart by a line feed. Empty where there is no answer.

    `changed` and `before` are for two versions laid side by side.
    """

    name: str
    label: str
    value: str
    changed: bool = False
    before: str = ""


@dataclass(frozen=True)
class AnsweredSection:
    """A section of the form with the questions that were asked."""

    name: str
    title: str
    rows: list[AnsweredRow]

    @property
    def changed(self) -> bool:
        return any(row.changed for row in self.rows)


def answered(answers: Mapping[str, Any]) -> list[AnsweredSection]:
    """Every question that the answers lead to, with its answer in words."""
    given = form_spec.clean(answers)
    return [
        AnsweredSection(
            section.name,
            str(section.title),
            [
                AnsweredRow(question.name, str(question.label), words(question, given.get(question.name)))
                for question in section.questions
                if question.required or question.name in given
            ],
        )
        for section in form_spec.sections(given)
    ]


def compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[AnsweredSection]:
    """The new answers with what changed in them; what is asked no more stands with an empty value."""
    before = {section.name: section.rows for section in answered(old)}
    return [
        replace(section, rows=_compared_rows(section.name, before[section.name], section.rows))
        for section in answered(new)
    ]


def _compared_rows(section: str, old: list[AnsweredRow], new: list[AnsweredRow]) -> list[AnsweredRow]:
    was, now = ({row.name: row for row in rows} for rows in (old, new))
    order = [question.name for question in form_spec.SECTIONS_BY_NAME[section].questions]
    rows = []
    for name in sorted(was.keys() | now.keys(), key=order.index):
        before = was[name].value if name in was else ""
        row = now.get(name) or replace(was[name], value="")
        rows.append(replace(row, changed=row.value != before, before=before))
    return rows


def words(question: Question, answer: Any) -> str:
    """An answer as its reader understands it; empty for none."""
    if answer in (None, "", [], {}):
        return ""
    if question.kind in {"one", "several"}:
        chosen = answer if isinstance(answer, list) else [answer]
        labels = [str(choice.label) for choice in question.choices if choice.value in chosen]
        return "\n".join(labels)
    if question.kind == "reasons":
        return "\n".join(f"{_field_of(key)}: {text}" for key, text in answer.items())
    if question.kind == "number" and isinstance(answer, int):
        return thousands(answer)
    if question.kind == "date":
        found: date | None = form_spec.day_of(answer)
        return day(found) if found else str(answer)
    return str(answer)


def _field_of(key: str) -> str:
    subject, _colon, name = key.partition(":")
    return str(field_label(name, subject))


def wanted_words(answers: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The data that are applied for, by subject: [(subject in words, [(field, its reason)])]."""
    subjects = {choice.value: str(choice.label) for choice in form_spec.QUESTIONS["subjects"].choices}
    return [
        (
            subjects[subject],
            [
                (
                    str(field_label(name, subject)),
                    form_spec.reason_for(answers, subject, name) or _("No reason given"),
                )
                for name in names
            ],
        )
        for subject, names in form_spec.wanted_scopes(answers).items()
    ]
