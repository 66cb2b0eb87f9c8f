"""Who has acted for the applicant stays disqualified in the case after leaving the organisation."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from permits import acts, granting, handling, states
from permits.acts import Party
from permits.models import Application, Permit
from portal.access import Denied
from portal.models import User
from portal.roles import Role
from tests import factories, permit_factories

Browse = Callable[[User], Client]


@pytest.fixture
def double(cast: SimpleNamespace) -> User:
    """An official who is an applicant and signing official of the school too, for now."""
    made = factories.user("Kaksi Roolia", cast.registry, Role.OFFICIAL)
    for role in (Role.APPLICANT, Role.SIGNATORY):
        made.memberships.create(organisation=cast.school, role=role)
    return made


def after_leaving(double: User, cast: SimpleNamespace) -> User:
    double.memberships.filter(organisation=cast.school).delete()
    return User.objects.get(pk=double.pk)


def test_who_submitted_the_application_neither_reads_nor_takes_it(
    cast: SimpleNamespace, double: User
) -> None:
    case = permit_factories.submitted_application(double)
    left = after_leaving(double, cast)
    assert acts.application_parties(left, case) == frozenset()
    with pytest.raises(Denied, match="toiminut"):
        handling.take(case, by=cast.official, handler=left)


def test_who_wrote_as_the_applicant_does_not_decide(cast: SimpleNamespace, double: User) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    handling.message(case, by=double, text="Milloin saamme päätöksen?")
    handling.take(case, by=cast.official)
    permit_factories.propose(case, cast.official)
    left = after_leaving(double, cast)
    with pytest.raises(Denied, match="toiminut sen puolesta"):
        handling.decide(Application.objects.get(pk=case.pk), by=left)


def test_who_only_was_a_member_handles_the_case(cast: SimpleNamespace, double: User) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    assert acts.application_parties(after_leaving(double, cast), case) == {Party.HANDLER}


def test_who_recorded_an_application_from_paper_is_no_party(cast: SimpleNamespace) -> None:
    case = permit_factories.submitted_application(cast.secretary)
    case = permit_factories.paper_application(cast.official, cast.school, case.created_at.date())
    assert Party.RECORDER in acts.application_parties(cast.official, case)


def test_who_accepted_the_permit_does_not_suspend_it(cast: SimpleNamespace, double: User) -> None:
    permit = factories.permit(cast.school, number="TL-7", accepted=False)
    granting.accept(permit, by=double, name=double.name)
    left = after_leaving(double, cast)
    with pytest.raises(Denied, match="toiminut sen puolesta"):
        granting.suspend(permit, by=left, reason="Puutteita lokeissa.")
    assert Permit.objects.get(pk=permit.pk).status == states.IN_FORCE


def test_who_applied_for_the_permit_does_not_revoke_it(cast: SimpleNamespace, double: User) -> None:
    other = factories.user("Vera Virkailija", cast.registry, Role.OFFICIAL)
    permit = permit_factories.granted_permit(double, cast.official, other)
    assert acts.permit_parties(after_leaving(double, cast), permit) == frozenset()


def test_the_queue_leaves_the_case_out(cast: SimpleNamespace, double: User, browse: Browse) -> None:
    permit_factories.submitted_application(double)
    shown = permit_factories.submitted_application(cast.secretary)
    rows = browse(after_leaving(double, cast)).get(reverse("permits:queue")).context["rows"]
    assert [row["application"] for row in rows] == [shown]
