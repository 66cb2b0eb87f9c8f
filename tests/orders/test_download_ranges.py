"""A broken download goes on where it stopped, and each download leaves a receipt."""

import pytest
from django.test import Client

from orders.models import DownloadReceipt, Order
from permits import states as permit_states
from permits.models import Permit
from portal import storage
from portal.models import AuditEvent
from tests import factories
from tests.orders.deliveries import content, page_of


@pytest.fixture
def order(cast, store) -> Order:
    return factories.delivered_order(cast.secretary, cast.official)


@pytest.fixture
def client(order, cast, sign_in) -> Client:
    return sign_in(cast.secretary)


def part(client: Client, order: Order, asked: str, **headers: str):  # type: ignore[no-untyped-def]
    return client.get(page_of(order), headers={"range": asked, **headers})


def test_a_download_goes_on_by_ranges_to_the_very_bytes(client, order) -> None:
    whole = content(order, "csv")
    first = part(client, order, "bytes=0-99")
    rest = part(client, order, "bytes=100-", **{"if-range": first["ETag"]})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first["Content-Range"] == f"bytes 0-99/{len(whole)}"
    assert rest["Content-Length"] == str(len(whole) - 100)
    assert first.getvalue() + rest.getvalue() == whole


def test_a_range_beyond_the_blocks_of_the_decryption_is_right(
    client, order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BLOCK", 7)
    whole = content(order, "csv")
    for first, last in ((0, 6), (6, 7), (13, 40), (len(whole) - 1, len(whole) - 1)):
        assert part(client, order, f"bytes={first}-{last}").getvalue() == whole[first : last + 1]


def test_the_header_tells_that_ranges_are_taken(client, order) -> None:
    response = client.head(page_of(order))
    assert response["Accept-Ranges"] == "bytes"
    assert int(response["Content-Length"]) == len(content(order, "csv"))
    assert response["ETag"] == client.get(page_of(order))["ETag"]


def test_a_range_outside_the_file_is_told_with_its_size_and_is_no_download(client, order) -> None:
    response = part(client, order, "bytes=9999999-")
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(content(order, 'csv'))}"
    assert not DownloadReceipt.objects.exists()


def test_what_was_begun_of_another_content_comes_whole(client, order) -> None:
    response = part(client, order, "bytes=100-", **{"if-range": '"of another delivery"'})
    assert response.status_code == 200
    assert response.getvalue() == content(order, "csv")


def test_each_part_is_checked_anew(client, order) -> None:
    assert part(client, order, "bytes=0-9").status_code == 206
    Permit.objects.update(status=permit_states.SUSPENDED)
    assert part(client, order, "bytes=10-").status_code == 403


def test_each_download_leaves_a_receipt_and_an_audit_row(client, order, cast) -> None:
    part(client, order, "bytes=0-9").getvalue()
    client.get(page_of(order, "xlsx")).getvalue()
    whole, some = DownloadReceipt.objects.order_by("-at")
    assert (some.by, some.first_byte, some.last_byte, some.is_whole) == (cast.secretary, 0, 9, False)
    assert (some.is_complete, whole.is_whole, whole.file.kind) == (True, True, "xlsx")
    event = AuditEvent.objects.get(event="delivery.downloaded", details__receipt=str(some.pk))
    assert (event.details["first"], event.details["last"]) == (0, 9)


def test_a_line_that_breaks_is_told_in_the_receipt(client, order, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "BLOCK", 10)
    response = client.get(page_of(order))
    next(iter(response.streaming_content))
    response._iterator.close()  # what the server does when the client is gone
    receipt = DownloadReceipt.objects.get()
    assert not receipt.is_whole
    assert receipt.ended_at is not None
    assert receipt.sent < receipt.size


def test_customer_and_official_see_the_receipts_and_an_outsider_nothing(client, order, cast, sign_in) -> None:
    client.get(page_of(order)).getvalue()
    english = {"accept-language": "en"}
    for user in (cast.secretary, cast.official):
        text = sign_in(user).get(f"/orders/{order.pk}/", headers=english).content.decode()
        assert cast.secretary.name in text
        assert "the whole file" in text
    assert sign_in(cast.outsider).get(f"/orders/{order.pk}/").status_code == 404
