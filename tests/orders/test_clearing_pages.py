"""The officials' pages of doubtful rows: who may see them, what they show, and what is kept of a reading."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from matching.weighing.comparisons import PERSON, Comparison
from orders.clearing import pages as clearing_pages
from orders.clearing import sheets as clearing_sheets
from orders.clearing import words as clearing_words
from orders.steps import clearing
from portal import outbox
from portal.models import AuditEvent, Membership, User
from portal.roles import Role
from tests import factories
from tests.orders.doubtful import clearing_order, decide, namesakes, row_of
from tests.portal.test_sign_in import code, send_password

EN = {"headers": {"accept-language": "en"}}


@pytest.fixture
def order(cast, own_store, settings):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store, protected=True)
    return clearing_order(cast.secretary)


def address(name: str, *args: object) -> str:
    return reverse(f"orders:{name}", args=args)


def page(client, name: str, *args: object, **query: str) -> str:  # type: ignore[no-untyped-def]
    response = client.get(address(name, *args), query, **EN)
    assert response.status_code == 200, response
    return re.sub(r"\s+", " ", response.content.decode())


def post(client, order, number: int, choice: str, query: str = "", **more: str):  # type: ignore[no-untyped-def]
    row, user = row_of(order, number), User.objects.get(pk=client.session["_auth_user_id"])
    data = {"choice": choice, "stage": row.stage, "seen": clearing_sheets.seen_by(row, user)} | more
    return client.post(address("clearing_row", order.pk, number) + query, data, **EN)


@pytest.mark.parametrize("compared", PERSON, ids=lambda compared: compared.name)
def test_every_way_in_which_a_row_and_a_person_agree_has_words(compared: Comparison) -> None:
    known = clearing_words.LEVELS[compared.name]
    assert {level.name for level in compared.levels} <= known.keys()


def test_an_order_waits_in_the_queue_with_its_last_day(cast, order, sign_in) -> None:
    text = page(sign_in(cast.official), "clearing_queue")
    assert order.number in text
    assert address("clearing", order.pk) in text


def test_the_front_page_counts_the_orders_whose_rows_wait_for_this_official(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    tasks = client.get(reverse("home")).context["tasks"]
    assert [(task.href, task.status) for task in tasks] == [(address("clearing_queue"), "1")]
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    assert client.get(reverse("home")).context["tasks"] == []


def test_the_overview_tells_how_far_it_is_and_the_groups(cast, order, sign_in) -> None:
    decide(order, 1, cast.official, 1)
    text = page(sign_in(cast.official), "clearing", order.pk)
    assert "1 of 3 rows are decided" in text
    assert "Surname: same; Given names: same; Date of birth: same" in text
    assert "2 rows are still to be decided." in text


def test_a_waterfall_ends_in_the_candidates_own_weight_though_its_steps_are_rounded() -> None:
    steps = [["surname", 2.1, None], ["given_names", 2.049, None]]
    candidate = {"place": 1, "steps": steps, "weight": 4.15, "needed": 12.0}
    (drawn,) = clearing_pages.waterfalls([candidate])
    assert (drawn.total, drawn.bars[-1].bits) == (4.15, 4.15)


def test_the_row_and_its_candidates_are_side_by_side(cast, order, sign_in) -> None:
    text = page(sign_in(cast.official), "clearing_row", order.pk, 1)
    assert "Whom does row 1 mean?" in text
    assert "Rantatie 3" in text
    assert "Match with 2" in text
    assert text.count('<svg class="waterfall"') == 2
    assert "style=" not in text
    assert "<script>" not in text


def test_of_a_protected_candidate_the_address_is_withheld(cast, order, sign_in) -> None:
    text = page(sign_in(cast.official), "clearing_row", order.pk, 1)
    assert text.count("withheld: non-disclosure order") >= 2
    assert "without the home" in text


def test_a_decision_opens_the_next_row_at_its_heading(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    response = post(client, order, 1, "2")
    assert response["Location"] == address("clearing_row", order.pk, 2) + "#case"
    assert row_of(order, 1).place == 2
    assert "Take back the decision on row 1" in page(client, "clearing_row", order.pk, 2)


def test_the_last_decision_leads_back_to_the_order(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    for number in (1, 2, 3):
        response = post(client, order, number, "none")
    assert response["Location"] == address("clearing", order.pk)


def test_a_skipped_row_is_left_for_later(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    assert post(client, order, 1, "skip")["Location"].startswith(address("clearing_row", order.pk, 2))
    assert row_of(order, 1).stage == "open"
    post(client, order, 2, "skip")
    response = post(client, order, 3, "skip")
    assert response["Location"] == address("clearing", order.pk)
    assert "3 rows were left for later" in client.get(response["Location"], **EN).content.decode()


@pytest.mark.parametrize("choice", ["9", "0", "-1", "", "match", "²"])
def test_a_choice_that_is_none_leads_to_the_same_row_with_the_reason(cast, order, sign_in, choice) -> None:
    client = sign_in(cast.official)
    response = post(client, order, 2, choice)
    assert response["Location"].startswith(address("clearing_row", order.pk, 2))
    assert "Choose a candidate" in client.get(response["Location"], **EN).content.decode()
    assert row_of(order, 2).stage == "open"


def test_who_has_not_opened_the_row_on_its_sheet_decides_nothing(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    another = clearing_sheets.seen_by(row_of(order, 2), cast.official)
    for seen in ("", another, clearing_sheets.seen_by(row_of(order, 1), cast.admin)):
        post(client, order, 1, "1", seen=seen)
    assert row_of(order, 1).stage == "open"


def test_who_is_second_is_told_that_another_was_first(cast, order, sign_in) -> None:
    other = factories.user("Taru Tarkastaja", cast.registry, Role.OFFICIAL)
    client = sign_in(cast.official)
    decide(order, 1, other, 1)
    response = post(client, order, 1, "none", stage="open")
    assert "Row 1 has been decided" in client.get(response["Location"], **EN).content.decode()
    assert row_of(order, 1).decided_by == other


def test_a_second_opinion_is_given_blindly(cast, order, sign_in, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    other = factories.user("Taru Tarkastaja", cast.registry, Role.OFFICIAL)
    decide(order, 1, other, 2)
    client = sign_in(cast.official)
    fresh = page(client, "clearing_row", order.pk, 2, show="others")
    blind = page(client, "clearing_row", order.pk, 1, show="others")
    assert "You do not see it" in blind
    assert other.name not in blind
    tables = [re.search("<table class=.table compare.*</table>", text) for text in (fresh, blind)]
    assert all(tables)
    assert tables[0][0] == tables[1][0]  # the rows are alike, and nothing of the first opinion is beside one


def test_who_gave_the_first_opinion_does_not_read_the_row_again(cast, order, sign_in, settings) -> None:
    settings.CLEARING_SECOND_SHARE = 1
    decide(order, 1, cast.official, 1)
    response = sign_in(cast.official).get(address("clearing_row", order.pk, 1))
    assert response.status_code == 302
    assert not AuditEvent.objects.filter(event="clearing.row_read").exists()


def test_a_group_without_its_sample_is_refused_in_words(cast, order, sign_in) -> None:
    client, key = sign_in(cast.official), row_of(order, 1).group
    assert "3 rows of it are still to be looked at" not in page(client, "clearing_group", order.pk, group=key)
    assert "The whole group is in the sample: decide its rows one by one." in page(
        client, "clearing_group", order.pk, group=key
    )
    response = client.post(address("clearing_group", order.pk), {"group": key, "sure": "1"}, **EN)
    assert (
        "The whole group is in the sample: decide its rows one by one."
        in client.get(response["Location"], **EN).content.decode()
    )
    assert client.get(address("clearing_group", order.pk), {"group": "another"}).status_code == 404


def test_a_group_is_decided_only_by_who_confirms_that_its_sample_suits_it(cast, order, sign_in) -> None:
    client, key = sign_in(cast.official), row_of(order, 1).group
    response = client.post(address("clearing_group", order.pk), {"group": key}, **EN)
    assert "Confirm first" in client.get(response["Location"], **EN).content.decode()


def test_the_last_decision_can_be_taken_back_where_no_row_follows(cast, order, sign_in) -> None:
    client, key = sign_in(cast.official), row_of(order, 1).group
    post(client, order, 1, "2")
    pages = (page(client, "clearing", order.pk), page(client, "clearing_group", order.pk, group=key))
    assert [text for text in pages if address("clearing_take_back", order.pk, 1) not in text] == []


@pytest.mark.parametrize(
    ("level", "address_words", "former_words"),
    [
        ("house", "the same house", ""),
        ("former house", "", "a former address"),
        ("postal code", "", "the postal code alone"),
        ("region", "", "the region alone"),
        ("other", "another", ""),
    ],
)
def test_what_agrees_of_the_home_is_told_at_the_address_that_agrees(
    level: str, address_words: str, former_words: str
) -> None:
    facts = {"address": "Purokatu 2, 40360 JYVÄSKYLÄ", "former_addresses": "Niittytie 4, 57230 SAVONLINNA"}
    candidate = {"place": 1, "protected": False, "facts": facts, "levels": {"home": level}}
    sent = {"street": "Niitytie 5", "postal_code": "57230"}
    with translation.override("en"):
        shown = clearing_pages.lines(clearing_sheets.Case(None, sent, [candidate]))  # type: ignore[arg-type]
        said = {str(line.label): line.cells[0].words for line in shown}
    assert (said["Address"], said["Former addresses"]) == (address_words, former_words)


def test_a_decision_is_taken_back_by_its_button(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    post(client, order, 1, "2")
    response = client.post(address("clearing_take_back", order.pk, 1))
    assert response["Location"].startswith(address("clearing_row", order.pk, 1))
    assert row_of(order, 1).stage == "open"


def test_the_clearing_is_closed_by_its_button(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    client.post(address("clearing_close", order.pk))
    order.refresh_from_db()
    assert order.status == "clearing"
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    client.post(address("clearing_close", order.pk))
    order.refresh_from_db()
    assert order.status == "ready"


def test_once_closed_a_row_is_no_longer_shown(cast, order, sign_in) -> None:
    clearing.close(order)
    factories.run_jobs()
    client = sign_in(cast.official)
    assert client.get(address("clearing_row", order.pk, 1)).status_code == 302
    assert "no longer being gone through" in page(client, "clearing", order.pk)


VIEWS = [
    ("clearing", ()), ("clearing_group", ()), ("clearing_next", ()), ("clearing_close", ()),
    ("clearing_row", (1,)), ("clearing_take_back", (1,)),
]  # fmt: skip


def answers(client, order) -> set[int]:  # type: ignore[no-untyped-def]
    paths = [address(name, order.pk, *parts) for name, parts in VIEWS]
    codes = {client.get(path).status_code for path in paths} | {
        client.post(path).status_code for path in paths
    }
    return codes - {405}


def test_a_stranger_the_customer_and_a_disqualified_official_are_refused(cast, order, sign_in) -> None:
    assert answers(sign_in(cast.outsider), order) == {404}
    assert answers(sign_in(cast.secretary), order) == {403}
    Membership.objects.create(user=cast.official, organisation=cast.school, role=Role.MANAGER)
    client = sign_in(cast.official)
    assert answers(client, order) == {403}
    assert "You are a member of the organisation" in page(client, "clearing_queue")
    for one in (cast.outsider, cast.secretary):
        client = sign_in(one)
        for name in ("clearing_queue", "clearing_agreement"):
            assert client.get(address(name)).status_code == 403
    assert not AuditEvent.objects.filter(event="clearing.row_read").exists()


def test_each_reading_is_on_record_without_a_name_or_a_code(cast, order, sign_in, caplog, capsys) -> None:
    client = sign_in(cast.official)
    page(client, "clearing_row", order.pk, 1)
    post(client, order, 1, "2"), post(client, order, 2, "none")
    client.get(address("clearing_agreement")), client.get(address("clearing", order.pk))
    clearing.close(order)
    read = AuditEvent.objects.get(event="clearing.row_read")
    assert (read.actor, read.object_id) == (str(cast.official.pk), str(order.pk))
    assert read.details["row"] == 1
    assert [len(person) for person in read.details["persons"]] == [64, 64]
    kept = str(list(AuditEvent.objects.values_list("details", flat=True))) + caplog.text
    kept += "".join(capsys.readouterr())
    for secret in ("Malli", "Väinö", "V\\u00e4in", "Rantatie", "020594", "1994-05-02", "2.5.1994"):
        assert secret not in kept


def test_a_head_request_is_no_reading(cast, order, sign_in) -> None:
    assert sign_in(cast.official).head(address("clearing_row", order.pk, 1)).status_code == 200
    assert not AuditEvent.objects.filter(event="clearing.row_read").exists()


def test_the_customer_reads_that_an_official_is_looking_at_some_rows(cast, order, sign_in) -> None:
    text = page(sign_in(cast.secretary), "detail", order.pk)
    assert "an official is looking at them" in text
    assert address("clearing", order.pk) not in text
    client = sign_in(cast.official)
    assert address("clearing", order.pk) in page(client, "detail", order.pk)
    assert order.number in page(client, "deadlines", status="clearing")


@pytest.mark.parametrize(
    ("text", "sent", "marked"),
    [
        ("Virtanen", "Virtanen", []),
        ("Virtanen", "Virtannen", ["n"]),
        ("Meikäläinen", "Meikalainen", ["ä", "ä"]),
        ("Anna Maria", "Anna", ["Maria"]),
        ("12.3.1985", "12.3.1958", ["85"]),
        ("Korhonen", "Lahti", ["Korhonen"]),
    ],
)
def test_what_differs_is_marked(text: str, sent: str, marked: list[str]) -> None:
    pieces = clearing_pages.marked(text, sent)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.marked] == marked


def test_a_group_in_the_address_that_no_database_holds_is_none(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    assert client.get(address("clearing_group", order.pk), {"group": "\0"}).status_code == 404
    assert client.get(address("clearing_next", order.pk), {"group": "a\0"}).status_code == 302


def test_the_button_that_ends_a_clearing_is_off_while_sheets_are_written_anew(cast, order, sign_in) -> None:
    for number in (1, 2, 3):
        decide(order, number, cast.official, 1)
    client = sign_in(cast.official)
    assert "still being made" not in page(client, "clearing", order.pk)
    outbox.queue("orders.sheets", order.pk)
    assert "The sheets of the doubtful rows are still being made." in page(client, "clearing", order.pk)
    response = client.post(address("clearing_close", order.pk), follow=True, **EN)
    assert "The sheets of the doubtful rows are still being made." in response.content.decode()
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == "ready"  # by the worker, once the sheets show that nothing is left


def test_a_decision_that_is_sent_signed_out_leads_to_the_same_row_and_is_said_to_be_lost(
    cast, order, sign_in
) -> None:
    here = address("clearing_row", order.pk, 2) + "?show=all"
    client = sign_in(cast.official)
    page(client, "clearing_row", order.pk, 2)
    factories.session_ended(client, cast.official)
    sign_in_page = client.post(here, {"choice": "1"}, headers={"referer": f"http://testserver{here}"})
    send_password(client, cast.official.email, next=here)
    response = client.post("/accounts/2fa/authenticate/", {"code": code()}, follow=True, **EN)
    assert sign_in_page["Location"].endswith("/rows/2/%3Fshow%3Dall")
    assert response.redirect_chain == [(here, 302)]
    assert "What you sent was not saved" in response.content.decode()
    assert row_of(order, 2).stage == "open"
