"""The forms of permits: the signing official's acceptance, and a reason for a change."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.identity_codes import without_identity_codes


class AcceptForm(forms.Form):
    """The signing official accepts the permit's terms and conditions by name."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    accepted = forms.BooleanField(
        label=_("I accept the terms and conditions of the permit for my organisation."),
        error_messages={"required": _("Accept the terms and conditions, or leave the page.")},
    )


class ReasonForm(forms.Form):
    """Why a permit is suspended, taken into use again or revoked."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The holder sees it. Write no names or identity codes of persons."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[without_identity_codes],
        error_messages={"required": _("Give the reason: the holder sees it.")},
    )


class SearchForm(forms.Form):
    """A word of a permit's number or of its holder's name."""

    q = forms.CharField(label=_("Number or organisation"), max_length=100, required=False)
