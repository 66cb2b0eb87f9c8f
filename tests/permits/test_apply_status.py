"""How an application stands for its applicant: due day, steps, messages, requests, withdrawal."""

from django.urls import reverse
from django.utils import timezone

from permits import handling, workflow
from portal.roles import Role
from tests import factories, permit_factories


def page_of(application, name: str = "application") -> str:
    return reverse(f"permits:{name}", args=[application.pk])


def test_a_draft_leads_on_to_the_form(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    page = sign_in(cast.secretary).get(page_of(application)).content.decode()
    assert f'href="{page_of(application, "form")}"' in page


def test_it_tells_the_due_day_in_words_and_as_a_bar(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    page = sign_in(cast.secretary).get(page_of(application))
    due = application.due_on
    assert f"{due.day}.{due.month}.{due.year}" in page.context["due"]
    days = (due - timezone.localdate()).days  # 14, or more where the last one is no working day
    assert f'<progress max="{days}" value="0"' in page.content.decode()


def test_it_tells_what_the_registry_asks_and_until_when(cast, sign_in) -> None:
    application = permit_factories.reviewed_application(cast.secretary, cast.official)
    asked = permit_factories.ask(application, cast.official)
    page = sign_in(cast.secretary).get(page_of(application)).content.decode()
    assert asked.text in page
    assert f"{asked.answer_by.day}.{asked.answer_by.month}.{asked.answer_by.year}" in page


def test_messages_go_both_ways_and_notes_stay_inside(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    handling.message(application, by=cast.official, text="Tervehdys rekisteristä")
    handling.note(application, by=cast.official, text="Vain virkailijoille")
    client = sign_in(cast.secretary)
    client.post(page_of(application, "message"), {"text": "Kiitos viestistä"})
    page = client.get(page_of(application)).content.decode()
    assert [text for text in ("Tervehdys rekisteristä", "Kiitos viestistä") if text not in page] == []
    assert "Vain virkailijoille" not in page


def test_an_empty_message_is_not_sent(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    page = sign_in(cast.secretary).post(page_of(application, "message"), {"text": " "})
    assert set(page.context["form"].errors) == {"text"}
    assert application.messages.count() == 0


def test_a_message_typed_when_the_session_had_ended_is_kept(cast, client, sign_in) -> None:
    factories.session_ended(client, cast.secretary)
    application = permit_factories.submitted_application(cast.secretary)
    client.post(page_of(application, "message"), {"text": "Pitkä viesti"})
    page = sign_in(cast.secretary).get(page_of(application, "message"))
    assert "Pitkä viesti" in page.content.decode()
    assert application.messages.count() == 0


def test_withdrawing_asks_first(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    client = sign_in(cast.secretary)
    client.get(page_of(application, "withdraw"))
    application.refresh_from_db()
    assert application.status == "submitted"
    client.post(page_of(application, "withdraw"))
    application.refresh_from_db()
    assert application.status == "withdrawn"
    assert client.post(page_of(application, "withdraw"))["Location"] == page_of(application)


def test_a_withdrawn_application_takes_no_messages(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    client = sign_in(cast.secretary)
    assert page_of(application, "message") in client.get(page_of(application)).content.decode()
    client.post(page_of(application, "withdraw"))
    assert page_of(application, "message") not in client.get(page_of(application)).content.decode()
    sent = client.post(page_of(application, "message"), {"text": "Viesti"})
    assert sent["Location"] == page_of(application)
    assert application.messages.count() == 0


def test_the_decision_stands_with_its_reasons(cast, sign_in) -> None:
    decider = factories.user("Päivi Paattaja", cast.registry, Role.OFFICIAL)
    application = permit_factories.decided_application(cast.secretary, cast.official, decider)
    page = sign_in(cast.secretary).get(page_of(application)).content.decode()
    assert permit_factories.REASONS in page


def test_there_is_no_receipt_before_the_submission(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    assert sign_in(cast.secretary).get(page_of(application, "receipt")).status_code == 404


def test_an_official_has_a_page_of_their_own(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    assert sign_in(cast.official).get(page_of(application)).status_code == 403


def test_a_decision_shows_what_was_decided_why_and_how_to_appeal(cast, sign_in, second) -> None:
    case = permit_factories.decided_application(
        cast.secretary, cast.official, second, scopes={"person": ["surname"]}
    )
    page = sign_in(cast.secretary).get(reverse("permits:application", args=[case.pk])).content.decode()
    for part in (case.decision.number, str(case.decision.permit), permit_factories.REASONS, "Ei myönnetä"):
        assert part in page
    assert "hallinto-oikeu" in page


def test_an_official_prints_what_was_submitted_not_what_is_being_changed(cast, sign_in) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    answers = case.answers | {"logs": "Vielä keskeneräinen vastaus"}
    workflow.save_section(case, by=cast.secretary, section="protection", answers=answers)
    address = reverse("permits:print", args=[case.pk])
    assert "keskeneräinen" not in sign_in(cast.official).get(address).content.decode()
    assert "keskeneräinen" in sign_in(cast.secretary).get(address).content.decode()


def test_only_the_request_is_in_progress_while_the_answer_is_awaited(cast, sign_in) -> None:
    application = permit_factories.asked_application(cast.secretary, cast.official)
    page = sign_in(cast.secretary).get(page_of(application))
    assert [step.state for step in page.context["steps"]] == ["done", "waiting", "current", "waiting"]


def test_a_permit_for_less_than_was_applied_for_is_called_one_in_part(cast, second, sign_in) -> None:
    label, fewer = "Hyväksytty osittain", {"person": ["surname", "given_names"]}
    whole = permit_factories.decided_application(cast.secretary, cast.official, second)
    part = permit_factories.decided_application(cast.secretary, cast.official, second, scopes=fewer)
    for user, pages in (
        (cast.secretary, (page_of(part), reverse("permits:applications"))),
        (cast.official, (page_of(part, "review"), f"{reverse('permits:queue')}?show=ended")),
    ):
        client = sign_in(user)
        assert [page for page in pages if label not in client.get(page).content.decode()] == []
    assert label not in sign_in(cast.secretary).get(page_of(whole)).content.decode()
