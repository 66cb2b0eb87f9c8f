"""Rules of a new password, in words of our own: Django's lack Finnish, or name what nobody typed."""

from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    NumericPasswordValidator,
    UserAttributeSimilarityValidator,
)
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("The password is too short: it must have at least %(count)d characters.") % self._count

    def get_help_text(self) -> str:
        return _("The password must have at least %(count)d characters.") % self._count

    @property
    def _count(self) -> dict[str, int]:
        return {"count": self.min_length}


class NotDigitsAlone(NumericPasswordValidator):
    def get_error_message(self) -> str:
        return _("The password is made of digits alone: use other characters too.")

    def get_help_text(self) -> str:
        return _("The password must not be made of digits alone.")


class UnlikeTheAddress(UserAttributeSimilarityValidator):
    """The e-mail address is what a user has of Django's attributes."""

    def get_error_message(self) -> str:
        return _("The password is too much like your e-mail address.")

    def get_help_text(self) -> str:
        return _("The password must not be like your e-mail address.")
