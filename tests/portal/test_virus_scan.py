"""Virus scan against a real ClamAV daemon with one signature of our own, and against daemons that misbehave.

Where no `clamd` is installed the same tests run against a small server that speaks the daemon's protocol;
REQUIRE_CLAMD=1 makes the missing daemon a failure.
"""

import io
import os
import re
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.utils import timezone

from orders import workflow
from orders.models import Material
from permits import workflow as permit_workflow
from permits.models import Attachment
from portal import outbox, scan
from portal.models import AuditEvent, Job
from tests import factories, permit_factories

ROOT = Path(__file__).resolve().parent.parent.parent
SIGN = b"THIS-IS-OUR-OWN-TEST-SIGNATURE"
LIMITS = {"StreamMaxLength": "2M", "MaxFileSize": "1M", "MaxScanSize": "1M"}


class ProtocolPeer(socketserver.StreamRequestHandler):
    """INSTREAM as clamd(8) describes it, for machines without the daemon."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                content = b"".join(packed.read(name) for name in packed.namelist())
        self.wfile.write(b"stream: " + self.verdict(content) + b"\0")

    def verdict(self, content: bytes) -> bytes:
        if len(content) > 1024 * 1024:
            return b"Heuristics.Limits.Exceeded.MaxFileSize FOUND"
        return b"Own.Test.UNOFFICIAL FOUND" if SIGN in content else b"OK"


@pytest.fixture(scope="module")
def clamd() -> Iterator[str]:
    """The path of a daemon's socket, with the limits of `LIMITS`."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    if program is None and os.environ.get("REQUIRE_CLAMD") == "1":
        pytest.fail("REQUIRE_CLAMD=1, and there is no clamd")
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    folder.chmod(0o755)
    address = str(folder / "clamd.sock")
    try:
        if program:
            yield from _real_daemon(program, folder, address)
        else:
            yield from _peer(address)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _real_daemon(program: str, folder: Path, address: str) -> Iterator[str]:
    """The daemon with our own configuration file, but for its places and limits."""
    database = folder / "signatures"
    database.mkdir()
    (database / "own.ndb").write_text(f"Own.Test:0:*:{SIGN.hex()}\n")
    text = (ROOT / "deploy" / "clamd.conf").read_text()
    changes = LIMITS | {"DatabaseDirectory": str(database), "LocalSocket": address}
    for name, value in changes.items():
        text, count = re.subn(rf"^{name} .*$", f"{name} {value}", text, flags=re.MULTILINE)
        assert count == 1, name
    config = folder / "clamd.conf"
    config.write_text(re.sub(r"^(User|TCPSocket) .*$", "", text, flags=re.MULTILINE))
    daemon = subprocess.Popen([program, "--config-file", str(config)], stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            if Path(address).exists() or daemon.poll() is not None:
                break
            time.sleep(0.1)
        yield address
    finally:
        daemon.terminate()
        daemon.wait(20)


def _peer(address: str) -> Iterator[str]:
    with socketserver.ThreadingUnixStreamServer(address, ProtocolPeer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield address
        server.shutdown()


@pytest.fixture
def scanned(clamd: str, settings) -> str:  # type: ignore[no-untyped-def]
    settings.CLAMD_ADDRESS = clamd
    return clamd


def packed(content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet1.xml", content)
    return stream.getvalue()


def test_a_clean_file_passes(scanned: str) -> None:
    scan.scan(io.BytesIO(b"a;b\n1;2\n" * 50_000))


def test_an_empty_file_passes(scanned: str) -> None:
    scan.scan(io.BytesIO())


def test_a_signature_is_found(scanned: str) -> None:
    with pytest.raises(scan.VirusFound, match=r"Own\.Test"):
        scan.scan(io.BytesIO(b"a;b\n" * 1000 + SIGN + b"\n"))


def test_a_signature_is_found_inside_a_packed_file(scanned: str) -> None:
    with pytest.raises(scan.VirusFound):
        scan.scan(io.BytesIO(packed(b"<row>" + SIGN)))


@pytest.mark.parametrize("content", [b"x" * 1_500_000, packed(b"x" * 1_500_000)], ids=["flat", "packed"])
def test_what_exceeds_the_scanners_limits_does_not_pass(scanned: str, content: bytes) -> None:
    with pytest.raises(scan.TooLargeToScan):
        scan.scan(io.BytesIO(content))


def test_what_exceeds_the_streams_limit_does_not_pass(scanned: str) -> None:
    with pytest.raises(scan.TooLargeToScan):
        scan.scan(io.BytesIO(b"x" * 20_000_000))


@pytest.fixture
def _small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "WINDOW", 600_000)
    monkeypatch.setattr(scan, "OVERLAP", 50_000)


@pytest.mark.usefixtures("_small_windows")
@pytest.mark.parametrize("place", [0, 549_990, 599_985, 1_149_990, 2_999_970])
def test_a_signature_is_found_wherever_a_large_file_is_cut(scanned: str, place: int) -> None:
    content = b"x" * place + SIGN + b"x" * (3_000_000 - place - len(SIGN))
    with pytest.raises(scan.VirusFound):
        scan.scan(io.BytesIO(content))


@pytest.mark.usefixtures("_small_windows")
@pytest.mark.parametrize("size", [0, 1, 550_000, 599_999, 600_000, 600_001, 650_000, 3_000_000])
def test_a_large_clean_file_passes_in_windows_that_cover_it(scanned: str, size: int) -> None:
    source = io.BytesIO(b"a;b\n" * (size // 4) + b"x" * (size % 4))
    scan.scan(source)
    seen = [b"".join(iter(lambda one=one: one.read(70_000), b"")) for one in scan.windows(source)]
    assert seen[0] + b"".join(one[scan.OVERLAP :] for one in seen[1:]) == source.getvalue()


@pytest.mark.usefixtures("_small_windows")
def test_what_is_packed_is_not_cut_but_refused(scanned: str) -> None:
    with pytest.raises(scan.TooLargeToScan):
        scan.scan(io.BytesIO(packed(os.urandom(700_000))))


def test_without_an_address_nothing_is_scanned(settings) -> None:  # type: ignore[no-untyped-def]
    settings.CLAMD_ADDRESS = ""
    scan.scan(io.BytesIO(SIGN))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", scan.ScannerAway),
        (b"stream: Can't allocate memory ERROR\0", scan.ScanFailed),
        (b"UNKNOWN COMMAND\0", scan.ScanFailed),
        (b"stream: NOT OK\0", scan.ScanFailed),
    ],
)
def test_only_ok_lets_a_file_pass(settings, answer: bytes, error: type[Exception]) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                time.sleep(0.05)
                connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(error):
            scan.scan(io.BytesIO(b"a"))


def sent(cast: SimpleNamespace, content: str) -> Material:
    order = factories.described_order(cast.secretary)
    return workflow.send_material(order, by=cast.secretary, upload=factories.upload(content))


def test_a_material_with_a_virus_is_refused_and_purged(scanned: str, cast: SimpleNamespace) -> None:
    material = sent(cast, factories.REGISTER + SIGN.decode())
    factories.run_jobs()
    material.refresh_from_db()
    assert material.state == Material.State.REFUSED
    assert [problem["code"] for problem in material.problems] == ["virus_found"]
    material.file.refresh_from_db()
    assert material.file.purged_at is not None
    assert AuditEvent.objects.filter(event="upload.refused", object_id=str(material.order_id)).exists()


def test_a_clean_material_is_checked(scanned: str, cast: SimpleNamespace) -> None:
    material = sent(cast, factories.REGISTER)
    factories.run_jobs()
    material.refresh_from_db()
    assert material.state == Material.State.CHECKED


def test_while_the_scanner_is_away_a_material_waits(clamd: str, settings, cast: SimpleNamespace) -> None:  # type: ignore[no-untyped-def]
    settings.CLAMD_ADDRESS = "/nowhere/clamd.sock"
    material = sent(cast, factories.REGISTER)
    job = Job.objects.get(task="orders.check", key=str(material.pk))
    for _ in range(2 * outbox.MAX_ATTEMPTS):
        Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
        outbox.run(job.pk)
    material.refresh_from_db()
    assert material.state == Material.State.RECEIVED

    settings.CLAMD_ADDRESS = clamd
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now())
    factories.run_jobs()
    material.refresh_from_db()
    assert material.state == Material.State.CHECKED


def attached(cast: SimpleNamespace, content: bytes) -> Attachment:
    application = permit_factories.application(cast.secretary)
    upload = factories.upload(content, "liite.txt")
    made = permit_workflow.add_attachment(
        application, by=cast.secretary, upload=upload, description="Selvitys"
    )
    factories.run_jobs()
    made.refresh_from_db()
    return made


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"Text " + SIGN, "virus"), (b"x" * (1024 * 1024 + 1), "too_large"), (b"Text", "")],
)
def test_an_attachment_is_scanned(scanned: str, cast: SimpleNamespace, content: bytes, reason: str) -> None:
    found = attached(cast, content)
    assert (found.state, found.reason) == ("refused" if reason else "ready", reason)


def test_while_the_scanner_is_away_an_attachment_waits(settings, cast: SimpleNamespace) -> None:  # type: ignore[no-untyped-def]
    settings.CLAMD_ADDRESS = "/nowhere/clamd.sock"
    assert attached(cast, b"Text").state == Attachment.State.RECEIVED
