"""The applicant's forms. Those of the application's sections are made from `permits.form.form_spec`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permits.field_texts import label as field_label
from permits.form import form_spec
from permits.form.form_spec import Choice, Problem, Question, Section
from portal.identity_codes import without_identity_codes
from portal.templatetags.components import file_size
from portal.uploads import ATTACHMENT_MAX_BYTES

ACCEPT = ".pdf,.png,.jpg,.jpeg,.odt,.docx,.xlsx,.txt"
FORMATS = "PDF, PNG, JPEG, ODT, DOCX, XLSX, TXT"


@dataclass(frozen=True)
class Block:
    """A question on the page: its fields, and on what it depends in words and for the script."""

    question: Question
    fields: list[forms.BoundField]
    only_if: str = ""
    when: str = ""

    @property
    def group(self) -> Any:
        return self.question.group


class SectionForm(forms.Form):
    """A section's questions with the answers as they stand, and what is wrong with them.

    It refuses nothing: what is typed is stored as it is, and `form_spec.problems` tells what is missing.
    """

    use_required_attribute = False

    def __init__(
        self, section: Section, answers: Mapping[str, Any], problems: Iterable[Problem] = ()
    ) -> None:
        super().__init__(initial=_initial(section, answers))
        self.section = section
        for question in section.questions:
            self.fields |= _fields(question, answers)
        texts = [(one.question, one.brief) for one in problems if one.section == section.name]
        self._errors = ErrorDict({name: self.error_class([text]) for name, text in texts})

    @property
    def blocks(self) -> list[Block]:
        """The questions in their order."""
        return [
            Block(
                question,
                [self[name] for name in _names(question) if name in self.fields],
                _only_if(question),
                _when(question),
            )
            for question in self.section.questions
        ]


def read_section(section: Section, data: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed into a section (a QueryDict), as answers. `answers` are those stored before."""
    read = {}
    for question in section.questions:
        if question.kind == "reasons":
            typed = {key: data[_reason(key)] for key in form_spec.REASON_KEYS if _reason(key) in data}
            given: Any = form_spec.read(question, answers.get(question.name)) | typed
        else:
            given = data.getlist(question.name) if question.kind == "several" else data.get(question.name)
        read[question.name] = form_spec.read(question, given)
    return read


def _initial(section: Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    initial = {one.name: form_spec.read(one, answers.get(one.name)) for one in section.questions}
    reasons = initial.pop("reasons", {})
    return initial | {_reason(key): text for key, text in reasons.items()}


def _reason(key: str) -> str:
    """The name of the field that holds the reason of "subject:field"."""
    return f"reason_{key.replace(':', '_')}"


def _names(question: Question) -> list[str]:
    if question.kind == "reasons":
        return [_reason(key) for key in form_spec.REASON_KEYS]
    return [question.name]


def _fields(question: Question, answers: Mapping[str, Any]) -> dict[str, forms.Field]:
    if question.kind != "reasons":
        return {question.name: _field(question)}
    return {
        _reason(f"{subject}:{name}"): forms.CharField(
            label=field_label(name, subject), required=False, widget=forms.Textarea(attrs={"rows": 2})
        )
        for subject, names in form_spec.wanted_scopes(answers).items()
        for name in names
    }


def _field(question: Question) -> forms.Field:
    required = question.required or question.name == "reasons_common"  # unless each field has its own
    shared = {"label": question.label, "help_text": question.help, "required": required}
    if question.kind == "one":
        return forms.ChoiceField(choices=_choices(question), widget=forms.RadioSelect, **shared)
    if question.kind == "several":
        choices = _choices(question)
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **shared)
    if question.kind == "long":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), **shared)
    attributes = _INPUTS.get(question.kind, {}) | {"autocomplete": question.autocomplete or "off"}
    return forms.CharField(widget=forms.TextInput(attrs=attributes), **shared)


_INPUTS = {
    "email": {"type": "email"},
    "phone": {"type": "tel"},
    "number": {"inputmode": "numeric"},
    "date": {"type": "date"},
}


def _choices(question: Question) -> list[Any]:
    """The choices, under their groups where they have such."""
    groups: dict[Any, list[tuple[str, Any]]] = {}
    for choice in question.choices:
        groups.setdefault(choice.group, []).append((choice.value, _choice(choice)))
    return list(groups.items()) if None not in groups else groups[None]


def _choice(choice: Choice) -> Any:
    if not choice.help:
        return choice.label
    return format_html('{}<span class="muted small choice-help">{}</span>', choice.label, choice.help)


def _when(question: Question) -> str:
    """The conditions for the script: "package=own&subjects=person,building"."""
    return "&".join(f"{when.question}={','.join(when.values)}" for when in question.when)


def _only_if(question: Question) -> str:
    """The last condition in words, for pages without a script and for paper."""
    if not question.when:
        return ""
    when = question.when[-1]
    asked = form_spec.QUESTIONS[when.question]
    labels = [str(choice.label) for choice in asked.choices if choice.value in when.values]
    values = {"question": asked.label, "answer": ", ".join(labels)}
    return _("If the answer to “%(question)s” is “%(answer)s”:") % values


EMPTY = "empty"
"""What one may begin with besides a copy."""


class StartForm(forms.Form):
    """How an application begins. `token` becomes its id: sent twice, it makes one."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    copy_of = forms.ChoiceField(
        label=gettext_lazy("Start with"),
        widget=forms.RadioSelect,
        help_text=gettext_lazy("A copy has the answers of the earlier application. You can change them all."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the application and the decision"),
        choices=[("fi", "suomi"), ("sv", "svenska")],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose the language of the decision.")},
    )

    def __init__(self, *args: Any, earlier: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copies = [(str(one.pk), _copy_label(one)) for one in earlier]
        if copies:
            field: Any = self.fields["copy_of"]
            field.choices = [(EMPTY, _("An empty application")), *copies]
        else:
            del self.fields["copy_of"]


def _copy_label(application: Any) -> str:
    name = form_spec.clean(application.answers).get("register_name", "")
    return f"{application.number} – {name}" if name else application.number


class AttachmentForm(forms.Form):
    """A file and what it is. Pass `too_large` where the upload was stopped for its size."""

    description = forms.CharField(
        label=gettext_lazy("What the file is"),
        max_length=200,
        help_text=gettext_lazy("For example: agreement with the processor."),
        error_messages={"required": gettext_lazy("Tell what the file is.")},
    )
    attachment = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "missing": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if too_large:
            self.fields["attachment"].error_messages["required"] = _(
                "The file is too large. The largest size is %(limit)s."
            ) % {"limit": file_size(ATTACHMENT_MAX_BYTES)}


class SubmitForm(forms.Form):
    """The commitment to the terms. `seen` is the fingerprint of what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    committed_by = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=gettext_lazy("You submit the application on behalf of your organisation."),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    committed = forms.BooleanField(
        label=gettext_lazy(
            "The information is correct, and my organisation commits to the terms if the permit is granted."
        ),
        error_messages={"required": gettext_lazy("Tick the box to submit the application.")},
    )

    def __init__(self, *args: Any, on_paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if on_paper:
            signer, commitment = self.fields["committed_by"], self.fields["committed"]
            signer.label, signer.help_text = _("Name of the signer"), _("Who has signed the paper.")
            commitment.label = _("I have copied the application as it stands on the signed paper.")


class ShareForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Reader’s e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "The reader signs in with this address, and sees the application and its attachments."
        ),
        error_messages={
            "required": gettext_lazy("Enter the reader’s e-mail address."),
            "invalid": gettext_lazy("Enter an e-mail address, such as name@school.example."),
        },
    )


class MessageForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Message to the registry"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Do not write personal identity codes or other personal data here."),
        validators=[without_identity_codes],
        error_messages={"required": gettext_lazy("Write the message.")},
    )

    def __init__(self, *args: Any, to_applicant: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if to_applicant:
            self.fields["text"].label = _("Message to the applicant")
