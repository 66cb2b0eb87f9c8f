"""A sender of large uploads over real sockets, which can break the line in the middle of a part."""

import contextlib
import hashlib
import http.client
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from portal.processes import wait_until
from tests.service import Service

MIB = 1024 * 1024
TOKEN = "a" * 32
HEADER = b"own_row_identifier________,hetu\n"
ROWS = b"".join(b"%019d,010594Y9032\n" % row for row in range(MIB // len(HEADER)))


def mebibyte(number: int) -> bytes:
    """One MiB of a register of any length, each of them another: rows of 32 bytes."""
    if number == 0:
        return HEADER + ROWS[len(HEADER) :]
    return b"9%018d,010594Y9032\n" % number + ROWS[len(HEADER) :]


def content(start: int, end: int) -> Iterator[bytes]:
    """The register's bytes in blocks, without the whole ever being in memory."""
    while start < end:
        number, within = divmod(start, MIB)
        block = mebibyte(number)[within : within + end - start]
        yield block
        start += len(block)


def sha256(length: int) -> str:
    digest = hashlib.sha256()
    for block in content(0, length):
        digest.update(block)
    return digest.hexdigest()


class Sender:
    """A signed-in customer's client, for one order."""

    def __init__(self, service: Service) -> None:
        self.order, session = service.run("-m", "tests.processes.act", "session").split()
        place = urlsplit(service.address)
        self.host, self.port = place.hostname or "", place.port or 80
        self.headers = {
            "Host": place.netloc,
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Tus-Resumable": "1.0.0",
        }

    def ask(self, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers=self.headers | told)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response

    def begin(self, length: int) -> str:
        response = self.ask("POST", f"/orders/{self.order}/uploads/", Upload_Length=str(length))
        assert response.status == 201, response.status
        return response.headers["Location"]

    def offset(self, place: str) -> int:
        return int(self.ask("HEAD", place).headers["Upload-Offset"])

    def send(self, place: str, start: int, end: int, *, until: int | None = None, reset: bool = False) -> int:
        """Send a part; its answer's status. With `until` the line breaks there: closed, or reset."""
        with socket.create_connection((self.host, self.port), timeout=120) as line:
            line.sendall(self._head(place, start, end - start))
            for block in content(start, end if until is None else until):
                line.sendall(block)
            if until is None:
                return int(line.makefile("rb").readline().split()[1])
            if reset:
                time.sleep(0.5)  # a reset discards what the other side has not read yet
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return 0

    def wait_for_more_than(self, place: str, offset: int) -> int:
        """The upload's offset, once the web has noticed that the line broke and has kept what came."""
        wait_until("the broken part", lambda: self.offset(place) > offset, 60, every=0.05)
        return self.offset(place)

    def _head(self, place: str, offset: int, length: int) -> bytes:
        told = self.headers | {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(length),
        }
        lines = [f"PATCH {place} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        return "\r\n".join([*lines, "", ""]).encode()


def send_with_breaks(sender: Sender, length: int, parts: int = 4) -> str:
    """Send a register whose line breaks in the middle of the first three of its parts; its address."""
    place, step = sender.begin(length), length // parts
    for turn, start in enumerate(range(0, length, step)):
        end = min(start + step, length)
        if turn < 3:
            middle = start + step // 2
            sender.send(place, start, end, until=middle, reset=turn % 2 == 1)
            start = sender.wait_for_more_than(place, start)
            assert start <= middle
        assert sender.send(place, start, end) == 204
    return place


def web_processes(service: Service) -> list[int]:
    """The process ids of the web and its workers."""
    main = service.processes.running["web"].pid
    children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
    return [main, *map(int, children)]


def forget_peaks(service: Service) -> None:
    for pid in web_processes(service):
        with contextlib.suppress(OSError):
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def memory(service: Service, field: str = "VmHWM") -> int:
    """The most memory in bytes that any of the web's processes has had (or has now: VmRSS)."""

    def of(pid: int) -> int:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{field}:"))

    return max(map(of, web_processes(service)))
