"""The API's lists page by page; a cursor that is none of ours leads nowhere, and breaks nothing."""

from base64 import b64encode
from types import SimpleNamespace

import pytest

from portal.api import KeysetPages
from tests import factories

LISTS = ["/api/v1/orders/", "/api/v1/permits/", "/api/v1/applications/"]
BROKEN = [
    b"p=notadate", b"p=2026", b"p=", b"p=2026-01-01", b"p=2026-01-01+00:00:00", b"r=1&p=\0",
    b"o=99999&p=2026", b"o=-1", b"o=x", b"r=x", b"p=2026-13-01+00%3A00%3A00%2B00%3A00", b"\xff",
    b"p=0001-01-01+00%3A00%3A00%2B23%3A59", b"p=9999-12-31+23%3A59%3A59-23%3A59",
]  # fmt: skip


@pytest.mark.parametrize("cursor", BROKEN)
@pytest.mark.parametrize("path", LISTS)
def test_a_broken_cursor_is_not_found(cast: SimpleNamespace, sign_in, path: str, cursor: bytes) -> None:  # type: ignore[no-untyped-def]
    response = sign_in(cast.secretary).get(path, {"cursor": b64encode(cursor).decode()})
    assert response.status_code == 404
    assert response.json().keys() == {"detail"}


@pytest.mark.parametrize("cursor", ["ä", "a"])
def test_what_is_no_base64_is_not_found(cast: SimpleNamespace, sign_in, cursor: str) -> None:  # type: ignore[no-untyped-def]
    assert sign_in(cast.secretary).get(LISTS[0], {"cursor": cursor}).status_code == 404


@pytest.mark.parametrize("moment", ["0001-01-01 00:00:00+00:00", "9999-12-31 23:59:59+00:00"])
def test_the_first_and_the_last_moment_break_nothing(cast: SimpleNamespace, sign_in, moment: str) -> None:  # type: ignore[no-untyped-def]
    cursor = b64encode(b"p=" + moment.replace("+", "%2B").encode()).decode()
    assert sign_in(cast.secretary).get(LISTS[0], {"cursor": cursor}).status_code == 200


def test_our_own_cursors_lead_to_the_next_page_and_back(cast: SimpleNamespace, sign_in, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(KeysetPages, "page_size", 1)
    orders = [str(factories.draft_order(cast.secretary).pk) for _ in range(3)]
    client, address, seen = sign_in(cast.secretary), LISTS[0], []
    while address:
        page = client.get(address).json()
        seen += [one["id"] for one in page["results"]]
        address = page["next"]
    assert seen == orders[::-1]
    assert client.get(page["previous"]).json()["results"][0]["id"] == orders[1]
