"""The forms of a legal hold: placed and lifted with a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HoldForm(forms.Form):
    """Why nothing of an order may be deleted, and what of it the customer is told."""

    reason = forms.CharField(
        label=_("Reason for the hold"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only officials see the reason. Do not write personal data here."),
        error_messages={"required": _("Enter the reason for the hold.")},
    )
    told = forms.CharField(
        label=_("What the customer is told of it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Left empty, the customer sees only that there is a hold."),
    )


class LiftForm(forms.Form):
    """Why a hold ends."""

    reason = forms.CharField(
        label=_("Reason for which the hold is lifted"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only officials see the reason. Do not write personal data here."),
        error_messages={"required": _("Enter the reason for which the hold is lifted.")},
    )
