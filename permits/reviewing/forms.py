"""The officials' forms of a case.

`seen` is when the application had changed last as the page was opened, and the number of the last act.
"""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits import checklist
from permits.form import form_spec
from permits.handling import ANSWER_DAYS
from permits.models import Application, ChecklistMark
from permits.reviewing import history
from portal.calendar import due_day, local_day
from portal.identity_codes import without_identity_codes
from portal.models import Organisation, User
from portal.roles import Role


def text_field(label: Any, required: Any, help_text: Any = "", length: int = 8000, rows: int = 5) -> Any:
    """A field of several lines; `required` is what is said where it is empty, or empty if it may be so."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=length,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        validators=[without_identity_codes],
        error_messages={"required": required},
    )


def day_field(label: Any, required: Any, help_text: Any = "") -> Any:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=bool(required),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": required,
            "invalid": gettext_lazy("Give a day, for example 31.12.2027."),
        },
    )


def _seen(application: Application) -> str:
    return f"{application.changed_at.isoformat()} {history.last_of(application)}"


NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class CaseForm(forms.Form):
    """An act on a case."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": _seen(application)} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.application = application

    def clean_seen(self) -> datetime:
        """The moment; the beginning of time where the page's own is gone, so that nothing counts as seen."""
        try:
            seen = parse_datetime(self.cleaned_data["seen"].partition(" ")[0])
        except ValueError:
            seen = None
        return seen if seen is not None and seen.tzinfo else NEVER

    @property
    def last_act(self) -> int:
        """The number of the last act that the page knew of; 0 where the page's own is gone."""
        number = str(self.data.get("seen", "")).partition(" ")[2]
        return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0

    def see(self, application: Application) -> None:
        """Keep what was typed, and take the application as its writer sees it now."""
        data: Any = self.data
        self.data = data.copy()
        self._put("seen", _seen(application))

    def _put(self, name: str, value: str) -> None:
        data: Any = self.data
        data[name] = value

    @property
    def today(self) -> date:
        return local_day(timezone.now())


def handlers_of(organisation: Organisation) -> QuerySet[User]:
    """The officials who may handle the organisation's cases, by name."""
    members = organisation.memberships.values("user")
    officials = User.objects.filter(memberships__role=Role.OFFICIAL, is_active=True)
    return officials.exclude(pk__in=members).distinct().order_by("name", "pk")


class TakeForm(CaseForm):
    handler = forms.ModelChoiceField(
        label=gettext_lazy("Handler"),
        queryset=User.objects.none(),
        empty_label=None,
        error_messages={
            "required": gettext_lazy("Choose the handler."),
            "invalid_choice": gettext_lazy("This official can't handle the application. Choose another."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["handler"]
        field.queryset = handlers_of(self.application.organisation)


class AskInformationForm(CaseForm):
    text = text_field(
        gettext_lazy("What we need to know"),
        gettext_lazy("Write what the applicant should tell."),
        gettext_lazy("The applicant reads this. Ask one thing at a time, and tell why it is needed."),
    )
    sections = forms.MultipleChoiceField(
        label=gettext_lazy("Parts of the application that it concerns"),
        help_text=gettext_lazy("They are marked for the applicant. The whole form opens for changes."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    answer_by = day_field(gettext_lazy("Answer by"), gettext_lazy("Give the day by which to answer."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("answer_by", due_day(self.today + timedelta(days=ANSWER_DAYS)))
        field: Any = self.fields["sections"]
        field.choices = [(one.name, one.title) for one in form_spec.SECTIONS]


class GoOnForm(CaseForm):
    reason = text_field(
        gettext_lazy("Reason"),
        gettext_lazy("Tell the applicant why you go on without an answer."),
        gettext_lazy("The applicant reads this on the application's page."),
        length=4000,
        rows=4,
    )


class AskStatementForm(CaseForm):
    of = forms.ModelChoiceField(
        label=gettext_lazy("Of whom"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose the official.")},
    )
    question = text_field(
        gettext_lazy("What is asked"),
        gettext_lazy("Write what is asked."),
        gettext_lazy("The clock runs on while the statement is awaited."),
    )
    wanted_by = day_field(
        gettext_lazy("Wanted by"), gettext_lazy("Give the day by which the statement is wanted.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("wanted_by", due_day(self.today + timedelta(days=5)))
        field: Any = self.fields["of"]
        field.queryset = handlers_of(self.application.organisation).exclude(pk=by.pk)


class StatementForm(CaseForm):
    answer = text_field(gettext_lazy("Statement"), gettext_lazy("Write the statement."), rows=8)


class NoteForm(CaseForm):
    text = text_field(
        gettext_lazy("Note"),
        gettext_lazy("Write the note."),
        gettext_lazy("Only officials see it."),
        rows=3,
    )


class ReturnForm(CaseForm):
    reason = text_field(gettext_lazy("Reason"), gettext_lazy("Give the reason for the return."), rows=4)


class ChecklistForm(CaseForm):
    """A verdict and a comment for each point; `marks` are those that were changed on the page.

    `…_was` is the fingerprint of what the page showed: what another official has noted meanwhile at a point
    that this page's writer left alone stays as it is.
    """

    VERDICTS = (("ok", gettext_lazy("In order")), ("not_ok", gettext_lazy("Not in order")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, item in checklist.ITEMS.items():
            self.fields[f"{name}_verdict"] = forms.ChoiceField(
                label=item.question,
                required=False,
                widget=forms.RadioSelect,
                choices=[("", _("Not yet looked at")), *self.VERDICTS],
            )
            comment = text_field(_("Comment"), "", length=2000, rows=2)
            comment.widget.attrs["aria-label"] = f"{_('Comment')}: {item.question}"
            self.fields[f"{name}_comment"] = comment
            self.fields[f"{name}_was"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial.update(self._stored())

    def _stored(self) -> dict[str, str]:
        """The fields' values as they are stored."""
        marks: dict[str, ChecklistMark] = {mark.item: mark for mark in self.application.marks.all()}
        values: dict[str, str] = {}
        for name in checklist.ITEMS:
            mark = marks.get(name)
            verdict = mark.verdict if mark and mark.verdict != "none" else ""
            comment = mark.comment if mark else ""
            values |= {f"{name}_verdict": verdict, f"{name}_comment": comment}
            values[f"{name}_was"] = fingerprint(verdict, comment)
        return values

    def clean(self) -> dict[str, Any]:
        """What is not in order says what is wrong: whoever decides reads it."""
        for name in checklist.ITEMS:
            verdict, comment = (self.cleaned_data.get(f"{name}_{part}") for part in ("verdict", "comment"))
            if verdict == "not_ok" and not comment and f"{name}_comment" not in self.errors:
                self.add_error(f"{name}_comment", _("Tell what is not in order."))
        return self.cleaned_data

    @property
    def points(self) -> list[dict[str, Any]]:
        """Each point with its fields and the sections of the application that it is about."""
        return [
            {
                "item": item,
                "verdict": self[f"{name}_verdict"],
                "comment": self[f"{name}_comment"],
                "was": self[f"{name}_was"],
                "sections": [form_spec.SECTIONS_BY_NAME[one] for one in item.sections],
            }
            for name, item in checklist.ITEMS.items()
        ]

    @property
    def marks(self) -> dict[str, tuple[str, str]]:
        typed = {
            name: (self.cleaned_data[f"{name}_verdict"], self.cleaned_data[f"{name}_comment"])
            for name in checklist.ITEMS
        }
        return {
            name: (verdict or "none", comment)
            for name, (verdict, comment) in typed.items()
            if fingerprint(verdict, comment) != (self.cleaned_data[f"{name}_was"] or NOTHING)
        }

    def see(self, application: Application) -> None:
        changed = self.marks
        super().see(application)
        for key, value in self._stored().items():
            name = key.rsplit("_", 1)[0]
            if name not in changed or key.endswith("_was"):
                self._put(key, value)


def fingerprint(verdict: str, comment: str) -> str:
    text = f"{verdict}:{' '.join(comment.split())}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


NOTHING = fingerprint("", "")
