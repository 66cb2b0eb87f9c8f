"""Downloading the delivery."""

from datetime import date

import pytest
from django.urls import reverse

from orders.models import Delivery
from permits import states as permit_states
from permits.models import Permit
from portal.models import AuditEvent
from tests import factories


def page_of(order, form: str = "csv") -> str:  # type: ignore[no-untyped-def]
    return reverse("orders:download", args=[order.pk, form])


def count(event: str) -> int:
    return AuditEvent.objects.filter(event=event).count()


def test_the_csv_file_comes_whole_named_by_the_order_and_is_never_cached(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    response = sign_in(cast.secretary).get(page_of(order))
    content = response.getvalue()
    assert content.decode().splitlines()[0].startswith("Henkilötunnus,")
    assert response["Content-Disposition"] == f'attachment; filename="{order.number}.csv"'
    assert int(response["Content-Length"]) == len(content)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert count("delivery.downloaded") == 1


def test_the_workbook_comes_too(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    assert sign_in(cast.colleague).get(page_of(order, "xlsx")).getvalue().startswith(b"PK")


def test_a_look_at_the_header_is_no_download(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    response = sign_in(cast.secretary).head(page_of(order))
    assert response.status_code == 200
    assert order.number in response["Content-Disposition"]
    assert count("delivery.downloaded") == 0


def test_an_expired_delivery_is_refused_with_the_reason_and_the_refusal_is_audited(
    cast, sign_in, store
) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    Delivery.objects.update(expires_on=date(2026, 1, 1))
    response = sign_in(cast.secretary).get(page_of(order), headers={"accept-language": "en"})
    assert response.status_code == 403
    assert "The delivery has expired." in response.content.decode()
    assert count("delivery.refused") == 1


def test_a_permit_that_was_revoked_since_stops_the_download(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    Permit.objects.update(status=permit_states.REVOKED)
    assert sign_in(cast.secretary).get(page_of(order)).status_code == 403


def test_before_the_delivery_there_is_nothing_to_download(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    client = sign_in(cast.secretary)
    assert client.get(page_of(order)).status_code == 403
    assert client.head(page_of(order)).status_code == 403


@pytest.mark.parametrize("form", ["pdf", "links", "material"])
def test_no_other_file_of_the_order_can_be_had(cast, sign_in, form: str) -> None:
    order = factories.described_order(cast.secretary)
    assert sign_in(cast.secretary).get(page_of(order, form)).status_code == 404


def test_an_outsider_gets_404_and_an_official_403(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    assert sign_in(cast.outsider).get(page_of(order)).status_code == 404
    assert sign_in(cast.official).get(page_of(order)).status_code == 403
