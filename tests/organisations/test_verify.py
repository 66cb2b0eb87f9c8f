"""An official compares an organisation with the business register, and verifies it or has it corrected."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import organisation_states, organisations, paging
from portal.access import Denied
from portal.models import AuditEvent, Organisation
from portal.states import Conflict, move
from tests import factories
from tests.organisations.conftest import FACTS


def judge(client, organisation: Organisation, **data: str):  # type: ignore[no-untyped-def]
    return client.post(reverse("organisations:verify", args=[organisation.pk]), data, follow=True)


def test_an_official_verifies_what_was_seen_and_the_managers_are_told(
    cast, town, registered, sign_in
) -> None:
    seen = organisations.fingerprint(registered)
    judge(sign_in(cast.official), registered, act="verify", seen=seen)
    registered.refresh_from_db()
    assert registered.is_verified
    assert registered.verified_by == cast.official
    event = AuditEvent.objects.get(event="organisation.verified")
    assert (event.actor, event.organisation) == (str(cast.official.pk), str(registered.pk))
    factories.run_jobs()
    assert [one.to for one in mail.outbox] == [[town.newcomer.email]]
    assert "Metsälän kunta on vahvistettu. Voit nyt hakea sille tietolupaa." in mail.outbox[0].body


@pytest.mark.parametrize("act", ["verify", "refuse"])
def test_what_changed_after_it_was_seen_is_not_judged(cast, town, registered, sign_in, act: str) -> None:
    seen = organisations.fingerprint(registered)
    organisations.correct(registered, by=town.newcomer, name="Toinen kunta")
    judge(sign_in(cast.official), registered, act=act, seen=seen, refused_reason="Nimi on toinen.")
    registered.refresh_from_db()
    assert (registered.is_verified, registered.refused_reason) == (False, "")


def test_a_refusal_tells_what_to_correct_and_the_correction_waits_again(
    cast, town, registered, sign_in, client
) -> None:
    judge(sign_in(cast.official), registered, act="refuse", refused_reason="Nimi ei vastaa rekisteriä.")
    registered.refresh_from_db()
    assert registered.status == "refused"
    sign_in(town.newcomer)
    page = client.get(reverse("organisations:detail", args=[registered.pk])).content.decode()
    assert "Nimi ei vastaa rekisteriä." in page
    client.post(reverse("organisations:edit", args=[registered.pk]), FACTS | {"name": "Metsälän kaupunki"})
    registered.refresh_from_db()
    assert (registered.status, registered.refused_reason) == ("unverified", "")
    assert registered.name == "Metsälän kaupunki"


def test_a_refusal_needs_a_reason(cast, registered, sign_in) -> None:
    response = judge(sign_in(cast.official), registered, act="refuse", refused_reason=" ")
    assert "refused_reason" in response.context["form"].errors
    registered.refresh_from_db()
    assert registered.status == "unverified"


def test_an_official_who_is_a_member_cannot_verify(cast, registered, sign_in) -> None:
    registered.memberships.create(user=cast.official, role="applicant")
    response = judge(
        sign_in(cast.official), registered, act="verify", seen=organisations.fingerprint(registered)
    )
    assert response.context["reason"]
    with pytest.raises(Denied):
        organisations.verify(registered, by=cast.official)
    registered.refresh_from_db()
    assert not registered.is_verified


@pytest.mark.parametrize("frm", sorted(organisation_states.ORGANISATION.transitions))
@pytest.mark.parametrize("to", sorted(organisation_states.ORGANISATION.transitions))
def test_only_the_drawn_transitions_are_possible(cast, registered, frm: str, to: str) -> None:
    facts = {
        "unverified": {"verified_at": None, "refused_reason": ""},
        "verified": {"verified_at": registered.created_at, "refused_reason": ""},
        "refused": {"verified_at": None, "refused_reason": "Nimi"},
    }
    Organisation.objects.filter(pk=registered.pk).update(status=frm, **facts[frm])
    if to in organisation_states.ORGANISATION.transitions[frm]:
        move(registered, to, by=cast.official, **facts[to])
        assert registered.status == to
    else:
        with pytest.raises(Conflict):
            move(registered, to, by=cast.official, **facts[to])


@pytest.mark.parametrize(
    "change",
    [{"status": "verified"}, {"status": "refused"}, {"refused_reason": "Nimi"}, {"status": "trusted"}],
)
def test_the_database_holds_status_moment_and_reason_together(registered, change) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=registered.pk).update(**change)


def test_the_list_shows_who_waits_and_finds_all_by_name_and_business_id(
    cast, town, registered, sign_in
) -> None:
    client = sign_in(cast.official)

    def names(query: str) -> list[str]:
        rows = client.get(f"/staff/organisations/?{query}").context["rows"]
        return [organisation.name for organisation, _tone in rows]

    assert names("") == ["Metsälän kunta"]
    assert names("show=all&q=koivu") == ["Koivulan kunta"]
    assert names(f"show=all&q={FACTS['business_id']}") == ["Metsälän kunta"]
    assert "Rekisterivirasto" not in names("show=all")


def test_the_list_goes_on_page_by_page(cast, town, sign_in, monkeypatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    client, query, seen = sign_in(cast.official), "?show=all", []
    while query:
        page = client.get(f"/staff/organisations/{query}").context["page"]
        seen += [one.name for one in page.items]
        query = page.next_url
    assert seen == ["Koivulan kunta", "Kuusikon ammattiopisto", "Lammen lukio"]
