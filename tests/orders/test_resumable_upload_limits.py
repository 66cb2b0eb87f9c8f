"""What an upload in parts may be and for how long: hostile words, bounds, the end of order and permit."""

import base64
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from orders import states, workflow
from orders.deletion import purge
from orders.material import upload_jobs
from orders.models import Order, Upload, UploadPart
from permits import granting
from portal import shelves, storage
from portal.models import AuditEvent
from tests import factories, tus
from tests.tus import REGISTER


@pytest.fixture
def order(cast: SimpleNamespace) -> Order:
    return factories.described_order(cast.secretary, factories.permit(cast.school))


@pytest.fixture
def sender(cast: SimpleNamespace, sign_in):  # type: ignore[no-untyped-def]
    return sign_in(cast.secretary)


@pytest.fixture
def upload(sender, order: Order) -> Upload:
    return tus.begun(sender, order)


@pytest.mark.parametrize(
    ("length", "status"),
    [("-1", 400), ("", 400), ("ten", 400), ("1e3", 400), ("0", 400), ("1" * 40, 413), ("9" * 5000, 413)],
)
def test_a_length_that_is_none_or_too_much_is_refused(sender, order: Order, length, status) -> None:
    assert tus.begin(sender, order, length).status_code == status
    assert not Upload.objects.exists()


def test_a_file_above_the_limit_is_refused_with_the_limit(sender, order: Order, settings) -> None:
    response = tus.begin(sender, order, settings.UPLOAD_MAX_BYTES + 1, **{"accept-language": "en"})
    assert response.status_code == 413
    assert "5\N{NO-BREAK SPACE}GB" in response.json()["detail"]
    assert tus.begin(sender, order, settings.UPLOAD_MAX_BYTES).status_code == 201


@pytest.mark.parametrize(
    "metadata",
    [
        "filename !!!", "filename YQ==,filename YQ==", ",", " ,filename YQ==", "filename //79",
        "filename YQ== YQ==", "ä YQ==", "filename " + "YWFh" * 2000,
    ],
)  # fmt: skip
def test_metadata_that_cannot_be_read_is_refused(sender, order: Order, metadata: str) -> None:
    response = tus.begin(sender, order, **{"upload-metadata": metadata.encode().decode("latin-1")})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\sari\\rekisteri.csv", "rekisteri.csv"),
        ("rekisteri\x00\x1b[2J\r\n.csv", "rekisteri[2J.csv"),
        ("\u202evsc.exe\u2066", "vsc.exe"),
        ("Öpiskelijat a\u030a.csv", "Öpiskelijat å.csv"),
        ("x" * 300 + ".csv", "x" * 200),
        ("///", ""),
    ],
)
def test_a_hostile_file_name_is_made_harmless(sender, order: Order, given: str, kept: str) -> None:
    response = tus.begin(sender, order, **{"upload-metadata": tus.metadata(given)})
    assert response.status_code == 201
    assert Upload.objects.get().given_name == kept
    page = sender.get(reverse("orders:upload", args=[order.pk])).content.decode()
    assert not {"\x00", "\x1b", "\u202e", "\u2066"} & set(page)


def test_a_name_of_markup_is_shown_as_text(sender, order: Order) -> None:
    tus.begin(sender, order, **{"upload-metadata": tus.metadata("<script>alert(1)<b>.csv")})
    assert "<script>alert" not in sender.get(reverse("orders:upload", args=[order.pk])).content.decode()


def test_the_senders_mark_is_kept_only_where_it_is_one(sender, order: Order) -> None:
    for mark in ("0011aabb-1", "<b>"):
        tus.begin(sender, order, **{"upload-metadata": tus.metadata(fingerprint=mark)})
    assert list(Upload.objects.values_list("fingerprint", flat=True)) == ["0011aabb-1", ""]
    told = tus.head(sender, Upload.objects.all()[0])["Upload-Metadata"]
    assert base64.b64decode(told.split(",")[1].split(" ")[1]) == b"0011aabb-1"


def test_a_person_has_few_unfinished_uploads(sender, order: Order, settings) -> None:
    settings.UPLOAD_UNFINISHED_MAX = 2
    first = tus.begun(sender, order)
    tus.begun(sender, order)
    response = tus.begin(sender, order)
    assert response.status_code == 403
    assert "2" in response.json()["detail"]
    tus.delete(sender, first)
    assert tus.begin(sender, order).status_code == 201


def test_an_organisation_has_bounded_bytes_of_them(cast, sign_in, order: Order, settings) -> None:
    settings.UPLOAD_UNFINISHED_BYTES = 1000
    tus.begin(sign_in(cast.secretary), order, 600)
    colleague = sign_in(cast.colleague)
    assert tus.begin(colleague, order, 401).status_code == 403
    assert tus.begin(colleague, order, 400).status_code == 201


def test_a_file_in_too_many_crumbs_is_refused(sender, upload, monkeypatch, files_folder: Path) -> None:
    monkeypatch.setattr("orders.material.uploads.MAX_PARTS", 2)
    answers = [tus.patch(sender, upload, b"h", offset).status_code for offset in range(3)]
    assert answers == [204, 204, 403]
    assert tus.offset(sender, upload) == 2
    assert len(list(files_folder.rglob("*.age"))) == 2


def test_a_part_without_its_length_is_refused(sender, upload) -> None:
    told = tus.VERSION | {"upload-offset": "0"}
    kind = "application/offset+octet-stream"
    response = sender.generic("PATCH", tus.address(upload), b"", headers=told, CONTENT_TYPE=kind)
    assert response.status_code == 411


def test_a_cancelled_order_ends_its_uploads(sender, cast, order: Order, upload, files_folder: Path) -> None:
    tus.patch(sender, upload, REGISTER[:9])
    workflow.cancel(order, by=cast.secretary)
    assert tus.patch(sender, upload, REGISTER[9:], 9).status_code == 410
    assert tus.begin(sender, order).status_code == 403
    factories.run_jobs()
    assert not list(files_folder.rglob("*.age"))


def test_an_order_cancelled_while_parts_are_joined_keeps_none(
    sender, cast, order, upload, files_folder
) -> None:
    tus.patch(sender, upload, REGISTER)
    workflow.cancel(order, by=cast.secretary)
    factories.run_jobs()
    assert order.material is None
    assert not list(files_folder.rglob("*.age"))


def test_a_placed_order_ends_its_uploads(sender, cast, order: Order, upload) -> None:
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    factories.run_jobs()
    workflow.place(order, by=cast.secretary, accepted_by="Sari", attested=factories.ATTESTED)
    assert tus.patch(sender, upload, REGISTER).status_code == 410


def suspend(cast: SimpleNamespace, order: Order) -> None:
    granting.suspend(order.permit, by=cast.official, reason="Valvonta")


def test_a_permit_that_ended_takes_no_upload_and_no_part(sender, cast, order: Order, upload) -> None:
    tus.patch(sender, upload, REGISTER[:9])
    suspend(cast, order)
    answers = [tus.begin(sender, order), tus.patch(sender, upload, REGISTER[9:], 9)]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert all(answer.json()["detail"] for answer in answers)
    assert tus.offset(sender, upload) == 9


def test_a_permit_that_ended_before_the_parts_were_joined_is_told(
    sender, cast, order, upload, files_folder
) -> None:
    tus.patch(sender, upload, REGISTER)
    suspend(cast, order)
    factories.run_jobs()
    upload.refresh_from_db()
    assert (upload.status, upload.reason) == (states.UPLOAD_REFUSED, "permit")
    assert not list(files_folder.rglob("*.age"))
    page = sender.get(reverse("orders:check", args=[order.pk]), headers={"accept-language": "en"})
    assert "could no longer take a register" in page.content.decode()


def test_an_upload_that_is_left_lying_is_purged_and_told(sender, order, upload, files_folder: Path) -> None:
    tus.patch(sender, upload, REGISTER[:9])
    Upload.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert tus.patch(sender, upload, REGISTER[9:], 9).status_code == 410
    purge.queue_due()
    factories.run_jobs()
    assert not list(files_folder.rglob("*.age"))
    assert not UploadPart.objects.exists()
    assert AuditEvent.objects.filter(event="upload.expired", object_id=str(upload.pk)).exists()
    page = sender.get(reverse("orders:upload", args=[order.pk]), headers={"accept-language": "en"})
    assert "An unfinished upload was deleted" in page.content.decode()


def test_the_page_tells_until_when_an_unfinished_upload_is_kept(sender, order, upload) -> None:
    before = upload.expires_at
    response = tus.patch(sender, upload, REGISTER[:9])
    upload.refresh_from_db()
    assert upload.expires_at > before
    assert response["Upload-Expires"].endswith("GMT")
    page = sender.get(reverse("orders:upload", args=[order.pk])).content.decode()
    assert "opiskelijat.csv" in page
    assert reverse("orders:discard_upload", args=[order.pk, upload.pk]) in page


def test_an_unfinished_upload_is_deleted_without_a_script(sender, order: Order, upload) -> None:
    place = reverse("orders:discard_upload", args=[order.pk, upload.pk])
    for _time in range(2):  # the second time it is told that it has ended
        assert sender.post(place)["Location"] == reverse("orders:upload", args=[order.pk])
    upload.refresh_from_db()
    assert upload.status == states.UPLOAD_CANCELLED


def test_an_abandoned_draft_with_an_upload_under_way_is_left_alone(order, upload, settings) -> None:
    Order.objects.update(created_at=timezone.now() - timedelta(days=settings.DRAFT_DAYS + 1))
    purge.queue_due()
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_parts_follow_a_change_of_keys(sender, upload, settings) -> None:
    from pyrage import x25519

    tus.patch(sender, upload, REGISTER[:9])
    new = x25519.Identity.generate()
    settings.UPLOAD_RECIPIENT = str(new.to_public())
    settings.UPLOAD_IDENTITIES = [str(new), *settings.UPLOAD_IDENTITIES]
    (shelf,) = [shelf for shelf in shelves.SHELVES if shelf.title == "upload parts"]
    assert shelves.rotate(shelf) == 1
    assert upload.parts.get().key_id == storage.upload_key().id
    tus.patch(sender, upload, REGISTER[9:], 9)
    assert upload_jobs.joined(Upload.objects.get()).size == len(REGISTER)
