"""Sending the register."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orders import workflow
from orders.check import reading
from orders.models import OrderFile
from portal import outbox, scan, storage
from portal.models import Job
from tests import factories

ENGLISH = {"accept-language": "en"}


def page_of(order) -> str:  # type: ignore[no-untyped-def]
    return reverse("orders:upload", args=[order.pk])


def file(content: bytes = factories.REGISTER.encode(), name: str = "opiskelijat.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_register_is_stored_encrypted_and_its_check_is_waited_for(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(order), {"register": file()})
    assert response["Location"] == reverse("orders:check", args=[order.pk])
    assert (order.material.state, order.material.given_name) == ("received", "opiskelijat.csv")
    with storage.default_storage.open(order.material.file.name) as stored:
        assert stored.read(21) == b"age-encryption.org/v1"


def test_the_page_states_limit_and_types_beforehand(cast, sign_in, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 30 * 1024 * 1024
    order = factories.described_order(cast.secretary)
    text = sign_in(cast.secretary).get(page_of(order), headers={"accept-language": "en"}).content.decode()
    assert "CSV, XLSX" in text
    assert "30" in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 and so on", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
    ],
)
def test_what_is_no_register_is_refused_in_the_page(cast, sign_in, content: bytes, message: str) -> None:
    order = factories.described_order(cast.secretary)
    client = sign_in(cast.secretary)
    response = client.post(page_of(order), {"register": file(content)}, headers={"accept-language": "en"})
    assert message in response.context["form"].errors["register"][0]
    assert order.material is None


def test_no_file_is_told(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(order), {})
    assert response.context["form"].errors["register"]


def test_a_file_that_is_too_large_is_told_with_the_limit_and_not_kept(cast, sign_in, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    order = factories.described_order(cast.secretary)
    client = sign_in(cast.secretary)
    large = file(b"hetu\n" + b"010594Y9032\n" * 200_000)
    response = client.post(page_of(order), {"register": large}, headers={"accept-language": "en"})
    assert "too large" in response.context["form"].errors["register"][0]
    assert not OrderFile.objects.exists()


def test_a_workbook_too_large_to_be_scanned_is_told_at_once(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(scan, "WINDOW", 300_000)
    order = factories.described_order(cast.secretary)
    workbook = file(b"PK\x03\x04" + bytes(300_000))
    response = sign_in(cast.secretary).post(page_of(order), {"register": workbook}, headers=ENGLISH)
    assert "a workbook or a ZIP file may be at most" in response.context["form"].errors["register"][0]
    assert not OrderFile.objects.exists()


def test_a_refused_file_leaves_the_earlier_one(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    client = sign_in(cast.secretary)
    client.post(page_of(order), {"register": file()})
    client.post(page_of(order), {"register": file(b"")})
    assert order.material.given_name == "opiskelijat.csv"


def test_a_placed_order_takes_no_file(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, "placed")
    response = sign_in(cast.secretary).post(page_of(order), {"register": file()})
    assert response["Location"] == reverse("orders:detail", args=[order.pk])
    assert order.material is None


def test_an_outsider_gets_404_and_an_official_403(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    assert sign_in(cast.outsider).post(page_of(order), {"register": file()}).status_code == 404
    assert sign_in(cast.official).post(page_of(order), {"register": file()}).status_code == 403


@pytest.mark.parametrize("is_readable", [True, False])
def test_a_check_that_ends_after_a_newer_register_was_sent_changes_nothing(
    cast, monkeypatch, is_readable: bool
) -> None:
    order = factories.described_order(cast.secretary)
    content = factories.REGISTER if is_readable else "Kaupunki\nTampere\n"
    first = workflow.send_material(order, by=cast.secretary, upload=factories.upload(content))
    read = reading.read

    def slowly(material, *args, **kwargs):  # type: ignore[no-untyped-def]
        done = read(material, *args, **kwargs)
        if material == first and not order.materials.exclude(pk=first.pk).exists():
            newer = workflow.send_material(order, by=cast.secretary, upload=factories.upload())
            outbox.run(Job.objects.get(task="orders.check", key=str(newer.pk)).pk)
        return done

    monkeypatch.setattr(reading, "read", slowly)
    factories.run_jobs()
    assert [one.state for one in order.materials.order_by("received_at")] == ["received", "checked"]
    assert order.material.sample.purged_at is None
    assert set(order.files.filter(purged_at=None).values_list("kind", flat=True)) == {
        "material", "sample", "check_report",
    }  # fmt: skip
