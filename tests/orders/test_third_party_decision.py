"""The decision on a permission for a third party as a document: made once, for its readers."""

import hashlib

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from orders.models import Order, ThirdPartyDecision, ThirdPartyPermission
from orders.third_parties import decision, permissions
from portal import outbox, shelves, storage
from portal.models import AuditEvent, Job
from tests import factories
from tests.orders.test_confirmation import text_of

CONDITIONS, REASONS = "Vain kuljetusten järjestämiseen.", "Laki ei salli luovutusta."


@pytest.fixture
def order(cast, store) -> Order:
    permit = factories.permit(cast.school, register_kind="")
    return factories.delivered_order(cast.secretary, cast.official, under=permit)


@pytest.fixture
def asked(order, cast) -> ThirdPartyPermission:
    return factories.asked_third_party(order, cast.secretary)


def make() -> None:
    """Do what makes the decision, and nothing else."""
    outbox.run(Job.objects.get(task="orders.third_party_decision", done_at=None).pk)


def path_of(permission: ThirdPartyPermission, name: str = "third_party_decision") -> str:
    return reverse(f"orders:{name}", args=[permission.order_id, permission.serial])


def fetched(client: Client, permission: ThirdPartyPermission) -> bytes:
    return b"".join(client.get(path_of(permission)).streaming_content)


def test_a_permission_says_what_may_be_given_on_which_conditions_and_how_to_appeal(asked, cast, sign_in):
    permissions.grant(asked, by=cast.official, conditions=CONDITIONS)
    make()
    text = text_of(fetched(sign_in(cast.secretary), asked))
    expected = (
        "Lupa myönnetään", asked.number, asked.order.organisation.name, asked.recipient, asked.business_id,
        str(asked.permit), "Sukunimi", asked.purpose, asked.protection, CONDITIONS, asked.legal_ground,
        f"{asked.valid_to:%-d.%-m.%Y}", "hallinto-oikeu", cast.official.name,
    )  # fmt: skip
    assert [part for part in expected if part.lower() not in text.lower()] == []
    assert "Perustelut" not in text


def test_a_refusal_says_why_and_how_to_appeal(asked, cast, sign_in):
    permissions.refuse(asked, by=cast.official, reasons=REASONS)
    make()
    text = text_of(fetched(sign_in(cast.secretary), asked))
    assert [part for part in ("Pyyntö hylätään", REASONS, "hallinto-oikeu") if part not in text] == []
    assert "Ehdot" not in text


def test_it_is_in_swedish_for_who_uses_swedish(asked, cast):
    cast.secretary.language = "sv"
    cast.secretary.save()
    permissions.refuse(asked, by=cast.official, reasons=REASONS)
    make()
    assert ThirdPartyDecision.objects.get().language == "sv"


def test_it_is_made_once_however_often_its_job_runs(asked, cast):
    permissions.refuse(asked, by=cast.official, reasons=REASONS)
    make()
    outbox.queue("orders.third_party_decision", asked.pk)
    make()
    assert ThirdPartyDecision.objects.count() == 1
    assert AuditEvent.objects.filter(event="third_party.decision_made").count() == 1


def test_it_lies_encrypted_and_its_key_can_be_rotated(asked, cast, files_folder):
    permissions.refuse(asked, by=cast.official, reasons=REASONS)
    make()
    made = ThirdPartyDecision.objects.get()
    (path,) = (files_folder / decision.FOLDER).iterdir()
    assert b"%PDF" not in path.read_bytes()
    assert made.key_id == storage.delivery_key().id
    (shelf,) = [one for one in shelves.SHELVES if one.title == decision.FOLDER]
    assert list(shelf.rows()) == [made]


def test_the_page_has_it_once_it_is_made(asked, cast, sign_in):
    client, page = sign_in(cast.secretary), path_of(asked, "third_party")
    assert "Päätös" not in client.get(page).content.decode()
    permissions.refuse(asked, by=cast.official, reasons=REASONS)
    assert "Päätöstä tehdään asiakirjaksi" in client.get(page).content.decode()
    assert client.get(path_of(asked)).status_code == 404
    make()
    assert path_of(asked) in client.get(page).content.decode()


def test_a_stranger_gets_404_an_official_may_read_it_and_each_reading_is_audited(asked, cast, sign_in):
    permissions.refuse(asked, by=cast.official, reasons=REASONS)
    make()
    assert sign_in(cast.outsider).get(path_of(asked)).status_code == 404
    official = sign_in(cast.official)
    official.head(path_of(asked))
    fetched(official, asked)
    readings = AuditEvent.objects.filter(event="third_party.decision_read")
    assert [event.actor for event in readings] == [str(cast.official.pk)]


def test_the_recipient_is_told_where_to_check_it_and_learns_how_it_stands(asked, cast, sign_in, client):
    permissions.grant(asked, by=cast.official, conditions=CONDITIONS)
    factories.run_jobs()
    check = reverse("permits:document_check")
    (told,) = [one for one in mail.outbox if one.to == [asked.recipient_email]]
    assert check in told.body
    digest = hashlib.sha256(fetched(sign_in(cast.secretary), asked)).hexdigest()
    page = client.get(check, {"sha256": digest}).content.decode()
    assert [part for part in ("Asiakirja on aito", asked.number, "Myönnetty") if part not in page] == []
