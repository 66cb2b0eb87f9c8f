"""The forms of an order: start, describe, send, place; and an official's release."""

from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from matching.fields import fields_of_package
from orders import policies
from orders.material.order_form_texts import PROBLEMS
from orders.material.unfit import too_large_reason, unfit_reason
from orders.models import Format, Order, Statement, StudentGroup
from permits import field_texts
from permits.models import Permit
from portal.access import Denied
from portal.phones import PHONE_TEXT, is_phone
from portal.scan import PACKED, largest_packed
from portal.templatetags.components import day as day_words

ACCEPT = (
    ".csv,.txt,.xlsx,.parquet,.zip,text/csv,"
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,application/zip"
)


class StartForm(forms.Form):
    """Under which permit an order is begun. `token` becomes the order's id: sent twice, it makes one."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    permit = forms.ModelChoiceField(
        label=_("Permit"), queryset=Permit.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, permits: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["permit"]
        field.queryset = permits
        field.label_from_instance = lambda permit: f"{permit} – {permit.purpose}"
        field.error_messages = {
            "required": _("Choose the permit under which you order."),
            "invalid_choice": _("Choose a permit that is in force."),
        }


class SubjectForm(forms.Form):
    """What the register is about, where the permit covers several kinds of data."""

    subject = forms.ChoiceField(
        label=_("What is your register about?"),
        widget=forms.RadioSelect,
        help_text=_("Each order updates a register of one kind."),
        error_messages={
            "required": _("Choose what your register is about."),
            "invalid_choice": _("Choose one of the kinds that the permit covers."),
        },
    )

    def __init__(self, *args: Any, permit: Permit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(kind.value, kind.label) for kind in permit.subjects]
        self.fields["subject"].choices = choices  # type: ignore[attr-defined]


class DescribeForm(forms.ModelForm):
    """Who answers, what the register is, and which of the permit's fields are wanted."""

    fields_wanted = forms.MultipleChoiceField(
        label=_("Data to be delivered"),
        help_text=_("Choose only what you need. Your permit covers the data listed here."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one piece of data.")},
    )
    formats = forms.MultipleChoiceField(
        label=_("Form of the delivery"),
        help_text=_("Choose one or several. Each can be downloaded by itself."),
        choices=Format.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one form of the delivery.")},
    )

    class Meta:
        model = Order
        fields = [
            "contact_name",
            "contact_email",
            "contact_phone",
            "register_name",
            "register_description",
            "students",
            "wanted_on",
        ]
        widgets = {
            "students": forms.RadioSelect,
            "register_description": forms.Textarea(attrs={"rows": 4}),
            "wanted_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }
        labels = {"contact_name": _("Name"), "wanted_on": _("Day by which you want the delivery")}
        help_texts = {
            "contact_name": _("Who answers our questions about the register."),
            "contact_email": _("We never send personal data by e-mail."),
            "register_name": _("The name that you use of it, for example “Student register”."),
            "register_description": _(
                "For example what the register is used for and when it was last updated."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        order = self.instance
        for name, message in REQUIRED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = message
        self.fields["contact_email"].error_messages["invalid"] = _(
            "Enter an e-mail address, such as name@school.example."
        )
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact_email"].widget.attrs["autocomplete"] = "email"
        self.fields["contact_phone"].widget.attrs.update(autocomplete="tel", type="tel")
        self.fields["students"].choices = StudentGroup.choices  # type: ignore[attr-defined]
        if not policies.asks_whose_data(order):
            del self.fields["students"]
        self._ask_for_a_day(self.fields["wanted_on"], order.window_if_placed(policies.today()).opens)
        choices = _field_choices(order.covered_fields, order.subject)
        self.fields["fields_wanted"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("formats", order.formats)
        self.initial.setdefault("fields_wanted", self.instance.fields if self.instance.register_name else [])

    @staticmethod
    def _ask_for_a_day(field: Any, earliest: date) -> None:
        field.help_text = _(
            "%(day)s at the earliest. Our officials see your wish, but the delivery window still decides when"
            " the delivery comes."
        ) % {"day": day_words(earliest)}
        field.widget.attrs["min"] = str(earliest)
        field.error_messages["invalid"] = _("Enter a day, such as 23.11.2026.")

    def clean_wanted_on(self) -> date | None:
        day: date | None = self.cleaned_data["wanted_on"]
        try:
            policies.check_wish(self.instance, day)
        except Denied as denied:
            raise forms.ValidationError(denied.reason) from None
        return day

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"]
        if phone and not is_phone(phone):
            raise forms.ValidationError(PHONE_TEXT)
        return phone

    @classmethod
    def with_package(cls, typed: Any, package: str, order: Order) -> "DescribeForm":
        """The form with what was typed, and the fields of a data package chosen that the permit has."""
        fields = order.covered_fields
        if package in {"A", "B"}:
            fields = [field.name for field in fields_of_package(package) if field.name in fields]
        chosen = {"fields_wanted": fields, "formats": typed.getlist("formats")}
        return cls(instance=order, initial=typed.dict() | chosen)

    def details(self) -> dict[str, Any]:
        """The valid form's values as the order's details."""
        values = dict(self.cleaned_data)
        return values | {"fields": values.pop("fields_wanted")}


REQUIRED = {
    "contact_name": _("Enter the contact person’s name."),
    "contact_email": _("Enter the contact person’s e-mail address."),
    "register_name": _("Enter the register’s name."),
    "students": _("Choose whose data the register holds."),
}


def _field_choices(names: list[str], subject: str) -> list[tuple[Any, list[tuple[str, Any]]]]:
    return [
        (group, [(name, _choice(text)) for name, text in fields])
        for group, fields in field_texts.grouped(names, subject)
    ]


def _choice(text: field_texts.FieldText) -> Any:
    if not text.help:
        return text.label
    return format_html('{}<span class="muted small choice-help">{}</span>', text.label, text.help)


class UploadForm(forms.Form):
    """A register. Pass `too_large` where the upload was stopped for its size (`portal.uploads`)."""

    register = forms.FileField(
        label=_("Register"),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": _("Choose the file that you want to send."),
            "empty": _("The file is empty. Choose a file that has a header row and your rows."),
            "missing": _("Choose the file that you want to send."),
        },
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        self.too_large = too_large
        super().__init__(*args, **kwargs)
        if too_large:
            self.fields["register"].error_messages["required"] = self.too_large_reason()

    def too_large_reason(self) -> str:
        return too_large_reason()

    def clean_register(self) -> Any:
        upload = self.cleaned_data["register"]
        if reason := unfit_reason(upload.head, upload.size):
            raise forms.ValidationError(reason, code="unsupported_type")
        return upload


class FormUploadForm(UploadForm, StartForm):
    """A filled order form, and the permit under which it orders."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["register"].label = _("Filled order form")
        self.fields["register"].widget.attrs["accept"] = ".xlsx"
        empty = _("The file is empty. Choose the order form that you have filled in.")
        self.fields["register"].error_messages["empty"] = empty
        self.order_fields(["token", "permit", "register"])

    def too_large_reason(self) -> str:
        return str(PROBLEMS["form_too_large"])

    def clean_register(self) -> Any:
        if self.cleaned_data["register"].size > largest_packed():
            raise forms.ValidationError(self.too_large_reason())
        upload = self.cleaned_data["register"]
        if not upload.head.startswith(PACKED):
            raise forms.ValidationError(
                _(
                    "This is not the order form. Only the order form, filled in as an Excel workbook (.xlsx),"
                    " is sent here. A register of its own is sent in a new order."
                )
            )
        return upload


class PlaceForm(forms.Form):
    """The terms accepted and the promises made by name. `seen` is the fingerprint of what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    accepted_by = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("You accept the terms on behalf of your organisation."),
        error_messages={"required": _("Enter your name.")},
    )
    accepted = forms.BooleanField(
        label=_("I have read the terms of the permit, and my organisation commits to them."),
        error_messages={"required": _("The order can be placed only when you accept the terms.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for statement in Statement:
            self.fields[statement.value] = forms.BooleanField(
                label=statement.label,
                error_messages={
                    "required": _("Give the assurance: %(promise)s") % {"promise": statement.label}
                },
            )

    @property
    def promises(self) -> list[forms.BoundField]:
        return [self[statement.value] for statement in Statement]

    @property
    def attested(self) -> list[str]:
        """What a valid form promises."""
        return [name for name in Statement.values if self.cleaned_data[name]]


class ReleaseForm(forms.Form):
    """Why a delivery is released before its window opens."""

    reason = forms.CharField(
        label=_("Reason for the early release"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Do not write personal data here."),
        error_messages={"required": _("Enter the reason for the early release.")},
    )
