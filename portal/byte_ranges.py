"""Part of a file by HTTP: the range that a request asks for (RFC 9110, 14), so that a download can go on."""

import re
from dataclasses import dataclass

from django.http import HttpRequest

ONE = re.compile(r"bytes=\s*(\d*)-(\d*)\s*", re.ASCII)
MOST_DIGITS = 18


@dataclass(frozen=True)
class Part:
    """The bytes from `first` to `last`, both in it; `is_range` where the request named them."""

    first: int
    last: int
    is_range: bool

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class Unsatisfiable(Exception):
    """No byte of what is asked for is in the file: status 416."""


def asked_part(request: HttpRequest, size: int, etag: str) -> Part:
    """The part that the request asks for; all of it where it names none, or several, or another content.

    Raises Unsatisfiable.
    """
    whole = Part(0, max(size - 1, 0), is_range=False)
    header, condition = request.headers.get("range", ""), request.headers.get("if-range", "")
    found = ONE.fullmatch(header)
    if request.method != "GET" or found is None or (condition and condition.strip() != etag):
        return whole
    start, end = found.groups()
    if (not start and not end) or max(len(start), len(end)) > MOST_DIGITS:
        return whole
    if start and end and int(end) < int(start):  # no range at all: to be ignored
        return whole
    first = int(start) if start else max(size - int(end), 0)
    last = min(int(end), size - 1) if start and end else size - 1
    if first >= size or (not start and int(end) == 0):
        raise Unsatisfiable
    return Part(first, last, is_range=True)
