"""A decision: by another person than the preparer, as proposed, once; the permit comes of it."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

from permits import handling, states
from permits.models import Application, Decision, Permit
from portal.models import User
from portal.roles import Role
from tests import permit_factories

Post = Callable[..., HttpResponse]
Read = Callable[..., str]


@pytest.fixture
def case(cast: SimpleNamespace) -> Application:
    return permit_factories.proposed_application(
        cast.secretary, cast.official, conditions="Raportti vuosittain"
    )


def test_another_official_decides_and_the_permit_comes_of_it(
    cast: SimpleNamespace, case: Application, second: User, post: Post, read: Read
) -> None:
    assert "Raportti vuosittain" in read(second, case, "decide")
    assert post(second, case, "decide").status_code == 302
    assert case.status == states.APPROVED
    assert (case.decision.prepared_by, case.decision.decided_by) == (cast.official, second)
    assert Permit.objects.get(decision=case.decision).organisation == cast.school
    assert "Päättänyt Vera Virkailija" in read(cast.official, case)


def test_the_preparer_is_told_why_the_button_is_off(
    cast: SimpleNamespace, case: Application, post: Post, read: Read
) -> None:
    for page in ("review", "decide"):
        assert "Päätöksen tekee toinen virkailija" in read(cast.official, case, page)
    assert post(cast.official, case, "decide").status_code == 409
    assert case.status == states.PROPOSED


def test_an_official_who_is_a_member_of_the_organisation_can_not_decide(
    cast: SimpleNamespace, case: Application, second: User, post: Post
) -> None:
    second.memberships.create(organisation=cast.school, role=Role.MANAGER)
    assert post(second, case, "decide").status_code == 403
    assert not Decision.objects.exists()


def test_an_administrator_reads_and_does_not_decide(
    cast: SimpleNamespace, case: Application, post: Post, read: Read
) -> None:
    assert "Raportti vuosittain" in read(cast.admin, case)
    assert post(cast.admin, case, "decide").status_code == 409
    assert case.status == states.PROPOSED


def test_a_rejection_gives_no_permit_and_its_reasons_to_the_applicant(
    cast: SimpleNamespace, second: User, post: Post, read: Read
) -> None:
    case = permit_factories.proposed_application(
        cast.secretary, cast.official, outcome="reject", reasons="Peruste ei riitä."
    )
    post(second, case, "decide")
    assert case.status == states.REJECTED
    assert not Permit.objects.filter(decision=case.decision).exists()
    assert "Peruste ei riitä." in read(cast.secretary, case, "application")


def test_a_decision_is_made_once(cast: SimpleNamespace, case: Application, second: User, post: Post) -> None:
    old = case.changed_at.isoformat()
    post(second, case, "decide", seen=old)
    response = post(second, case, "decide", seen=old)
    assert response.status_code == 409
    assert Decision.objects.count() == 1


def test_what_is_decided_is_what_was_seen(
    cast: SimpleNamespace, case: Application, second: User, post: Post
) -> None:
    old = case.changed_at.isoformat()
    handling.return_proposal(case, by=cast.official, reason="Kesken")
    permit_factories.propose(case, cast.official, conditions="Toinen ehto")
    response = post(second, case, "decide", seen=old)
    assert response.status_code == 409
    assert "Toinen ehto" in response.content.decode()
    assert "Ville Virkailija: Perui oman esityksensä" in response.content.decode()
    assert case.status == states.PROPOSED


def test_a_withdrawn_application_is_not_decided(
    cast: SimpleNamespace, case: Application, second: User, post: Post
) -> None:
    post(cast.secretary, case, "withdraw")
    assert post(second, case, "decide").status_code == 409
    assert case.status == states.WITHDRAWN
