"""The forms around a delivery: its duties, its making anew, and the organisation's own key."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.delivery import own_keys
from orders.models import ReissueCause
from portal.access import Denied


class AcknowledgeForm(forms.Form):
    """The duties that go with protected persons' data, acknowledged by name."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )
    acknowledged = forms.BooleanField(
        label=_("I have read the duties, and I see to it that they are kept."),
        error_messages={
            "required": _("The delivery can be downloaded only when the duties are acknowledged.")
        },
    )


class ReissueForm(forms.Form):
    """Why a delivery is made anew. `seen`: the number of the delivery that the page showed.

    Who has got a turvakielto is no matter for the customer to guess at.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    cause = forms.ChoiceField(
        label=_("Why is the delivery to be made anew?"),
        choices=ReissueCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the delivery is to be made anew.")},
    )
    reason = forms.CharField(
        label=_("Tell more"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Do not write personal data here."),
        error_messages={"required": _("Tell why the delivery is to be made anew.")},
    )

    def __init__(self, *args: Any, by_official: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_official:
            field: Any = self.fields["cause"]
            field.choices = [one for one in ReissueCause.choices if one[0] != ReissueCause.PROTECTION]


class OwnKeyForm(forms.Form):
    """An age public key; a private one that was pasted by mistake is never shown again."""

    key = forms.CharField(
        label=_("Public key"),
        max_length=2000,
        help_text=_("One line that begins with age1, as age-keygen shows it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Enter the public key.")},
    )

    def __init__(self, data: Any = None) -> None:
        self.was_private = data is not None and own_keys.is_private(data.get("key", ""))
        super().__init__({"key": own_keys.PRIVATE_MARK} if self.was_private else data)

    def clean_key(self) -> str:
        try:
            return own_keys.checked(self.cleaned_data["key"])
        except Denied as denied:
            raise forms.ValidationError(denied.reason) from None
