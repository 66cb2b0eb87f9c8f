"""The points that a handler goes through before a proposal (tarkistuslista), as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """A point: what is asked, on what law it rests, and which sections of the form it is about."""

    question: Any
    law: str
    sections: tuple[str, ...]


ITEMS: Mapping[str, Item] = {
    "applicant": Item(
        _("Is the applicant who it says, and may the signing official act for it?"),
        "661/2009",
        ("organisation",),
    ),
    "purpose": Item(_("Is the purpose of use specific and lawful?"), "GDPR 5.1 b", ("register",)),
    "legal_basis": Item(_("Does the law that is named give the right to these data?"), "GDPR 6", ("legal",)),
    "minimisation": Item(_("Is each piece of data needed for the purpose?"), "GDPR 5.1 c", ("data",)),
    "protected": Item(
        _("If data under a non-disclosure order are wanted: is the ground for them in law?"),
        "661/2009 36 §",
        ("data",),
    ),
    "identity_codes": Item(
        _("May the applicant process personal identity codes?"), "1050/2018 29 §", ("material",)
    ),
    "protection": Item(
        _("Is the protection of the data sufficient: access, logs, places?"),
        "661/2009 44 §, GDPR 32",
        ("protection",),
    ),
    "retention": Item(
        _("Are retention and disposal stated and fit for the purpose?"), "GDPR 5.1 e", ("protection",)
    ),
    "processors": Item(
        _("Are processors, transfers and disclosures to third parties in order?"),
        "GDPR 28, 44",
        ("protection",),
    ),
}
