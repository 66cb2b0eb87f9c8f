from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PermitsConfig(AppConfig):
    name = "permits"
    verbose_name = _("Permits")

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed

        from permits import tasks  # noqa: F401  its jobs have names that every process knows

        email_confirmed.connect(_claim_shares, dispatch_uid="claim shares")


def _claim_shares(email_address: Any, **_signal: Any) -> None:
    """What was shared with an address is read by whoever has confirmed it."""
    from permits.workflow import claim_shares

    claim_shares(email_address.user)
