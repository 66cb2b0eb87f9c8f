"""The right to read an application: given by address, for reading alone, ended at will."""

import pytest
from django.urls import reverse

from permits import workflow
from portal import limits
from portal.access import Denied
from portal.events import Event
from portal.models import AuditEvent
from tests import factories, permit_factories


def page_of(application, name: str = "share") -> str:
    return reverse(f"permits:{name}", args=[application.pk])


def test_a_reader_reads_and_changes_nothing(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    client = sign_in(cast.secretary)
    assert client.post(page_of(application), {"email": cast.outsider.email})["Location"] == page_of(
        application
    )
    assert cast.outsider.email in client.get(page_of(application)).content.decode()
    client = sign_in(cast.outsider)
    assert client.get(page_of(application, "application")).status_code == 200
    assert client.get(page_of(application, "print")).status_code == 200
    assert AuditEvent.objects.filter(event=Event.APPLICATION_READ, actor=cast.outsider.pk).exists()


@pytest.mark.parametrize("name", ["form", "submit", "withdraw", "share", "message", "attachments"])
def test_a_reader_is_told_that_acts_are_the_applicants(cast, sign_in, name: str) -> None:
    application = permit_factories.application(cast.secretary)
    sign_in(cast.secretary).post(page_of(application), {"email": cast.outsider.email})
    client = sign_in(cast.outsider)
    assert client.get(page_of(application, name)).status_code == 403
    assert client.post(page_of(application, name)).status_code in {403, 405}


def test_an_ended_right_shows_nothing_more(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    client.post(page_of(application), {"email": cast.outsider.email})
    client.post(reverse("permits:end_share", args=[application.pk, application.shares.get().pk]))
    assert sign_in(cast.outsider).get(page_of(application, "application")).status_code == 404


def test_an_address_that_is_none_is_told(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    page = sign_in(cast.secretary).post(page_of(application), {"email": "ei osoite"})
    assert set(page.context["form"].errors) == {"email"}
    assert application.shares.count() == 0


@pytest.mark.parametrize("who", ["secretary", "colleague"])
def test_a_member_is_no_reader_from_outside(cast, sign_in, who: str) -> None:
    application = permit_factories.application(cast.secretary)
    address = getattr(cast, who).email.upper()
    page = sign_in(cast.secretary).post(page_of(application), {"email": address})
    assert set(page.context["form"].errors) == {"email"}
    assert application.shares.count() == 0


def test_anothers_share_cannot_be_ended_through_the_own_application(cast, sign_in) -> None:
    theirs = permit_factories.application(cast.outsider)
    sign_in(cast.outsider).post(page_of(theirs), {"email": "lukija@koulu.example"})
    own = permit_factories.application(cast.secretary)
    share = theirs.shares.get()
    address = reverse("permits:end_share", args=[own.pk, share.pk])
    assert sign_in(cast.secretary).post(address).status_code == 404
    share.refresh_from_db()
    assert share.ended_at is None


def test_who_shares_very_often_is_asked_to_wait(cast) -> None:
    application = permit_factories.application(cast.secretary)
    for number in range(limits.HOURLY):
        workflow.share(application, by=cast.secretary, email=f"lukija{number}@koulu.example")
    with pytest.raises(Denied, match="tunnin"):
        workflow.share(application, by=cast.secretary, email="viela@koulu.example")


def test_a_reader_fetches_the_permits_document_too(cast, sign_in, second) -> None:
    permit = permit_factories.granted_permit(cast.secretary, cast.official, second)
    case = permit.decision.application
    workflow.share(case, by=cast.secretary, email=cast.outsider.email)
    factories.run_jobs()
    document = permit.documents.get()
    assert sign_in(cast.outsider).get(reverse("permits:document", args=[document.pk])).status_code == 200
