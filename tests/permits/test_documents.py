"""Documents: made once by the worker, readable by the case's people alone, genuine or not by their hash."""

import hashlib
import io
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from permits.models import Application, Document, Permit
from portal import storage
from portal.models import AuditEvent, Job
from portal.templatetags.components import moment
from tests import factories, permit_factories


@pytest.fixture
def case(cast: SimpleNamespace) -> Application:
    """A decided case with its documents made."""
    second = factories.user("Toini Tarkastaja", cast.registry, factories.Role.OFFICIAL)
    permit = permit_factories.granted_permit(cast.secretary, cast.official, second)
    factories.run_jobs()
    assert permit.decision is not None
    return permit.decision.application


def document(case: Application, kind: str) -> Document:
    return Document.objects.get(kind=kind, number__in=numbers(case))


def numbers(case: Application) -> list[str]:
    return [case.number, case.decision.number, str(case.decision.permit)]


def fetched(client: Client, made: Document) -> bytes:
    response = client.get(reverse("permits:document", args=[made.pk]))
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_a_case_has_an_application_a_decision_and_a_permit_as_documents(case: Application) -> None:
    kinds = Document.objects.filter(number__in=numbers(case)).values_list("kind", "language")
    assert sorted(kinds) == [("application", "fi"), ("decision", "fi"), ("permit", "fi")]


def test_the_decision_says_what_is_granted_why_and_how_to_appeal(case, cast, sign_in) -> None:
    text = text_of(fetched(sign_in(cast.secretary), document(case, "decision")))
    for part in (case.decision.number, case.number, case.decision.reasons, "Valitusosoitus", "434/2003"):
        assert part in text
    assert cast.official.name in text
    assert case.organisation.business_id in text


def test_the_application_holds_every_answer(case, cast, sign_in) -> None:
    text = text_of(fetched(sign_in(cast.secretary), document(case, "application"))).replace("\u200b", "")
    for name in ("register_name", "law", "legal_account", "retention"):
        assert " ".join(str(case.latest.answers[name]).split()) in text


def test_the_permit_names_the_holder_the_data_and_the_terms(case, cast, sign_in) -> None:
    text = text_of(fetched(sign_in(cast.secretary), document(case, "permit")))
    permit = case.decision.permit
    assert str(permit) in text
    assert cast.school.name in text
    assert permit.terms.version in text


def test_what_is_fetched_has_the_stored_hash_and_is_tagged(case, cast, sign_in) -> None:
    made = document(case, "permit")
    content = fetched(sign_in(cast.secretary), made)
    assert hashlib.sha256(content).hexdigest() == made.sha256
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_two_applications_of_a_day_are_told_apart_by_their_time(case, cast, sign_in) -> None:
    page = sign_in(cast.secretary).get(reverse("permits:application", args=[case.pk])).content.decode()
    made = document(case, "application")
    assert f'(PDF)</a> <span class="muted small">{moment(made.made_at)}</span>' in page


def test_reading_a_document_is_audited(case, cast, sign_in) -> None:
    made = document(case, "decision")
    fetched(sign_in(cast.secretary), made)
    event = AuditEvent.objects.get(event="document.read")
    assert (event.object_id, event.actor) == (str(made.pk), str(cast.secretary.pk))


@pytest.mark.parametrize("kind", ["application", "decision", "permit"])
def test_an_outsider_gets_404_for_a_document(case, cast, sign_in, kind: str) -> None:
    address = reverse("permits:document", args=[document(case, kind).pk])
    assert sign_in(cast.outsider).get(address).status_code == 404


def test_an_official_reads_the_documents(case, cast, sign_in) -> None:
    assert fetched(sign_in(cast.official), document(case, "decision")).startswith(b"%PDF")


def test_a_job_that_runs_again_makes_no_second_document(case) -> None:
    Job.objects.filter(task="permits.document").update(done_at=None)
    factories.run_jobs()
    assert Document.objects.filter(number__in=numbers(case)).count() == 3


def test_anyone_learns_whether_a_document_is_genuine(case, client: Client) -> None:
    made = document(case, "permit")
    found = client.get(reverse("permits:document_check"), {"sha256": made.sha256.upper()})
    assert made.number in found.content.decode()
    assert case.organisation.name not in found.content.decode()
    other = client.get(reverse("permits:document_check"), {"sha256": "0" * 64})
    assert made.number not in other.content.decode()
    assert "notice warning" in other.content.decode()


@pytest.mark.parametrize("text", ["", "abc", "g" * 64, "0" * 65])
def test_what_is_no_hash_is_told(client: Client, db: None, text: str) -> None:
    response = client.get(reverse("permits:document_check"), {"sha256": text})
    assert "error-summary" in response.content.decode()


def test_a_standing_permit_has_a_document_in_both_languages(cast) -> None:
    second = factories.user("Toini Tarkastaja", cast.registry, factories.Role.OFFICIAL)
    permit: Permit = permit_factories.standing_permit(cast.official, second)
    factories.run_jobs()
    assert sorted(permit.documents.values_list("language", flat=True)) == ["fi", "sv"]


def test_a_decision_in_part_names_what_is_not_granted(cast) -> None:
    second = factories.user("Toini Tarkastaja", cast.registry, factories.Role.OFFICIAL)
    permit_factories.granted_permit(
        cast.secretary, cast.official, second, scopes={"person": ["surname", "given_names"]}
    )
    factories.run_jobs()
    made = Document.objects.get(kind="decision")
    content = b"".join(storage.decrypted_blocks(made.name, storage.delivery_key()))
    assert "Ei myönnetä" in text_of(content)
    assert "Henkilöt: Katuosoite" in text_of(content)


def test_a_rejection_tells_how_to_appeal(cast) -> None:
    second = factories.user("Toini Tarkastaja", cast.registry, factories.Role.OFFICIAL)
    permit_factories.decided_application(cast.secretary, cast.official, second, outcome="reject")
    factories.run_jobs()
    made = Document.objects.get(kind="decision")
    text = text_of(b"".join(storage.decrypted_blocks(made.name, storage.delivery_key())))
    assert "Hakemus hylätään" in text
    assert "Valitusosoitus" in text
    assert not Document.objects.filter(kind="permit").exists()


@pytest.mark.django_db
def test_an_unknown_hash_is_told_without_denying_what_the_page_does_not_know(client: Client) -> None:
    page = client.get(reverse("permits:document_check"), {"sha256": "0" * 64}).content.decode()
    assert "Tällaista asiakirjaa ei ole laadittu" in page
    assert "Tilausten tulosraportteja ei voi tarkistaa tällä sivulla." in page
