"""Sending the register in parts: begun, continued, whole; kept through breaks, refused with a reason."""

import hashlib
import io
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from orders import states, workflow
from orders.material import uploads
from orders.models import Material, Order, Upload, UploadPart
from portal import scan, storage
from portal.models import AuditEvent
from portal.uploads import encrypted_part
from tests import factories, tus
from tests.tus import REGISTER


@pytest.fixture
def order(cast: SimpleNamespace) -> Order:
    return factories.described_order(cast.secretary)


@pytest.fixture
def sender(cast: SimpleNamespace, sign_in):  # type: ignore[no-untyped-def]
    """The secretary's."""
    return sign_in(cast.secretary)


@pytest.fixture
def upload(sender, order: Order) -> Upload:
    return tus.begun(sender, order)


def content_of(material: Material) -> bytes:
    return b"".join(storage.decrypted_blocks(material.file.name, storage.upload_key()))


def test_the_server_tells_what_it_can_do(sender, order: Order, settings) -> None:
    told = sender.options(reverse("orders:uploads", args=[order.pk]))
    assert told.status_code == 204
    assert (told["Tus-Version"], told["Tus-Checksum-Algorithm"]) == ("1.0.0", "sha1,sha256")
    assert set(told["Tus-Extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}
    assert told["Tus-Max-Size"] == str(settings.UPLOAD_MAX_BYTES)


def test_a_register_sent_in_three_parts_becomes_the_orders_material(sender, order: Order, upload) -> None:
    cuts = [0, 10, 11, len(REGISTER)]
    for start, end in pairwise(cuts):
        assert tus.offset(sender, upload) == start
        assert tus.patch(sender, upload, REGISTER[start:end], start)["Upload-Offset"] == str(end)
    assert order.arriving == upload
    factories.run_jobs()
    material = order.material
    assert material is not None
    assert (material.state, material.rows, material.given_name) == ("checked", 3, "opiskelijat.csv")
    assert content_of(material) == REGISTER
    assert material.file.sha256 == hashlib.sha256(REGISTER).hexdigest()


def test_the_customer_is_shown_the_hash_and_the_detected_type(sender, order: Order, upload) -> None:
    tus.patch(sender, upload, REGISTER)
    factories.run_jobs()
    page = sender.get(reverse("orders:check", args=[order.pk]), headers={"accept-language": "en"})
    assert hashlib.sha256(REGISTER).hexdigest() in page.content.decode()
    assert "Text with a delimiter (CSV)" in page.content.decode()
    told = sender.get(tus.address(upload)).json()
    assert told["sha256"] == hashlib.sha256(REGISTER).hexdigest()
    assert (told["status"], told["material_state"], told["rows"]) == ("joined", "checked", 3)


def test_parts_are_at_rest_encrypted_and_go_once_they_are_joined(sender, upload, files_folder: Path) -> None:
    tus.patch(sender, upload, REGISTER[:40])
    (stored,) = files_folder.rglob("*.age")
    assert stored.read_bytes().startswith(b"age-encryption.org/v1")
    tus.patch(sender, upload, REGISTER[40:], 40)
    factories.run_jobs()
    assert {path.parent.name for path in files_folder.rglob("*.age")} == {"materials", "checks"}
    assert not UploadPart.objects.exists()
    assert AuditEvent.objects.get(event="upload.parts_purged").details["parts"] == 2


def test_what_arrived_before_the_line_broke_is_kept(cast, upload) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 60:
                raise OSError("connection reset")
            return super().read(min(size or 0, 20))

    request = RequestFactory().generic("PATCH", "/")
    request._stream = Broken(REGISTER)  # type: ignore[attr-defined]
    with encrypted_part(request.read, len(REGISTER)) as part:
        uploads.append(upload, part, by=cast.secretary, offset=0)
    assert (upload.offset, upload.status) == (60, states.UPLOAD_OPEN)
    assert upload.parts.get().size == 60


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_its_checksum_is_taken(sender, upload, algorithm: str) -> None:
    told = {"upload-checksum": tus.checksum(algorithm, REGISTER[:50])}
    assert tus.patch(sender, upload, REGISTER[:50], **told).status_code == 204


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_another_checksum_is_dropped(sender, upload, algorithm, files_folder: Path) -> None:
    told = {"upload-checksum": tus.checksum(algorithm, b"something else")}
    assert tus.patch(sender, upload, REGISTER[:50], **told).status_code == 460
    assert tus.offset(sender, upload) == 0
    assert not list(files_folder.rglob("*.age"))


@pytest.mark.parametrize("value", ["md5 AAAA", "sha1", "sha256 not base64!", ""])
def test_a_checksum_that_cannot_be_read_is_refused(sender, upload, value: str) -> None:
    status = tus.patch(sender, upload, REGISTER[:50], **{"upload-checksum": value}).status_code
    assert status in {400, 460}
    assert tus.offset(sender, upload) == 0


def test_another_offset_than_the_uploads_is_a_conflict(sender, upload) -> None:
    tus.patch(sender, upload, REGISTER[:10])
    for offset in (0, 9, 11, 10**17):
        response = tus.patch(sender, upload, b"x", offset)
        assert (response.status_code, response["Upload-Offset"]) == (409, "10")
    assert tus.offset(sender, upload) == 10


@pytest.mark.parametrize("offset", ["-1", "", "1.0", "٣", "1" * 40])
def test_an_offset_that_is_no_number_is_refused(sender, upload, offset: str) -> None:
    if offset.isascii():
        assert tus.patch(sender, upload, b"x", offset).status_code == 400


def test_a_part_of_another_content_type_is_refused(sender, upload) -> None:
    response = tus.patch(sender, upload, REGISTER, **{"content-type": "text/csv"})
    assert response.status_code == 415
    assert tus.offset(sender, upload) == 0


def test_more_than_the_told_length_is_refused(sender, upload) -> None:
    assert tus.patch(sender, upload, REGISTER + b"x").status_code == 413
    assert tus.offset(sender, upload) == 0


def test_nothing_is_added_after_the_last_byte(sender, upload) -> None:
    tus.patch(sender, upload, REGISTER)
    response = tus.patch(sender, upload, b"x", len(REGISTER))
    assert (response.status_code, response["Upload-Offset"]) == (409, str(len(REGISTER)))
    assert tus.delete(sender, upload).status_code == 410


def test_another_protocol_version_is_told_which_one_is_spoken(sender, order: Order, upload) -> None:
    for version in ({}, {"tus-resumable": "0.2.2"}):
        response = sender.head(tus.address(upload), headers=version)
        assert (response.status_code, response["Tus-Version"]) == (412, "1.0.0")


def test_who_can_only_post_names_the_method_in_a_header(sender, upload) -> None:
    told = tus.VERSION | {"upload-offset": "0", "x-http-method-override": "PATCH"}
    kind = "application/offset+octet-stream"
    response = sender.post(tus.address(upload), REGISTER[:7], content_type=kind, headers=told)
    assert (response.status_code, response["Upload-Offset"]) == (204, "7")
    assert sender.post(tus.address(upload), headers=tus.VERSION).status_code == 405


def test_a_file_of_another_kind_is_refused_in_words_at_its_first_part(sender, order, files_folder) -> None:
    upload = tus.begun(sender, order, 100)
    response = tus.patch(sender, upload, b"%PDF-1.7 and so on", **{"accept-language": "en"})
    assert response.status_code == 415
    assert "a PDF document" in response.json()["detail"]
    assert tus.head(sender, upload).status_code == 410
    assert not list(files_folder.rglob("*.age"))


def test_a_workbook_too_large_to_be_scanned_is_refused_at_its_first_part(sender, order, monkeypatch) -> None:
    monkeypatch.setattr(scan, "WINDOW", 99)
    upload = tus.begun(sender, order, 100)
    response = tus.patch(sender, upload, b"PK\x03\x04 and so on", **{"accept-language": "en"})
    assert response.status_code == 415
    assert "a workbook or a ZIP file may be at most" in response.json()["detail"]


def test_a_session_without_the_csrf_token_is_refused(order: Order, cast) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.secretary)
    assert tus.begin(strict, order).status_code == 403
    token = "a" * 32
    strict.cookies["csrftoken"] = token
    response = tus.begin(strict, order, **{"x-csrftoken": token})
    assert response.status_code == 201
    upload = Upload.objects.get()
    assert tus.patch(strict, upload, REGISTER).status_code == 403
    assert tus.delete(strict, upload).status_code == 403
    assert tus.patch(strict, upload, REGISTER, **{"x-csrftoken": token}).status_code == 204


@pytest.mark.parametrize("verb", ["get", "head", "options", "post", "patch", "delete"])
def test_an_outsider_gets_404_an_official_403_for_each_verb(cast, sign_in, order, verb: str) -> None:
    upload = tus.begun(sign_in(cast.secretary), order)
    places = [tus.address(upload), reverse("orders:uploads", args=[order.pk])]
    told = tus.VERSION | {"upload-length": "5", "upload-offset": "0", "x-http-method-override": "PATCH"}
    for user, refusal in ((cast.outsider, 404), (cast.official, 403)):
        sender = sign_in(user)
        found = {getattr(sender, verb)(place, headers=told).status_code for place in places}
        assert found <= {refusal, 405}
        assert refusal in found
    assert Upload.objects.get().offset == 0


def test_an_upload_is_found_only_under_its_own_order(cast, sender, upload) -> None:
    other = factories.described_order(cast.secretary)
    assert sender.head(reverse("orders:upload_part", args=[other.pk, upload.pk])).status_code == 404


def test_the_list_has_what_can_go_on(sender, order: Order, upload) -> None:
    tus.patch(sender, upload, REGISTER[:9])
    place = reverse("orders:uploads", args=[order.pk])
    (listed,) = sender.get(place).json()
    assert (listed["url"], listed["offset"], listed["length"]) == (tus.address(upload), 9, len(REGISTER))
    tus.delete(sender, upload)
    assert sender.get(place).json() == []


def test_a_cancelled_upload_is_purged_and_gone(sender, upload, files_folder: Path) -> None:
    tus.patch(sender, upload, REGISTER[:9])
    assert tus.delete(sender, upload).status_code == 204
    factories.run_jobs()
    assert not list(files_folder.rglob("*.age"))
    upload.refresh_from_db()
    assert (upload.status, upload.given_name) == (states.UPLOAD_CANCELLED, "")
    gone = [tus.head(sender, upload), tus.patch(sender, upload, b"x", 9), tus.delete(sender, upload)]
    assert [response.status_code for response in gone] == [410, 410, 410]


def test_the_earlier_material_goes_when_an_upload_is_joined(sender, order: Order, cast, upload) -> None:
    workflow.send_material(order, by=cast.secretary, upload=factories.upload(name="vanha.csv"))
    tus.patch(sender, upload, REGISTER)
    factories.run_jobs()
    materials = order.files.filter(kind="material").order_by("created_at")
    assert [file.purged_at is None for file in materials] == [False, True]


def test_while_the_newest_upload_is_put_together_the_order_waits(sender, order: Order, cast, upload) -> None:
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    factories.run_jobs()
    tus.patch(sender, upload, REGISTER)
    page = sender.get(reverse("orders:check", args=[order.pk]), headers={"accept-language": "en"})
    assert "is being put together" in page.content.decode()
    with pytest.raises(uploads.Denied, match=r".+"):
        workflow.place(order, by=cast.secretary, accepted_by="Sari", attested=factories.ATTESTED)
    factories.run_jobs()
    workflow.place(order, by=cast.secretary, accepted_by="Sari", attested=factories.ATTESTED)
    assert order.status == states.PLACED


def test_a_part_that_is_lost_is_told_and_not_passed_over(sender, order: Order, upload) -> None:
    tus.patch(sender, upload, REGISTER[:50])
    tus.patch(sender, upload, REGISTER[50:], 50)
    upload.parts.get(number=0).delete()
    from orders.material import upload_jobs

    with pytest.raises(upload_jobs.Incomplete):
        upload_jobs.joined(upload)
    upload_jobs.give_up(str(upload.pk))
    page = sender.get(reverse("orders:check", args=[order.pk]), headers={"accept-language": "en"})
    assert "A fault in the service" in page.content.decode()
    assert order.material is None
    assert timezone.now() > Upload.objects.get().ended_at  # type: ignore[operator]


def test_an_upload_joined_while_its_page_is_made_is_not_taken_for_none(
    sender, order: Order, upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders.material import upload_views

    looked = upload_views.arriving_page

    def joined_meanwhile(*args, **kwargs):  # type: ignore[no-untyped-def]
        factories.run_jobs()
        return looked(*args, **kwargs)

    monkeypatch.setattr(upload_views, "arriving_page", joined_meanwhile)
    tus.patch(sender, upload, REGISTER)
    page = sender.get(reverse("orders:check", args=[order.pk]), headers={"accept-language": "en"})
    assert (page.status_code, "The file can be used" in page.content.decode()) == (200, True)
