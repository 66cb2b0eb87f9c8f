"""The application (tietolupahakemus) as data: its sections, what is asked when, and what is still missing.

One source for the pages, the review, the print, the officials' view and the documents. Answers are a mapping
from question to answer as JSON has it: text, a list of choices, a number of rows, "YYYY-MM-DD" for a day, and
for `reasons` a mapping from "subject:field" to text. Functions of the answers, and of today where a day is
asked; no models.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from matching.fields import SUBJECTS, fields_of_package, output_fields
from permits.field_texts import label as field_label
from permits.form.sections import DATA, LEGAL, MATERIAL, REGISTER, REPEAT
from permits.form.sections_account import CONTACTS, ORGANISATION, PROTECTION
from permits.form.shapes import FARTHEST_YEARS, LARGEST_NUMBER, Choice, Problem, Question, Section, When
from portal.calendar import local_day
from portal.phones import PHONE_TEXT, is_phone

__all__ = [
    "QUESTIONS",
    "SECTIONS",
    "SECTIONS_BY_NAME",
    "Choice",
    "Problem",
    "Question",
    "Section",
    "When",
    "clean",
    "is_asked",
    "is_shorter",
    "needs_protected",
    "package_fields",
    "problems",
    "read",
    "reason_for",
    "sections",
    "wanted_scopes",
    "wanted_until",
]

Answers = Mapping[str, Any]

SECTIONS = (REGISTER, LEGAL, DATA, MATERIAL, REPEAT, PROTECTION, CONTACTS, ORGANISATION)
SECTIONS_BY_NAME = {section.name: section for section in SECTIONS}
QUESTIONS = {question.name: question for section in SECTIONS for question in section.questions}

_DIGITS = re.compile(r"\d{1,12}", re.ASCII)
_SPACES = re.compile(r"\s")


def sections(answers: Answers) -> list[Section]:
    """The sections with the questions that these answers lead to."""
    return [
        replace(section, questions=tuple(one for one in section.questions if is_asked(one, answers)))
        for section in SECTIONS
    ]


def is_asked(question: Question, answers: Answers) -> bool:
    """True where every condition holds, and the questions of those conditions are asked themselves."""
    return all(
        is_asked(QUESTIONS[when.question], answers) and _holds(when, answers.get(when.question))
        for when in question.when
    )


def _holds(when: When, answer: Any) -> bool:
    given = answer if isinstance(answer, list) else [answer]
    return any(value in given for value in when.values)


def clean(answers: Any) -> dict[str, Any]:
    """The answers to what is asked, each in its shape: a hidden answer and an empty one never go out."""
    given = answers if isinstance(answers, Mapping) else {}
    read_answers = {name: read(question, given.get(name)) for name, question in QUESTIONS.items()}
    kept = {
        name: answer
        for name, answer in read_answers.items()
        if not _is_empty(answer) and is_asked(QUESTIONS[name], read_answers)
    }
    if "reasons" in kept:
        wanted = {f"{subject}:{name}" for subject, names in wanted_scopes(kept).items() for name in names}
        kept["reasons"] = {key: text for key, text in kept["reasons"].items() if key in wanted}
        if not kept["reasons"]:
            del kept["reasons"]
    return kept


def read(question: Question, given: Any) -> Any:
    """An answer in its shape; what has another shape is none. Typed text that is no number or day stays."""
    return _READERS.get(question.kind, _read_text)(question, given)


def _read_text(question: Question, given: Any) -> str:
    return given.replace("\0", "").replace("\r\n", "\n").strip() if isinstance(given, str) else ""


def _read_number(question: Question, given: Any) -> int | str:
    if isinstance(given, int) and not isinstance(given, bool):
        return given if 0 <= given < 10**12 else ""
    text = _read_text(question, given)
    digits = _SPACES.sub("", text)
    return int(digits) if _DIGITS.fullmatch(digits) else text


def _read_one(question: Question, given: Any) -> str:
    text = _read_text(question, given)
    return text if text in {choice.value for choice in question.choices} else ""


def _read_several(question: Question, given: Any) -> list[str]:
    chosen = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    return [choice.value for choice in question.choices if choice.value in chosen]


def _read_reasons(question: Question, given: Any) -> dict[str, str]:
    texts = given if isinstance(given, Mapping) else {}
    read_texts = {key: _read_text(question, texts.get(key)) for key in REASON_KEYS}
    return {key: text for key, text in read_texts.items() if text}


_READERS: dict[str, Callable[[Question, Any], Any]] = {
    "number": _read_number,
    "one": _read_one,
    "several": _read_several,
    "reasons": _read_reasons,
}
REASON_KEYS = tuple(f"{subject}:{field.name}" for subject in SUBJECTS for field in output_fields(subject))
"""Every key that `reasons` may have."""


def _is_empty(answer: Any) -> bool:
    return answer in ("", [], {}, None)


def package_fields(package: str) -> list[str]:
    """The names of the person fields of a ready-made package (A, B), in the catalogue's order."""
    return [field.name for field in fields_of_package(package)]


def wanted_scopes(answers: Answers) -> dict[str, list[str]]:
    """Subject to the fields that are applied for, packages written out, in the catalogue's order."""
    subjects = read(QUESTIONS["subjects"], answers.get("subjects"))
    scopes = {subject: _wanted_of(subject, answers) for subject in subjects}
    return {subject: names for subject, names in scopes.items() if names}


def _wanted_of(subject: str, answers: Answers) -> list[str]:
    package = answers.get("package")
    if subject == "person" and package in ("A", "B"):
        return package_fields(package)
    question = QUESTIONS[f"fields_{subject}"]
    return read(question, answers.get(question.name)) if is_asked(question, answers) else []


def reason_for(answers: Answers, subject: str, name: str) -> str:
    """Why the field is wanted: its own reason, else the common one; empty where there is neither."""
    reasons = read(QUESTIONS["reasons"], answers.get("reasons"))
    common = read(QUESTIONS["reasons_common"], answers.get("reasons_common"))
    return reasons.get(f"{subject}:{name}") or common


def needs_protected(answers: Answers) -> bool:
    """True where data under a turvakielto (non-disclosure for personal safety) are applied for."""
    return clean(answers).get("protected_needed") == "yes"


def wanted_until(answers: Answers) -> date | None:
    """The last day for which the permit is applied for; None until further notice."""
    return day_of(clean(answers).get("valid_until"))


def is_shorter(valid_to: date | None, answers: Answers) -> bool:
    """Whether a permit until the day, or until further notice, ends before what is applied for."""
    wanted = wanted_until(answers)
    return valid_to is not None and (wanted is None or valid_to < wanted)


def problems(answers: Any) -> list[Problem]:
    """What hinders the submission, in the form's order and the reader's language."""
    given = clean(answers)
    found = []
    for section in sections(given):
        for question in section.questions:
            text = _problem(question, given)
            if text:
                found.append(Problem(section.name, question.name, str(question.label), text))
    return found


def _problem(question: Question, answers: Answers) -> str:
    """What is wrong with the answer to a question that is asked; empty where nothing is."""
    if question.name == "reasons_common":
        return _reasons_problem(answers)
    answer = answers.get(question.name)
    if answer is None:
        return _("An answer is missing.") if question.required else ""
    checks = {
        "number": _number_problem,
        "date": _day_problem,
        "email": _email_problem,
        "phone": _phone_problem,
    }
    if isinstance(answer, str | dict) and (too_long := _length_problem(question, answer)):
        return too_long
    return checks[question.kind](answer) if question.kind in checks else ""


def _reasons_problem(answers: Answers) -> str:
    """Every wanted field needs a reason, its own or the common one."""
    without = [
        str(field_label(name, subject))
        for subject, names in wanted_scopes(answers).items()
        for name in names
        if not reason_for(answers, subject, name)
    ]
    if without:
        return _("A reason is missing for: %(fields)s.") % {"fields": ", ".join(without)}
    return _length_problem(QUESTIONS["reasons_common"], answers.get("reasons_common", ""))


def _length_problem(question: Question, answer: str | dict[str, str]) -> str:
    texts = answer.values() if isinstance(answer, dict) else [answer]
    over = max((len(text) for text in texts), default=0) - question.max_length
    if over <= 0:
        return ""
    return _("Too long: shorten it by %(over)d characters.") % {"over": over}


def _number_problem(answer: Any) -> str:
    if isinstance(answer, int) and 0 < answer <= LARGEST_NUMBER:
        return ""
    return _("Write it in digits, for example 12 000.")


def _day_problem(answer: Any) -> str:
    day, today = day_of(answer), local_day(timezone.now())
    if day is None:
        return _("Write it as a day, for example 31.12.2027.")
    if day < today:
        return _("The day is in the past. Choose a day that is still to come.")
    if (day.year - FARTHEST_YEARS, day.month, day.day) > (today.year, today.month, today.day):
        return _("The day is more than %(years)d years ahead. Choose an earlier one.") % {
            "years": FARTHEST_YEARS
        }
    return ""


def _phone_problem(answer: str) -> str:
    return "" if is_phone(answer) else str(PHONE_TEXT)


def day_of(answer: Any) -> date | None:
    """The day that an answer names; None where it names none."""
    try:
        return date.fromisoformat(answer) if isinstance(answer, str) and len(answer) == 10 else None
    except ValueError:
        return None


def _email_problem(answer: Any) -> str:
    try:
        validate_email(answer)
    except ValidationError:
        return _("Write the address in full, such as name@school.example.")
    return ""
