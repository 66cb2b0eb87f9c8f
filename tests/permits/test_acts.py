"""Every state × party × act: what the table says is what the verbs do, called for real."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import translation

from permits import acts, handling, states, workflow
from permits.access import get_application_for
from permits.acts import Party
from permits.form import form_spec
from permits.models import Application
from portal.access import Denied
from portal.models import User
from portal.roles import Role
from portal.states import Conflict
from tests import factories, permit_factories

Verb = Callable[[Application, User, SimpleNamespace], object]
SOON = date(2099, 1, 1)

VERBS: Mapping[str, Verb] = {
    "read": lambda case, user, cast: acts.check("read", user, case),
    "review": lambda case, user, cast: acts.check("review", user, case),
    "edit": lambda case, user, cast: workflow.save_section(
        case, by=user, section="register", answers={"purpose": "Uusi käyttötarkoitus."}
    ),
    "submit": lambda case, user, cast: workflow.submit(case, by=user, committed_by="Reetta Rehtori"),
    "withdraw": lambda case, user, cast: workflow.withdraw(case, by=user),
    "share": lambda case, user, cast: workflow.share(case, by=user, email="lukija@example.org"),
    "copy": lambda case, user, cast: workflow.create(
        by=user, organisation=case.organisation, token=uuid.uuid4(), copy_of=case
    ),
    "message": lambda case, user, cast: handling.message(case, by=user, text="Viesti"),
    "note": lambda case, user, cast: handling.note(case, by=user, text="Muistiinpano"),
    "take": lambda case, user, cast: handling.take(case, by=user, handler=cast.third),
    "check": lambda case, user, cast: handling.mark(case, by=user, marks={"purpose": ("ok", "")}),
    "ask_information": lambda case, user, cast: handling.ask_information(case, by=user, text="Mitä?"),
    "go_on": lambda case, user, cast: handling.go_on(case, by=user, reason="Määräpäivä on ohi."),
    "ask_statement": lambda case, user, cast: handling.ask_statement(
        case, by=user, of=cast.third, question="Mitä mieltä?", wanted_by=SOON
    ),
    "give_statement": lambda case, user, cast: handling.give_statement(
        case.statements.create(asked_by=cast.third, asked_of=user, question="?", wanted_by=SOON),
        by=user,
        answer="Puollan.",
    ),
    "propose": lambda case, user, cast: handling.propose(
        case, by=user, outcome="approve", reasons="Peruste", scopes=form_spec.wanted_scopes(case.answers)
    ),
    "return_proposal": lambda case, user, cast: handling.return_proposal(case, by=user, reason="Kesken"),
    "decide": lambda case, user, cast: handling.decide(case, by=user),
}


@pytest.fixture
def people(cast: SimpleNamespace) -> SimpleNamespace:
    """The cast with every other kind of person that there is to a case of the school."""
    cast.preparer = cast.official
    cast.decider = factories.user("Vera Virkailija", cast.registry, Role.OFFICIAL)
    cast.third = factories.user("Kalle Virkailija", cast.registry, Role.OFFICIAL)
    cast.member_official = factories.user("Jaana Jäsen", cast.registry, Role.OFFICIAL)
    cast.member_official.memberships.create(organisation=cast.school, role=Role.MANAGER)
    cast.signatory = factories.user("Reetta Rehtori", cast.school, Role.SIGNATORY)
    cast.reader = factories.user("Lasse Lukija", cast.other_school)
    return cast


PARTIES: Mapping[str, set[Party]] = {
    "secretary": {Party.APPLICANT},
    "colleague": {Party.APPLICANT},
    "signatory": {Party.READER},
    "reader": {Party.READER},
    "preparer": {Party.HANDLER},
    "decider": {Party.HANDLER},
    "member_official": {Party.READER},
    "admin": {Party.OVERSEER},
    "outsider": set(),
}
IN_PROPOSAL = {"preparer": Party.PREPARER, "decider": Party.DECIDER}


def expected_parties(name: str, case: Application) -> set[Party]:
    proposed = case.status == states.PROPOSED
    more = {IN_PROPOSAL[name]} if proposed and name in IN_PROPOSAL else set()
    paper = {Party.RECORDER} if case.is_on_paper and name in IN_PROPOSAL else set()
    return PARTIES[name] | more | paper


def accepts(act: str, case: Application, user: User, people: SimpleNamespace) -> bool:
    """Whether the verb does it; whatever it did is undone."""
    fresh = Application.objects.get(pk=case.pk)
    try:
        with transaction.atomic():
            VERBS[act](fresh, User.objects.get(pk=user.pk), people)
            raise _Done
    except _Done:
        return True
    except (Denied, Conflict):
        return False


class _Done(Exception):
    """The verb came to its end; raised so that the transaction is undone."""


def walk(case: Application, people: SimpleNamespace) -> list[str]:
    """Every party and act where table, `allowed`, and verb do not all say the same."""
    workflow.share(case, by=people.secretary, email=people.reader.email)
    wrong = []
    for name in PARTIES:
        user = User.objects.get(pk=getattr(people, name).pk)
        parties = expected_parties(name, case)
        assert acts.application_parties(user, case) == parties, name
        for act, rule in acts.APPLICATION_ACTS.items():
            wanted = bool(rule.parties & parties) and case.status in rule.states
            said = (act in acts.allowed(user, case), accepts(act, case, user, people))
            if said != (wanted, wanted):
                wrong.append(f"{name} {act}: table {wanted}, allowed and done {said}")
    return wrong


@pytest.mark.parametrize("status", list(states.APPLICATION.transitions))
def test_every_act_of_every_party_is_as_the_table_says(people: SimpleNamespace, status: str) -> None:
    case = permit_factories.in_state(status, people.secretary, people.preparer, people.decider)
    if status == states.DRAFT:
        permit_factories.fill(case, people.secretary)
        case.refresh_from_db()
    assert walk(case, people) == []


def test_every_act_on_a_paper_application_is_as_the_table_says(people: SimpleNamespace) -> None:
    arrived = date.today() - timedelta(days=3)
    case = permit_factories.paper_application(people.preparer, people.school, arrived)
    handling.take(case, by=people.preparer)
    permit_factories.ask(case, people.preparer)
    assert walk(case, people) == []


def test_the_table_and_the_verbs_name_the_same_acts() -> None:
    assert VERBS.keys() == acts.APPLICATION_ACTS.keys()


@pytest.mark.parametrize("act", sorted(acts.APPLICATION_ACTS))
def test_each_refusal_says_why(people: SimpleNamespace, act: str) -> None:
    case = permit_factories.submitted_application(people.secretary)
    with pytest.raises(Denied) as refused:
        acts.check(act, people.outsider, case)
    assert str(refused.value.reason)


def test_a_preparer_is_told_that_another_decides(people: SimpleNamespace) -> None:
    case = permit_factories.proposed_application(people.secretary, people.preparer)
    with translation.override("en"), pytest.raises(Denied, match="Another official decides"):
        get_application_for(people.preparer, case.pk, "decide")
