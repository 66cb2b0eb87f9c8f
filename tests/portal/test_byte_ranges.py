"""Which part of a file a request asks for (RFC 9110, 14)."""

import pytest
from django.test import RequestFactory

from portal.byte_ranges import Part, Unsatisfiable, asked_part

ETAG = '"abc"'


def asked(header: str = "", size: int = 100, method: str = "get", **headers: str) -> Part:
    given = {"range": header} if header else {}
    request = getattr(RequestFactory(), method)("/", headers=given | headers)
    return asked_part(request, size, ETAG)


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-", 10, 99),
        ("bytes=-5", 95, 99),
        ("bytes=90-200", 90, 99),
        ("bytes=-500", 0, 99),
        ("bytes=99-99", 99, 99),
    ],
)
def test_one_range_gives_its_bytes(header: str, first: int, last: int) -> None:
    assert asked(header) == Part(first, last, is_range=True)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes=0-1,5-6",
        "lines=1-2",
        "bytes=",
        "bytes=-",
        "bytes=9-1",
        "bytes=a-b",
        "bytes=1" + "0" * 30 + "-",
    ],
)
def test_what_is_no_single_range_gives_the_whole(header: str) -> None:
    assert asked(header) == Part(0, 99, is_range=False)


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_the_file_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        asked(header)


def test_an_empty_file_has_no_range() -> None:
    assert asked(size=0) == Part(0, 0, is_range=False)
    with pytest.raises(Unsatisfiable):
        asked("bytes=0-", size=0)


def test_a_range_of_another_content_gives_the_whole() -> None:
    assert asked("bytes=10-", **{"if-range": ETAG}).is_range
    for other in ('"abd"', 'W/"abc"', "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert asked("bytes=10-", **{"if-range": other}) == Part(0, 99, is_range=False)


def test_a_range_is_for_get_alone() -> None:
    assert not asked("bytes=10-", method="head").is_range
