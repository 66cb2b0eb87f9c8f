"""The forms of a permission for a third party: the holder asks, an official decides."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders import policies
from orders.models import Order
from permits import field_texts
from portal.models import validate_business_id


class AskForm(forms.Form):
    """To whom the data would be given, which, what for, on what ground, how protected and until when."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    recipient = forms.CharField(
        label=_("Name of the receiving organisation"),
        max_length=200,
        error_messages={"required": _("Enter the name of the receiving organisation.")},
    )
    business_id = forms.CharField(
        label=_("Business ID of the receiving organisation"),
        max_length=9,
        validators=[validate_business_id],
        help_text=_("Seven digits, a hyphen and a check digit, as in 1234567-1."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": "12"}),
        error_messages={"required": _("Enter the business ID of the receiving organisation.")},
    )
    recipient_email = forms.EmailField(
        label=_("E-mail of the receiving organisation"),
        help_text=_("We tell the decision there too. Use a shared address, such as the registry office’s."),
        error_messages={
            "required": _("Enter an e-mail address of the receiving organisation."),
            "invalid": _("Enter an e-mail address, such as name@school.example."),
        },
    )
    fields_wanted = forms.MultipleChoiceField(
        label=_("Data to be given on"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only data that the delivery holds can be asked for. Choose no more than is needed."),
        error_messages={"required": _("Choose the data to be given on.")},
    )
    purpose = forms.CharField(
        label=_("What the recipient uses the data for"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tell what the recipient uses the data for.")},
    )
    legal_ground = forms.CharField(
        label=_("Law on which the giving is based"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Act and section."),
        error_messages={"required": _("Tell the act and the section.")},
    )
    protection = forms.CharField(
        label=_("How the recipient protects the data"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who may handle the data, how they are transferred and kept, and when they are deleted."),
        error_messages={"required": _("Tell how the recipient protects the data.")},
    )
    valid_to = forms.DateField(
        label=_("Last day of the permission"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Enter the last day of the permission.")},
    )

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        delivered = order.delivery.fields if order.delivery else []
        wanted: Any = self.fields["fields_wanted"]
        wanted.choices = [
            (group, [(name, text.label) for name, text in fields])
            for group, fields in field_texts.grouped(list(delivered), order.subject)
        ]

    def clean_valid_to(self) -> date:
        day: date = self.cleaned_data["valid_to"]
        if day < policies.today():
            raise forms.ValidationError(_("The last day must not be in the past."))
        return day

    def details(self) -> dict[str, Any]:
        """What is asked for, as `orders.third_parties.permissions.ask` takes it."""
        cleaned = dict(self.cleaned_data)
        cleaned.pop("token")
        return cleaned | {"fields": cleaned.pop("fields_wanted")}


class DecideForm(forms.Form):
    """An official's decision: conditions where it grants, reasons where it refuses."""

    GRANT, REFUSE = "grant", "refuse"
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[(GRANT, _("The permission is granted")), (REFUSE, _("The permission is refused"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the decision.")},
    )
    conditions = forms.CharField(
        label=_("Conditions"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Required when you grant. Both organisations are bound by them."),
        error_messages={"required": _("Enter the conditions of the permission.")},
    )
    reasons = forms.CharField(
        label=_("Reasons"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Required when you refuse. Do not write personal data here."),
        error_messages={"required": _("Enter the reasons for the refusal.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What the chosen decision needs is required; before one is chosen, the hints tell."""
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.fields["conditions"].required = self.data.get("decision") == self.GRANT
            self.fields["reasons"].required = self.data.get("decision") == self.REFUSE
