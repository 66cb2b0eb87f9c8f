"""The form of a standing permit in preparation: its texts in each language, its data subject by subject."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits import field_texts
from permits.models import Permit, RegisterKind, StandingPermitDraft, SubjectKind, Terms
from portal.models import OrganisationKind

LANGUAGES = {
    "fi": gettext_lazy("in Finnish"),
    "sv": gettext_lazy("in Swedish"),
    "en": gettext_lazy("in English"),
}
MUST_LANGUAGES = {"fi", "sv"}
"""The languages of the registry's decisions: what has to be written is written in both."""
TEXTS = {
    "purposes": gettext_lazy("Purpose of use"),
    "legal_bases": gettext_lazy("Legal basis"),
    "conditions": gettext_lazy("Conditions"),
}
MUST = {"purposes", "legal_bases"}
KINDS = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.REGISTRY]


class StandingForm(forms.Form):
    """A standing permit, or the next version of `replaces`, whose content it then begins with."""

    number = forms.RegexField(
        label=gettext_lazy("Number of the permit"),
        regex=r"^TL-[A-ZÅÄÖ0-9-]{1,27}$",
        help_text=gettext_lazy("TL- and capital letters or digits, for example TL-KUNNAT."),
        error_messages={
            "required": gettext_lazy("Give the permit a number."),
            "invalid": gettext_lazy("A number is TL- and capital letters or digits, for example TL-KUNNAT."),
        },
    )
    organisation_kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Classes of organisations"),
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one class of organisations.")},
    )
    register_kind = forms.ChoiceField(label=gettext_lazy("Register"), required=False)
    entitled_to_protected = forms.BooleanField(
        label=gettext_lazy("Entitles to data under a non-disclosure order"), required=False
    )
    customer_completes = forms.BooleanField(
        label=gettext_lazy("The customer may complete doubtful rows"), required=False
    )
    terms = forms.ModelChoiceField(
        label=gettext_lazy("Version of the terms"), queryset=Terms.objects.none(), empty_label=None
    )
    valid_from = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Give the first day.")},
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("Leave empty for a permit until further notice."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        required=False,
    )

    def __init__(self, data: Any = None, *, replaces: Permit | None = None, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=_initial(replaces) | initial)
        self.replaces = replaces
        if replaces is not None:
            del self.fields["number"]
        self.fields["register_kind"].choices = [("", _("Any register")), *RegisterKind.choices]  # type: ignore[attr-defined]
        self.fields["terms"].queryset = Terms.objects.order_by("-published_on")  # type: ignore[attr-defined]
        for subject in SubjectKind:
            self.fields[f"fields_{subject}"] = _fields_of(subject)
        for name, label in TEXTS.items():
            for language, in_words in LANGUAGES.items():
                must = name in MUST and language in MUST_LANGUAGES
                self.fields[f"{name}_{language}"] = _text(f"{label}, {in_words}", must)

    @property
    def subjects(self) -> list[forms.BoundField]:
        return [self[f"fields_{subject}"] for subject in SubjectKind]

    @property
    def texts(self) -> list[forms.BoundField]:
        return [self[f"{name}_{language}"] for name in TEXTS for language in LANGUAGES]

    def clean_number(self) -> str:
        number = str(self.cleaned_data["number"])
        if Permit.objects.filter(number=number).exists():
            raise forms.ValidationError(_("There is a permit with this number. Prepare its next version."))
        waiting = StandingPermitDraft.objects.filter(number=number, decided_at=None, discarded_at=None)
        if waiting.exists():
            raise forms.ValidationError(_("A permit with this number is being prepared already."))
        return number

    def content(self) -> dict[str, Any]:
        """What `granting.prepare_standing` takes."""
        data = self.cleaned_data
        plain = (
            "organisation_kinds",
            "register_kind",
            "entitled_to_protected",
            "customer_completes",
            "terms",
            "valid_from",
            "valid_to",
        )
        texts = {
            name: {code: data[f"{name}_{code}"] for code in LANGUAGES if data[f"{name}_{code}"]}
            for name in TEXTS
        }
        scopes = {str(one): data[f"fields_{one}"] for one in SubjectKind if data[f"fields_{one}"]}
        number = self.replaces.number if self.replaces else data["number"]
        kept = {name: data[name] for name in plain}
        return {"number": number, "replaces": self.replaces, "scopes": scopes, **texts, **kept}


def _fields_of(subject: SubjectKind) -> forms.MultipleChoiceField:
    names = list(field_texts.FIELDS[subject])
    choices = [
        (group, [(name, text.label) for name, text in fields])
        for group, fields in field_texts.grouped(names, subject)
    ]
    return forms.MultipleChoiceField(
        label=subject.label, choices=choices, widget=forms.CheckboxSelectMultiple, required=False
    )


def _text(label: str, must: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=8000,
        required=must,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the text in Finnish and in Swedish.")},
    )


def _initial(replaces: Permit | None) -> dict[str, Any]:
    if replaces is None:
        return {}
    values: dict[str, Any] = {
        "organisation_kinds": replaces.organisation_kinds,
        "register_kind": replaces.register_kind,
        "entitled_to_protected": replaces.entitled_to_protected,
        "customer_completes": replaces.customer_completes,
        "valid_to": replaces.valid_to,
    }
    values |= {f"fields_{subject}": replaces.fields_of(subject) for subject in SubjectKind}
    for name in TEXTS:
        values |= {f"{name}_{code}": text for code, text in getattr(replaces, name).items()}
    return values
