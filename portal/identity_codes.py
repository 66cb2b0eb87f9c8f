"""Personal identity codes (henkilötunnus) in what people write where none belongs."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from stdnum.fi import hetu

_LOOKS_LIKE_ONE = re.compile(r"(?<!\w)\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?!\w)", re.ASCII | re.IGNORECASE)
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


def holds_identity_code(text: str) -> bool:
    """Whether there is a code in the text with its check character right; a case number is none."""
    found = _LOOKS_LIKE_ONE.findall(text.translate(_HYPHENS))
    return any(hetu.is_valid(code, allow_temporary=True) for code in found)


def without_identity_codes(text: str) -> None:
    """For a form's field: messages and reasons are read by many, and are kept for years."""
    if holds_identity_code(text):
        raise ValidationError(_("Do not write identity codes here."), code="identity_code")
