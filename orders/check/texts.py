"""What a check finds, in words: on the page and in the files alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.fields import CODE_FIELDS
from orders.check import input_texts, messages
from portal.templatetags.components import thousands

INVALID: dict[str, Any] = {
    "person": gettext_lazy("Invalid identity code: %(reason)s"),
    "building": gettext_lazy("Invalid building identifier: %(reason)s"),
    "real_estate": gettext_lazy("Invalid real-estate code: %(reason)s"),
}
REPEATED: dict[str, Any] = {
    "person": gettext_lazy("The same identity code as on an earlier row"),
    "building": gettext_lazy("The same building identifier as on an earlier row"),
    "real_estate": gettext_lazy("The same real-estate code as on an earlier row"),
}
TOO_LITTLE: dict[str, Any] = {
    "person": gettext_lazy(
        "Too little to search with: no identity code, and no name with a date of birth or an address"
    ),
    "building": gettext_lazy("Too little to search with: no building identifier and no address"),
    "real_estate": gettext_lazy(
        "Too little to search with: no real-estate code, no address and no name with a municipality"
    ),
}
REASONS = messages.CODE_REASONS | {"format": gettext_lazy("not written as such a code is")}
UNREADABLE = ("birth_date", "sex", "postal_code")


@dataclass(frozen=True)
class Texts:
    """The findings of a register of persons, buildings or real estate in words."""

    subject: str

    def of(self, kind: str, reason: str = "", field: str = "") -> str:
        """One kind of finding; `reason` and `field` where it has them."""
        if kind == "invalid":
            return str(INVALID[self.subject]) % {"reason": REASONS.get(reason, reason)}
        if kind == "repeated":
            return str(REPEATED[self.subject])
        if kind == "too_little":
            return str(TOO_LITTLE[self.subject])
        if kind == "sex_unlike_code":
            return _("The sex is not the one that the identity code tells of")
        return _("Cannot be read: %(field)s") % {"field": input_texts.INPUT_FIELDS.get(field, field)}

    def every(self) -> Iterator[tuple[str, str, str]]:
        """Every kind with its reason and field."""
        code = CODE_FIELDS[self.subject]
        yield from (("invalid", reason, code) for reason in REASONS)
        yield ("repeated", "", code)
        yield ("too_little", "", "")
        yield ("sex_unlike_code", "", "sex")
        yield from (("unreadable", "", field) for field in UNREADABLE)


def left_out(held: int, total: int) -> str:
    return _("These are the first %(held)s of %(total)s findings. The rest are not listed.") % {
        "held": thousands(held),
        "total": thousands(total),
    }
