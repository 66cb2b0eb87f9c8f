"""The pages of the order form: downloaded for a permit, sent filled."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from orders import workflow
from orders.models import Order
from permits.models import Permit
from portal import scan
from tests import factories

ENGLISH = {"accept-language": "en"}

FORM, SEND = reverse("orders:form"), reverse("orders:form_upload")


def posted(content: bytes, **changes: object) -> dict[str, object]:
    permit = Permit.objects.get(number="TL-OPPILAITOKSET")
    file = SimpleUploadedFile("tilaus.xlsx", content)
    return {"token": uuid.uuid4(), "permit": permit.pk, "register": file} | changes


def test_the_form_is_downloaded_as_a_workbook(cast, sign_in) -> None:
    response = sign_in(cast.secretary).get(FORM)
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert load_workbook(io.BytesIO(response.content)).sheetnames


def test_the_pages_and_the_form_tell_how_large_a_packed_file_may_be(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(scan, "WINDOW", 300 * 1024**2)
    client = sign_in(cast.secretary)
    sheets = load_workbook(io.BytesIO(client.get(FORM).content))
    told = " ".join(str(cell) for sheet in sheets for row in sheet.values for cell in row)
    assert "enintään 300 Mt" in told
    assert "Enimmäiskoko: 300\N{NO-BREAK SPACE}Mt." in client.get(SEND).content.decode()
    order = factories.described_order(cast.secretary)
    page = client.get(reverse("orders:upload", args=[order.pk])).content.decode()
    assert "Työkirja saa olla enintään 300\N{NO-BREAK SPACE}Mt" in page


@pytest.mark.parametrize("limit", ["UPLOAD_MAX_BYTES", "WINDOW"])
def test_a_form_that_is_too_large_is_told_to_send_its_register_alone(
    cast, sign_in, monkeypatch, settings, limit: str
) -> None:
    client = sign_in(cast.secretary)
    content = client.get(FORM).content
    settings.UPLOAD_MAX_BYTES = len(content) - (limit == "UPLOAD_MAX_BYTES")
    monkeypatch.setattr(scan, "WINDOW", len(content) - 1)
    page = client.post(SEND, posted(content), headers=ENGLISH)
    assert "Send it as a file of its own" in page.context["form"].errors["register"][0]
    assert not Order.objects.exists()


def test_a_form_that_was_sent_becomes_a_draft_and_is_checked(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    response = client.post(SEND, posted(client.get(FORM).content))
    order = Order.objects.get()
    assert response["Location"] == reverse("orders:check", args=[order.pk])
    assert order.material.is_form


def test_until_a_form_is_read_its_order_waits_for_that_and_not_for_the_customer(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    client.post(SEND, posted(client.get(FORM).content))
    page = client.get(reverse("orders:place", args=[Order.objects.get().pk]), headers=ENGLISH)
    assert page.context["reason"] == "The register is still being checked."


def test_a_mended_form_goes_into_the_same_draft(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    empty = client.get(FORM).content
    client.post(SEND, posted(empty))
    factories.run_jobs()
    check = client.get(reverse("orders:check", args=[Order.objects.get().pk]))
    assert check.context["problems"]
    token = client.get(check.context["again_url"]).context["form"]["token"].value()
    client.post(SEND, posted(empty, token=token))
    assert Order.objects.get().materials.count() == 2


def test_form_after_form_that_is_refused_leaves_one_draft(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    empty = client.get(FORM).content
    for _ in range(3):
        client.post(SEND, posted(empty))
        factories.run_jobs()
    assert Order.objects.get().materials.count() == 3


def test_a_draft_that_holds_anything_else_is_left_alone(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    empty = client.get(FORM).content
    draft = factories.draft_order(cast.secretary)
    client.post(SEND, posted(empty))  # it waits for its check
    client.post(SEND, posted(empty))
    factories.run_jobs()
    assert Order.objects.count() == 3
    assert draft.material is None
    workflow.describe(Order.objects.latest("created_at"), by=cast.secretary, register_name="Oma")
    client.post(SEND, posted(empty))
    assert sorted(order.materials.count() for order in Order.objects.all()) == [0, 1, 2]


@pytest.mark.parametrize("content", [b"hetu;nimi\n", b"%PDF-1.7\n"])
def test_another_kind_of_file_is_told_in_the_page(cast, sign_in, content: bytes) -> None:
    response = sign_in(cast.secretary).post(SEND, posted(content), headers=ENGLISH)
    [told] = response.context["form"].errors["register"]
    assert told.startswith("This is not the order form.")
    assert not Order.objects.exists()


def test_a_form_for_another_organisations_draft_is_refused(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.outsider).post(SEND, posted(b"PK\x03\x04", token=order.pk))
    assert response.status_code == 403
    assert order.material is None


def test_an_official_gets_403(cast, sign_in) -> None:
    client = sign_in(cast.official)
    assert client.get(FORM).status_code == client.get(SEND).status_code == 403
