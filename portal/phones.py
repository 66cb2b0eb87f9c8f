"""What may be a telephone number, as people write it in any country."""

from django.utils.translation import gettext_lazy as _

FEWEST_DIGITS = 5

PHONE_TEXT = _("Write the whole telephone number, for example +358 29 123 4567.")


def is_phone(text: str) -> bool:
    """True unless the text has too few digits to be called."""
    return sum(character.isdigit() for character in text) >= FEWEST_DIGITS
