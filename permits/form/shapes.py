"""The shapes of which the application form is made: sections of questions, as plain data."""

from dataclasses import dataclass
from typing import Any, Literal

from portal.templatetags.components import leading

Kind = Literal["text", "long", "email", "phone", "number", "date", "one", "several", "reasons"]
"""How a question is answered: a line, several lines, …, one of the choices, several of them, or a reason for
each wanted field."""

LINE = 200
LONG = 4000
LARGEST_NUMBER = 1_000_000_000
FARTHEST_YEARS = 30
"""How far ahead the last day may be that is applied for."""


@dataclass(frozen=True)
class Choice:
    """One answer to choose. `group` is the name under which it stands with others."""

    value: str
    label: Any
    help: Any = ""
    group: Any = None


@dataclass(frozen=True)
class When:
    """A condition: the answer to `question` is, or holds, one of `values`."""

    question: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question. It is asked where every condition of `when` holds; `max_length` counts characters.

    `group` is the heading under which it stands with its neighbours; `autocomplete` as in HTML.
    """

    name: str
    label: Any
    kind: Kind = "text"
    help: Any = ""
    required: bool = True
    when: tuple[When, ...] = ()
    choices: tuple[Choice, ...] = ()
    group: Any = ""
    autocomplete: str = ""
    subject: str = ""

    @property
    def max_length(self) -> int:
        return LONG if self.kind in {"long", "reasons"} else LINE


@dataclass(frozen=True)
class Section:
    """A page of the form."""

    name: str
    title: Any
    intro: Any
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Problem:
    """What hinders the submission: at the question `brief` tells it, elsewhere `text`, which names it."""

    section: str
    question: str
    label: str
    brief: str

    @property
    def text(self) -> str:
        return f"{leading(self.label)} {self.brief}"
