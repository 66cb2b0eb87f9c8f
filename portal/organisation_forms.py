"""The forms of coming in: an organisation's facts, joining one, inviting to one, roles, verification."""

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from stdnum.fi import ytunnus

from portal.models import Organisation, OrganisationKind
from portal.organisations import CHECKED_FACTS, FACTS, check_name
from portal.roles import CUSTOMER_ROLES, Role

ROLE_TEXTS = {
    Role.APPLICANT: _("Applicant: makes orders and applies for permits"),
    Role.SIGNATORY: _("Signing official: signs for the organisation and accepts the terms of permits"),
    Role.MANAGER: _("Manager of members: invites, admits and removes members and gives roles"),
}
REQUIRED = {
    "name": _("Enter the organisation’s name."),
    "business_id": _("Enter the business ID."),
    "kind": _("Choose the kind of the organisation."),
    "street": _("Enter the street address."),
    "postal_code": _("Enter the postal code."),
    "post_office": _("Enter the post office."),
    "signing_official_name": _("Enter the signing official’s name."),
    "signing_official_title": _("Enter the signing official’s title."),
}


def business_id_of(text: str) -> str:
    """A business ID in its one way of writing, where it has its eight digits; else the text as it is."""
    digits = ytunnus.compact(text)
    return f"{digits[:7]}-{digits[7]}" if re.fullmatch(r"[0-9]{8}", digits) else text.strip()


class OrganisationForm(forms.ModelForm):
    """The facts of an organisation; of a verified one only those that it keeps up itself."""

    class Meta:
        model = Organisation
        fields = list(FACTS)
        widgets = {"kind": forms.RadioSelect}
        labels = {"name": _("Name of the organisation"), "kind": _("Kind of the organisation")}
        help_texts = {
            "name": _("As it stands in the business register."),
            "business_id": _("Seven digits, a hyphen and a check digit, for example 1234567-1."),
            "signing_official_name": _("The person who may sign for the organisation."),
            "signing_official_title": _("For example “Principal” or “Head of administration”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.status == "verified":
            for name in CHECKED_FACTS:
                del self.fields[name]
        for name, field in self.fields.items():
            field.required = True
            field.error_messages["required"] = REQUIRED[name]
        if "kind" in self.fields:
            kinds = [(value, label) for value, label in OrganisationKind.choices if value != "registry"]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
            self.fields["name"].widget.attrs["autocomplete"] = "organization"
        five_digits = RegexValidator(r"^[0-9]{5}$", _("A postal code has five digits."))
        self.fields["postal_code"].validators.append(five_digits)
        self.fields["postal_code"].widget.attrs |= {"autocomplete": "postal-code", "inputmode": "numeric"}
        self.fields["street"].widget.attrs["autocomplete"] = "street-address"

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        try:
            check_name(name)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from None
        return name

    def clean_business_id(self) -> str:
        return business_id_of(self.cleaned_data["business_id"])

    def validate_unique(self) -> None:
        """The organisation that has the business ID is told by name, so that one can ask to join it."""
        if self.existing is not None:
            self.add_error("business_id", _("An organisation with this business ID is already registered."))

    @cached_property
    def existing(self) -> Organisation | None:
        """Another organisation with the business ID; names of organisations are public."""
        taken = Organisation.objects.filter(business_id=self.cleaned_data.get("business_id", ""))
        return taken.exclude(pk=self.instance.pk).first()

    def facts(self) -> dict[str, str]:
        """The facts, each on one line: they stand in messages and on letters."""
        return {name: " ".join(self.cleaned_data[name].split()) for name in self.fields}


class JoinForm(forms.Form):
    """Which organisation one asks to join, by its business ID."""

    business_id = forms.CharField(
        label=_("Business ID of the organisation"),
        help_text=_("Seven digits, a hyphen and a check digit, for example 1234567-1."),
        max_length=20,
        error_messages={"required": REQUIRED["business_id"]},
    )
    text = forms.CharField(
        label=_("Message to the organisation"),
        help_text=_("For example your unit and your task. Those who manage the members read it."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_business_id(self) -> str:
        business_id = business_id_of(self.cleaned_data["business_id"])
        self.organisation = Organisation.objects.filter(business_id=business_id).first()
        if self.organisation is None:
            raise forms.ValidationError(
                _("No organisation with this business ID uses the service. Check it, or register yours.")
            )
        return business_id


class RolesForm(forms.Form):
    """The roles of a member."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, ROLE_TEXTS[role]) for role in CUSTOMER_ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )


class InviteForm(RolesForm):
    """Whom to invite, and to which roles."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("A personal work address. Only who has confirmed this address can accept."),
        error_messages={
            "required": _("Enter the e-mail address."),
            "invalid": _("Enter an e-mail address, such as name@school.example."),
        },
    )
    field_order = ["email", "roles"]


class RefuseForm(forms.Form):
    """Why an organisation is not verified as it stands."""

    refused_reason = forms.CharField(
        label=_("What has to be corrected"),
        help_text=_("The organisation’s members read this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason, so that the organisation knows what to correct.")},
    )
