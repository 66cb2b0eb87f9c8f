"""Virus scan of what customers send: a small client of ClamAV's daemon.

CLAMD_ADDRESS names the daemon; where it is unset nothing is scanned. Where it is set, only an "OK" from the
daemon lets a file pass: everything else refuses it or makes it wait. A daemon passes what exceeds its limits
unless AlertExceedsMax is on: `deploy/clamd.conf` has it on, and limits above `WINDOW`.

A daemon can't take more than 2 GB. What is not packed is therefore scanned in windows that overlap, each
longer than any signature; what is packed can only be unpacked whole, and is refused above one window.
Protocol: INSTREAM of clamd(8), blocks with a 32-bit big-endian length, ended by a length of zero.
"""

import os
import socket
import struct
from collections.abc import Iterator
from typing import IO, Protocol

from django.conf import settings

from portal.outbox import Later

BLOCK = 128 * 1024
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 300.0  # above the daemon's MaxScanTime
WINDOW = 512 * 1024 * 1024
OVERLAP = 1024 * 1024
PACKED = b"PK"  # how workbooks and ZIP files begin
OVER_LIMIT = "Heuristics.Limits.Exceeded"


class VirusFound(Exception):
    """The file holds what a signature names; the exception's text is the signature's name."""


class TooLargeToScan(Exception):
    """The file, or what is packed in it, is more than the daemon looks at."""


class ScanFailed(Exception):
    """The daemon did not scan the file; the exception's text is its answer."""


class ScannerAway(Later):
    """No daemon answers at CLAMD_ADDRESS."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Window:
    """The next `left` bytes of a file."""

    def __init__(self, source: IO[bytes], left: int) -> None:
        self.source, self.left = source, left

    def read(self, size: int, /) -> bytes:
        block = self.source.read(min(size, self.left))
        self.left -= len(block)
        return block


def scan(source: IO[bytes]) -> None:
    """Have the daemon read the file to its end. Returns only where it found nothing.

    Raises VirusFound, TooLargeToScan, ScanFailed or ScannerAway.
    """
    if not settings.CLAMD_ADDRESS:
        return
    for window in windows(source):
        _pass(_ask(settings.CLAMD_ADDRESS, window))


def largest_packed() -> int:
    """The most bytes that a workbook or a ZIP file may have: what is packed is scanned in one piece."""
    return min(settings.UPLOAD_MAX_BYTES, WINDOW)


def windows(source: IO[bytes]) -> Iterator[Window]:
    """The file in pieces that the daemon can take. Raises TooLargeToScan for one that must not be cut."""
    size = source.seek(0, os.SEEK_END)
    source.seek(0)
    if size > WINDOW and source.read(len(PACKED)) == PACKED:
        raise TooLargeToScan
    for start in range(0, max(size - OVERLAP, 1), WINDOW - OVERLAP):
        source.seek(start)
        yield Window(source, WINDOW)


def _pass(answer: str) -> None:
    """Let only "OK" pass."""
    verdict = answer.removeprefix("stream: ")
    if verdict == "OK":
        return
    if OVER_LIMIT in verdict or "size limit exceeded" in verdict:
        raise TooLargeToScan
    if verdict.endswith(" FOUND"):
        raise VirusFound(verdict.removesuffix(" FOUND"))
    raise ScanFailed(verdict)


def _ask(address: str, source: Readable) -> str:
    try:
        with _connected(address) as daemon:
            cut = _send(daemon, source)
            answer = _answer(daemon)
    except OSError as error:
        raise ScannerAway(type(error).__name__) from None
    if not answer and not cut:
        raise ScannerAway("no answer")
    if cut and answer in {"", "stream: OK"}:
        raise ScanFailed("the stream was cut")
    return answer


def _send(daemon: socket.socket, source: Readable) -> bool:
    """Send the file; True where the daemon cut it off, as it does above StreamMaxLength."""
    try:
        daemon.sendall(b"zINSTREAM\0")
        while block := source.read(BLOCK):
            daemon.sendall(struct.pack(">I", len(block)) + block)
        daemon.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


def _connected(address: str) -> socket.socket:
    """A connection to `host:port`, or to the Unix socket whose path is given."""
    if address.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX)
        daemon.settimeout(CONNECT_SECONDS)
        try:
            daemon.connect(address)
        except OSError:
            daemon.close()
            raise
    else:
        host, _, port = address.rpartition(":")
        daemon = socket.create_connection((host, int(port)), CONNECT_SECONDS)
    daemon.settimeout(ANSWER_SECONDS)
    return daemon


def _answer(daemon: socket.socket) -> str:
    """What the daemon says up to its closing zero byte; empty where it says nothing."""
    answer = b""
    try:
        while not answer.endswith(b"\0") and (part := daemon.recv(4096)):
            answer += part
    except ConnectionResetError:
        return ""
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
