"""The form of a search in the disclosure register."""

import re
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as InvalidCode
from stdnum.fi import hetu

from orders.models import SearchGround

MOST_CODES = 10
_CODE = re.compile(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", re.IGNORECASE | re.ASCII)


class SearchForm(forms.Form):
    """A person's identity codes and the ground. What is typed as a code is never shown again, nor kept."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    ground = forms.ChoiceField(
        label=_("Ground for the search"),
        choices=SearchGround.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the ground for the search."),
            "invalid_choice": _("Choose the ground for the search."),  # Django's own repeats what was sent
        },
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        help_text=_("The number of the case or request. Do not write personal data here."),
        error_messages={"required": _("Enter a reference by which the ground can be checked.")},
    )
    codes = forms.CharField(
        label=_("Identity codes of the person"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "One code a line. Enter also the former codes: a delivery stands under the code that the person"
            " had then. The codes are not kept."
        ),
        error_messages={"required": _("Enter the person’s identity code.")},
    )

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        if _CODE.search(reference):
            raise forms.ValidationError(_("Do not write an identity code in the reference."))
        return reference

    def clean_codes(self) -> list[str]:
        lines = re.split(r"[\s,;]+", self.cleaned_data["codes"].strip())
        if len(lines) > MOST_CODES:
            raise forms.ValidationError(
                _("Enter the codes of one person, %(most)s at most.") % {"most": MOST_CODES}
            )
        wrong = [str(number) for number, line in enumerate(lines, 1) if not _is_valid(line)]
        if wrong:
            raise forms.ValidationError(
                _("Not a valid identity code: number %(numbers)s. Type the codes again.")
                % {"numbers": ", ".join(wrong)}
            )
        return list(dict.fromkeys(line.upper() for line in lines))

    def full_clean(self) -> None:
        """A form that comes back has its codes empty: they stand in no page that a browser may keep."""
        super().full_clean()
        if self.is_bound and self.errors:
            if "codes" not in self.errors:
                self.add_error("codes", _("Type the codes again: they are not kept."))
            kept: dict[str, Any] = dict(self.data.items())
            if "token" in self.errors:  # what was sent in its place may be anything
                kept["token"] = str(uuid.uuid4())
            if _CODE.search(kept.get("reference", "")):
                del kept["reference"]
            self.data = kept | {"codes": ""}


def _is_valid(text: str) -> bool:
    try:
        return _CODE.fullmatch(text) is not None and hetu.validate(text, allow_temporary=True) == text.upper()
    except InvalidCode:
        return False
