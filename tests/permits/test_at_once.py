"""Two people act at the same moment, each on a connection of their own: one is first, the other is told."""

import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from permits import granting, handling, workflow
from permits.acts import NotNow
from permits.models import Application, Decision, Permit, PermitAcceptance, Proposal, Submission
from portal.access import Denied
from portal.models import AuditEvent
from portal.roles import Role
from portal.states import Conflict
from tests import factories
from tests import permit_factories as made
from tests.at_once import Act, at_once, database_copy


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), database_copy():
        yield


@pytest.fixture
def scene(cast: SimpleNamespace) -> SimpleNamespace:
    cast.decider = factories.user("Paula Paattaja", cast.registry, Role.OFFICIAL)
    cast.third = factories.user("Kolmas Virkailija", cast.registry, Role.OFFICIAL)
    cast.rector = factories.user("Reetta Rehtori", cast.school, Role.SIGNATORY)
    cast.vice = factories.user("Ville Vararehtori", cast.school, Role.SIGNATORY)
    return cast


def fresh(case: Application) -> Application:
    """The case as another process reads it."""
    return Application.objects.get(pk=case.pk)


def refused(outcomes: list[Any]) -> list[type[BaseException]]:
    return [type(one) for one in outcomes if isinstance(one, BaseException)]


def events(name: str) -> int:
    return AuditEvent.objects.filter(event=name).count()


def test_of_two_proposals_at_once_one_is_made(scene: SimpleNamespace) -> None:
    case = made.reviewed_application(scene.secretary, scene.official)
    seen = case.changed_at
    outcomes = at_once(
        lambda: made.propose(fresh(case), scene.official, seen=seen),
        lambda: made.propose(fresh(case), scene.third, seen=seen, outcome="reject"),
    )
    assert refused(outcomes) == [handling.Overtaken]
    assert Proposal.objects.filter(application=case, ended_at=None).count() == 1
    assert events("application.proposed") == 1


def test_of_two_decisions_at_once_one_is_made_with_one_permit(scene: SimpleNamespace) -> None:
    case = made.proposed_application(scene.secretary, scene.official)
    seen = case.changed_at
    outcomes = at_once(
        lambda: handling.decide(fresh(case), by=scene.decider, seen=seen),
        lambda: handling.decide(fresh(case), by=scene.third, seen=seen),
    )
    assert refused(outcomes) == [handling.Overtaken]
    assert Decision.objects.filter(application=case).count() == 1
    assert Permit.objects.filter(decision__application=case).count() == 1
    assert events("application.approved") == 1


def test_a_decision_and_a_return_at_once_are_not_both_done(scene: SimpleNamespace) -> None:
    case = made.proposed_application(scene.secretary, scene.official)
    outcomes = at_once(
        lambda: handling.decide(fresh(case), by=scene.decider),
        lambda: handling.return_proposal(fresh(case), by=scene.third, reason="Ehdot puuttuvat."),
    )
    is_decided = Decision.objects.filter(application=case).exists()
    assert refused(outcomes) == [NotNow if is_decided else Denied]  # nobody decides without a proposal
    assert fresh(case).status == ("approved" if is_decided else "in_review")


def test_a_decision_and_a_withdrawal_at_once_are_not_both_done(scene: SimpleNamespace) -> None:
    case = made.proposed_application(scene.secretary, scene.official)
    outcomes = at_once(
        lambda: handling.decide(fresh(case), by=scene.decider),
        lambda: workflow.withdraw(fresh(case), by=scene.secretary),
    )
    is_decided = Decision.objects.filter(application=case).exists()
    assert refused(outcomes) == [NotNow if is_decided else Denied]
    assert fresh(case).status == ("approved" if is_decided else "withdrawn")


def test_two_amendments_decided_at_once_become_two_versions(scene: SimpleNamespace) -> None:
    permit = made.accepted_permit(scene.secretary, scene.official, scene.decider, scene.rector)
    cases = []
    for _number in range(2):
        case = made.application(scene.secretary, kind="amendment", amends=permit)
        made.fill(case, scene.secretary)
        workflow.submit(case, by=scene.secretary, committed_by="Reetta Rehtori")
        handling.take(case, by=scene.official)
        made.propose(case, scene.official)
        cases.append(case)
    one, other = cases
    outcomes = at_once(
        lambda: handling.decide(fresh(one), by=scene.decider),
        lambda: handling.decide(fresh(other), by=scene.third),
    )
    assert refused(outcomes) == []
    versions = Permit.objects.filter(number=permit.number).order_by("version")
    assert [(p.version, p.status) for p in versions] == [(1, "replaced"), (2, "replaced"), (3, "in_force")]


def test_of_two_colleagues_who_submit_at_once_one_does(scene: SimpleNamespace) -> None:
    case = made.filled_application(scene.secretary)
    outcomes = at_once(
        lambda: workflow.submit(fresh(case), by=scene.secretary, committed_by="Reetta Rehtori"),
        lambda: workflow.submit(fresh(case), by=scene.colleague, committed_by="Reetta Rehtori"),
    )
    assert refused(outcomes) == [NotNow]
    assert Submission.objects.filter(application=case).count() == 1
    assert events("application.submitted") == 1


def test_an_answer_and_going_on_without_it_at_once_end_the_stop_once(scene: SimpleNamespace) -> None:
    case = made.asked_application(scene.secretary, scene.official)
    outcomes = at_once(
        lambda: workflow.submit(fresh(case), by=scene.secretary, committed_by="Reetta Rehtori"),
        lambda: handling.go_on(fresh(case), by=scene.third, reason="Määräpäivä on ohi."),
    )
    assert refused(outcomes) == [NotNow]
    request = case.information_requests.get()
    assert request.ended_at is not None
    assert request.answered == (Submission.objects.filter(application=case).count() == 2)


def test_of_two_who_save_a_section_at_once_the_second_is_shown_the_first(scene: SimpleNamespace) -> None:
    case = made.application(scene.secretary)

    def save(by: Any, purpose: str) -> Act:
        answers = {"purpose": purpose}
        return lambda: workflow.save_section(fresh(case), by=by, section="register", answers=answers, seen=0)

    outcomes = at_once(save(scene.secretary, "Laskutus"), save(scene.colleague, "Todistukset"))
    assert refused(outcomes) == [workflow.Changed]
    lost = next(one for one in outcomes if isinstance(one, workflow.Changed))
    assert lost.answers["purpose"] == fresh(case).answers["purpose"]


def test_two_who_save_different_sections_at_once_both_keep_what_they_wrote(scene: SimpleNamespace) -> None:
    case = made.application(scene.secretary)

    def save(by: Any, section: str, **answers: Any) -> Act:
        return lambda: workflow.save_section(fresh(case), by=by, section=section, answers=answers, seen=0)

    outcomes = at_once(
        save(scene.secretary, "register", purpose="Laskutus"),
        save(scene.colleague, "protection", retention="Kaksi vuotta"),
    )
    assert outcomes == [1, 1]
    assert fresh(case).answers.items() >= {"purpose": "Laskutus", "retention": "Kaksi vuotta"}.items()


def test_a_form_that_is_sent_twice_begins_one_application(scene: SimpleNamespace) -> None:
    token = uuid.uuid4()
    begin = lambda: workflow.create(by=scene.secretary, organisation=scene.school, token=token)  # noqa: E731
    outcomes = at_once(begin, begin, begin)
    assert refused(outcomes) == []
    assert Application.objects.count() == 1
    assert events("application.created") == 1


def test_of_two_who_take_a_case_at_once_the_second_is_told_of_the_first(scene: SimpleNamespace) -> None:
    case = made.submitted_application(scene.secretary)
    seen = case.changed_at
    outcomes = at_once(
        lambda: handling.take(fresh(case), by=scene.official, seen=seen),
        lambda: handling.take(fresh(case), by=scene.third, seen=seen),
    )
    assert refused(outcomes) == [handling.Overtaken]
    first = scene.official if outcomes[0] is None else scene.third
    assert fresh(case).handler == first


def test_a_permit_that_two_accept_at_once_is_accepted_once(scene: SimpleNamespace) -> None:
    permit = made.granted_permit(scene.secretary, scene.official, scene.decider)
    outcomes = at_once(
        lambda: granting.accept(Permit.objects.get(pk=permit.pk), by=scene.rector, name="Reetta"),
        lambda: granting.accept(Permit.objects.get(pk=permit.pk), by=scene.vice, name="Ville"),
    )
    assert refused(outcomes) == []
    assert outcomes[0].pk == outcomes[1].pk
    assert PermitAcceptance.objects.count() == 1
    assert events("permit.accepted") == 1


def test_of_a_suspension_and_a_revocation_at_once_the_permit_keeps_one_history(
    scene: SimpleNamespace,
) -> None:
    permit = made.granted_permit(scene.secretary, scene.official, scene.decider)
    outcomes = at_once(
        lambda: granting.suspend(Permit.objects.get(pk=permit.pk), by=scene.official, reason="Selvitys."),
        lambda: granting.suspend(Permit.objects.get(pk=permit.pk), by=scene.third, reason="Selvitys."),
        lambda: granting.revoke(Permit.objects.get(pk=permit.pk), by=scene.decider, reason="Väärinkäyttö."),
    )
    assert set(refused(outcomes)) <= {Conflict, NotNow}
    permit.refresh_from_db()
    assert permit.status == "revoked"
    assert list(permit.events.values_list("status", flat=True)) in (
        ["suspended", "revoked"],
        ["revoked"],
    )
