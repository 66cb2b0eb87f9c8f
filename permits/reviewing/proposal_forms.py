"""The form of a proposal: the outcome, what is granted of what was applied for, and why."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from permits import field_texts
from permits.form import form_spec
from permits.form.form_spec import Answers
from permits.models import Proposal, SubjectKind
from permits.models.decision import Outcome
from permits.reviewing.forms import CaseForm, day_field, text_field


class ProposalForm(CaseForm):
    """What is proposed; every wanted field is ticked, and the permit is granted in part without some."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Proposal"),
        widget=forms.RadioSelect,
        choices=[
            ("approve", gettext_lazy("Grant the permit")),
            ("reject", gettext_lazy("Reject the application")),
        ],
        error_messages={"required": gettext_lazy("Choose what you propose.")},
    )
    reasons = text_field(
        gettext_lazy("Reasons for the decision"),
        gettext_lazy("Give the reasons for the decision."),
        gettext_lazy("They are part of the decision, in the language of the application."),
        length=20_000,
        rows=8,
    )
    conditions = text_field(
        gettext_lazy("Conditions of the permit"),
        "",
        gettext_lazy("Besides the general terms. The holder accepts them."),
        length=20_000,
        rows=4,
    )
    customer_completes = forms.BooleanField(
        label=gettext_lazy("The customer may complete doubtful rows"),
        help_text=gettext_lazy(
            "Rows that fit several persons, or one badly, are shown to the customer as it sent them, and it"
            " may complete each once. It is never told of the candidates."
        ),
        required=False,
    )
    valid_from = day_field(
        gettext_lazy("In force from"), "", gettext_lazy("Empty: from the day of the decision.")
    )
    valid_to = day_field(gettext_lazy("Last day in force"), "", gettext_lazy("Empty: until further notice."))

    def __init__(self, *args: Any, answers: Answers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = form_spec.wanted_scopes(answers)
        for subject, names in self.wanted.items():
            self.fields[f"scope_{subject}"] = forms.MultipleChoiceField(
                label=SubjectKind(subject).label,
                help_text=gettext_lazy("Untick what is not granted."),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=_choices(subject, names, answers),
                initial=names,
            )
        if form_spec.needs_protected(answers):
            self.fields["entitled_to_protected"] = forms.BooleanField(
                label=gettext_lazy("Grant data under a non-disclosure order"), required=False
            )
        self.initial.setdefault("valid_to", form_spec.day_of(answers.get("valid_until")))

    @classmethod
    def after(cls, proposal: Proposal, **kwargs: Any) -> "ProposalForm":
        """The form filled with an earlier proposal that came back."""
        scopes = {f"scope_{subject}": proposal.scopes.get(subject, []) for subject in SubjectKind.values}
        initial = {
            "outcome": "reject" if proposal.outcome == Outcome.REJECT else "approve",
            "reasons": proposal.reasons,
            "conditions": proposal.conditions,
            "valid_from": proposal.valid_from,
            "valid_to": proposal.valid_to,
            "entitled_to_protected": proposal.entitled_to_protected,
            "customer_completes": proposal.customer_completes,
        }
        return cls(initial=initial | (scopes if proposal.grants else {}), **kwargs)

    @property
    def scope_fields(self) -> list[forms.BoundField]:
        return [self[f"scope_{subject}"] for subject in self.wanted]

    @property
    def protected_field(self) -> forms.BoundField | None:
        return self["entitled_to_protected"] if "entitled_to_protected" in self.fields else None

    def content(self) -> dict[str, Any]:
        """The valid form as the fields of `permits.models.decision.Content`."""
        data = self.cleaned_data
        plain = ("outcome", "reasons", "customer_completes", "conditions", "valid_from", "valid_to")
        return {name: data[name] for name in plain} | {
            "scopes": {subject: data[f"scope_{subject}"] for subject in self.wanted},
            "entitled_to_protected": data.get("entitled_to_protected", False),
        }


def _choices(subject: str, names: list[str], answers: Answers) -> list[Any]:
    return [
        (group, [(name, _choice(subject, name, text.label, answers)) for name, text in fields])
        for group, fields in field_texts.grouped(names, subject)
    ]


def _choice(subject: str, name: str, label: Any, answers: Answers) -> Any:
    """A field with the applicant's own reason for it; the common reason stands above them all."""
    reason = form_spec.reason_for(answers, subject, name)
    if not reason or reason == answers.get("reasons_common"):
        return label
    return format_html('{}<span class="muted small choice-help">{}</span>', label, reason)
