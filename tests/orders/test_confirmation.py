"""The confirmation of an order: made once by a worker, in the placer's language, tagged, for its readers."""

import hashlib
import io

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from orders import workflow
from orders.models import Confirmation, Order
from orders.ordering import confirmation
from permits import states as permit_states
from portal import outbox, shelves, storage
from portal.events import MACHINE
from portal.models import AuditEvent, Job
from portal.states import move
from tests import factories


@pytest.fixture
def order(cast, store) -> Order:
    return factories.placed_order(cast.secretary)


def make() -> None:
    """Do what makes the confirmation, and nothing else."""
    outbox.run(Job.objects.get(task="orders.confirm", done_at=None).pk)


def path_of(order: Order) -> str:
    return reverse("orders:confirmation", args=[order.pk])


def fetched(client: Client, order: Order) -> bytes:
    return b"".join(client.get(path_of(order)).streaming_content)


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u200b", "")


def test_it_says_all_that_was_agreed_in_finnish(cast, sign_in, order) -> None:
    make()
    text = text_of(fetched(sign_in(cast.secretary), order))
    expected = (
        "Tilausvahvistus", order.number, cast.school.name, cast.school.business_id, str(order.permit),
        "Opiskelijarekisteri", "Henkilötunnus", "Kotikunta", "Excel", "3 riviä", "Maksuton",
        f"{order.window_opens:%-d.%-m.%Y}", "Sari Sihteeri", "luovuteta edelleen", str(order.terms),
    )  # fmt: skip
    assert [part for part in expected if part.lower() not in text.lower()] == []


def test_it_is_in_swedish_for_who_uses_swedish(cast, sign_in, store) -> None:
    cast.secretary.language = "sv"
    cast.secretary.save()
    order = factories.placed_order(cast.secretary)
    make()
    assert Confirmation.objects.get().language == "sv"
    assert "Orderbekräftelse" in text_of(fetched(sign_in(cast.secretary), order))


def test_it_is_tagged_with_a_title_and_a_language(cast, sign_in, order) -> None:
    make()
    root = PdfReader(io.BytesIO(fetched(sign_in(cast.secretary), order))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).lower().startswith("fi")


def test_it_names_the_version_under_which_the_order_was_placed(cast, sign_in, store) -> None:
    permit = factories.permit(cast.school)
    order = factories.placed_order(cast.secretary, under=permit)
    newer = factories.permit(cast.school, number=permit.number, version=2)
    move(permit, permit_states.REPLACED, by=MACHINE)
    workflow.follow_permit(order, by=MACHINE)
    make()
    text = text_of(fetched(sign_in(cast.secretary), order))
    assert str(permit) in text
    assert str(newer) not in text


def test_it_is_made_once_however_often_its_job_runs(cast, order) -> None:
    make()
    outbox.queue("orders.confirm", order.pk, permit=str(order.permit_id))
    make()
    assert Confirmation.objects.count() == 1
    assert AuditEvent.objects.filter(event="confirmation.made").count() == 1


def test_it_lies_encrypted_and_its_key_can_be_rotated(cast, order, files_folder) -> None:
    make()
    made = Confirmation.objects.get()
    (path,) = (files_folder / confirmation.FOLDER).iterdir()
    assert b"%PDF" not in path.read_bytes()
    assert made.key_id == storage.delivery_key().id
    (shelf,) = [one for one in shelves.SHELVES if one.title == confirmation.FOLDER]
    assert list(shelf.rows()) == [made]


def test_its_hash_is_that_of_what_is_fetched_and_each_reading_is_audited(cast, sign_in, order) -> None:
    make()
    client = sign_in(cast.colleague)
    content = fetched(client, order)
    client.head(path_of(order))
    assert hashlib.sha256(content).hexdigest() == Confirmation.objects.get().sha256
    readings = AuditEvent.objects.filter(event="confirmation.read")
    assert [event.actor for event in readings] == [str(cast.colleague.pk)]


def test_anyone_who_has_it_learns_that_it_is_genuine(cast, client, order) -> None:
    make()
    digest = Confirmation.objects.get().sha256
    page = client.get(reverse("permits:document_check"), {"sha256": digest}).content.decode()
    assert [part for part in ("Asiakirja on aito", "Tilausvahvistus", order.number) if part not in page] == []


def test_the_orders_page_has_it_once_it_is_made(cast, sign_in, order) -> None:
    client, page = sign_in(cast.secretary), reverse("orders:detail", args=[order.pk])
    assert path_of(order) not in client.get(page).content.decode()
    assert client.get(path_of(order)).status_code == 404
    make()
    assert path_of(order) in client.get(page).content.decode()


def test_a_stranger_gets_404_and_an_official_may_read_it(cast, sign_in, order) -> None:
    make()
    assert sign_in(cast.outsider).get(path_of(order)).status_code == 404
    assert sign_in(cast.official).get(path_of(order)).status_code == 200


def test_it_outlives_the_files_of_a_cancelled_order(cast, sign_in, order) -> None:
    make()
    workflow.cancel(order, by=cast.secretary)
    factories.run_jobs()
    assert fetched(sign_in(cast.secretary), order).startswith(b"%PDF")
