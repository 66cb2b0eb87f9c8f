"""The audit trail knows where a request came from, and only our own proxy is believed."""

from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory

from portal.audit import current_source
from portal.middleware import client_address
from portal.models import AuditEvent
from tests.portal.test_sign_in import send_password


def test_an_event_holds_the_clients_address(cast: SimpleNamespace) -> None:
    send_password(Client(REMOTE_ADDR="192.0.2.7"), cast.secretary.email)
    assert AuditEvent.objects.get(event="user.signed_in").source == "192.0.2.7"
    assert current_source.get() == ""


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "expected"),
    [
        (False, "198.51.100.9", "192.0.2.7"),
        (True, "198.51.100.9", "198.51.100.9"),
        (True, "203.0.113.1, 198.51.100.9", "198.51.100.9"),
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "not an address", ""),
        (True, None, "192.0.2.7"),
    ],
)
def test_only_the_last_hop_of_our_own_proxy_is_believed(settings, behind_proxy, forwarded, expected) -> None:  # type: ignore[no-untyped-def]
    settings.BEHIND_PROXY = behind_proxy
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR="192.0.2.7").get("/", headers=headers)
    assert client_address(request) == expected
