"""The customer's pages of its doubtful rows: its own data and no more, checked field by field, on record."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from orders import pipeline
from orders.completion import workflow as completion_workflow
from orders.models import Completion, Order
from orders.steps import clearing
from portal.models import AuditEvent
from portal.roles import Role
from tests import factories
from tests.orders.completing import NAMED, P2, completable_order, complete
from tests.orders.doubtful import clearing_order, decide, namesakes, row_of

EN = {"headers": {"accept-language": "en"}}


@pytest.fixture
def order(cast, own_store, settings):  # type: ignore[no-untyped-def]
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    return completable_order(cast.secretary, cast.school)


def address(order: Order, *number: int) -> str:
    return reverse("orders:own_row" if number else "orders:own_rows", args=[order.pk, *number])


def shown(response) -> str:  # type: ignore[no-untyped-def]
    """What the page says, without the token of its forms."""
    assert response.status_code == 200, response
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|<time[^>]*>[^<]*', "", response.content.decode())
    return re.sub(r"\s+", " ", text)


def page(client, order: Order, *number: int) -> str:  # type: ignore[no-untyped-def]
    return shown(client.get(address(order, *number), **EN))


def post(client, order: Order, number: int, **cells: str):  # type: ignore[no-untyped-def]
    return client.post(address(order, number), cells, **EN)


def test_the_list_shows_what_was_sent_and_how_long_there_is(cast, order, sign_in) -> None:
    text = page(sign_in(cast.secretary), order)
    assert "3 rows wait for you" in text
    assert "17 days left." in text  # as an order counts: today is not among them
    assert text.count("Malli") == text.count("2.5.1994") == 3
    read = AuditEvent.objects.get(event="completion.rows_listed")
    assert read.details == {"rows": [1, 2, 3]}


def test_the_orders_page_and_a_mail_lead_there(cast, order, sign_in) -> None:
    text = shown(sign_in(cast.secretary).get(reverse("orders:detail", args=[order.pk]), **EN))
    assert address(order) in text
    assert "3 rows of your register fit several" in text
    (message,) = [one for one in mail.outbox if one.to == [cast.secretary.email]]
    assert order.number in message.subject
    assert address(order) in message.body
    assert not [cell for cell in ("Malli", "Väinö", "1994") if cell in message.body]


def test_a_row_is_completed_on_its_page_and_leaves_the_list(cast, order, sign_in) -> None:
    client = sign_in(cast.secretary)
    text = page(client, order, 2)
    assert 'value="Malli"' in text
    response = post(client, order, 2, **NAMED, hetu=P2)
    assert response["Location"] == address(order)
    text = page(client, order)
    assert "2 rows wait for you" in text
    assert "Completed" in text
    assert P2 not in text
    told = AuditEvent.objects.filter(event__in=["completion.row_read", "completion.made"])
    assert [(one.event, one.details["row"]) for one in told.order_by("pk")] == [
        ("completion.row_read", 2), ("completion.row_read", 2), ("completion.made", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("hetu", "020594X903A", "the check character"),
        ("birth_date", "31.2.1994", "Write the day as"),
        ("birth_date", "1.1.2099", "still to come"),
        ("postal_code", "!!", "Write the postal code"),
        ("surname", "x" * 201, "200"),
        ("surname", "Malli", "You have changed nothing"),
        ("birth_date", "", "Too little to search with"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_stored(
    cast, order, sign_in, field, text, words
) -> None:
    told = shown(post(sign_in(cast.secretary), order, 1, **(NAMED | {field: text})))
    assert words in told
    assert "There is a problem" in told
    assert not Completion.objects.exists()


def test_only_what_is_changed_is_checked(cast, own_store, sign_in) -> None:
    """Who does not know the right postal code still adds the code."""
    namesakes(own_store)
    register = "Sukunimi;Etunimet;Syntymäaika;Postinumero\nMalli;Väinö;2.5.1994;??\n" * 1
    permit = factories.permit(cast.school, customer_completes=True)
    order = factories.ready_order(cast.secretary, register, under=permit)
    response = post(sign_in(cast.secretary), order, 1, **NAMED, postal_code="??", hetu=P2)
    assert response.status_code == 302
    assert Completion.objects.get().row == 1


def test_who_knows_no_more_says_so(cast, order, sign_in) -> None:
    client = sign_in(cast.secretary)
    assert post(client, order, 1, nothing="1").status_code == 302
    assert "You knew no more" in page(client, order)
    assert client.get(address(order, 1)).status_code == 302  # it can no longer be opened


def test_a_row_that_an_official_was_first_to_decide_is_not_completed(cast, order, sign_in) -> None:
    client = sign_in(cast.secretary)
    page(client, order, 1)
    decide(order, 1, cast.official, 1)
    response = client.post(address(order, 1), NAMED | {"hetu": P2}, follow=True, **EN)
    assert "an official has taken it up" in shown(response)
    assert not Completion.objects.exists()


def test_who_may_not_order_for_the_organisation_sees_nothing(cast, order, sign_in) -> None:
    reader = factories.user("Lauri Lukija", cast.school, Role.SIGNATORY)
    for user, status in ((reader, 404), (cast.outsider, 404), (cast.official, 403)):
        client = sign_in(user)
        for where in (address(order), address(order, 1)):
            assert client.get(where).status_code == status
            assert client.post(where, {"nothing": "1"}).status_code in {status, 405}


def test_a_permit_without_the_term_leads_back_with_the_reason(cast, own_store, sign_in) -> None:
    namesakes(own_store)
    order = clearing_order(cast.secretary)
    assert not [one for one in mail.outbox if "odottaa" in one.subject]
    told = shown(sign_in(cast.secretary).get(address(order), follow=True, **EN))
    assert "The permit does not let you complete doubtful rows" in told
    assert "Doubtful rows that you can complete" not in told


def test_a_row_that_is_not_doubtful_is_no_page(cast, order, sign_in) -> None:
    assert sign_in(cast.secretary).get(address(order, 4)).status_code == 404


def test_the_customer_is_told_alike_whoever_the_candidates_are(cast, own_store, sign_in, settings) -> None:
    """One namesake, or two of whom one is protected; what was completed is found, or is not."""
    client, told = sign_in(cast.secretary), []
    for protected, completed in ((False, {"hetu": P2}), (True, {"surname": "Olematon"})):
        namesakes(own_store, protected=protected)
        order = completable_order(cast.secretary, cast.school)
        pages = [page(client, order), page(client, order, 1)]
        complete(order, 2, cast.secretary, **completed)
        pages += [page(client, order), shown(client.get(reverse("orders:detail", args=[order.pk]), **EN))]
        plain = [text.replace(str(order.pk), "").replace(order.number, "") for text in pages]
        told.append([re.sub(r"TL-\w+/1|[0-9a-f]{64}|\d+ k?B|\d+:\d\d", "", text) for text in plain])
    for one, other in zip(*told, strict=True):
        assert one.split("<") == other.split("<")


def test_officials_see_what_was_sent_and_what_was_completed(cast, order, sign_in) -> None:
    complete(order, 1, cast.secretary, municipality="Helsinki")
    completion_workflow.know_no_more(row_of(order, 2), by=cast.secretary)
    client = sign_in(cast.official)
    texts = [
        shown(client.get(reverse("orders:clearing_row", args=[order.pk, number]), **EN))
        for number in (1, 2, 3)
    ]
    assert "<mark>Helsinki</mark>" in texts[0]
    assert "the candidates are its" in texts[0]
    assert "The customer knows no more of the row" in texts[1]
    assert "The customer may still complete the row" in texts[2]


def test_an_official_who_opened_the_row_before_the_answer_looks_again(cast, order, sign_in) -> None:
    client = sign_in(cast.official)
    where = reverse("orders:clearing_row", args=[order.pk, 1])
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(where).content.decode())
    completion_workflow.know_no_more(row_of(order, 1), by=cast.secretary)
    data = {"choice": "1", "stage": "open", "seen": seen and seen[1]}
    assert "out of date" in shown(client.post(where, data, follow=True, **EN))
    assert row_of(order, 1).stage == "open"


def test_a_row_whose_completed_cells_are_purged_can_still_be_decided(cast, order, sign_in) -> None:
    complete(order, 1, cast.secretary, municipality="Helsinki")
    clearing.close(order)
    factories.run_jobs()
    pipeline.give_up(str(order.pk))
    order.refresh_from_db()
    factories.retry(order, cast.official)
    text = shown(sign_in(cast.official).get(reverse("orders:clearing_row", args=[order.pk, 1]), **EN))
    assert "The customer completed the row on" in text
    assert "What was typed has been deleted" in text


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ("ambiguous", "The row below is the completed one"),
        ("not_found", "By what was completed nobody was found"),
        ("too_many", "What was completed fits more candidates than one could choose from"),
        ("failed", "What was completed could not be matched, because of a fault"),
    ],
)
def test_officials_are_told_what_became_of_the_completed_data(cast, order, sign_in, result, words) -> None:
    complete(order, 1, cast.secretary, municipality="Helsinki")
    Completion.objects.update(result=result)
    text = shown(sign_in(cast.official).get(reverse("orders:clearing_row", args=[order.pk, 1]), **EN))
    assert words in text
    assert text.count("the candidates are its") == 1
