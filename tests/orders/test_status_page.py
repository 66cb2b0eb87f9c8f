"""An order's page: each step as it happens, what comes next, and the results."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from orders import policies, states
from orders.models import Delivery, Order
from portal import outbox
from portal.models import AuditEvent, Job
from portal.templatetags.components import day
from tests import factories

ENGLISH = {"accept-language": "en"}


def page_of(order) -> str:  # type: ignore[no-untyped-def]
    return reverse("orders:detail", args=[order.pk])


def step_states(response) -> list[str]:  # type: ignore[no-untyped-def]
    return [step.state for step in response.context["steps"]]


def test_a_draft_lists_what_is_still_to_do(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    response = sign_in(cast.secretary).get(page_of(order))
    assert [bool(task.href) for task in response.context["tasks"]] == [True, True, False]


def test_each_step_is_shown_as_it_happens(cast, sign_in, store) -> None:
    client = sign_in(cast.secretary)
    order = factories.placed_order(cast.secretary)
    response = client.get(page_of(order))
    assert step_states(response) == ["done"] * 3 + ["current"] + ["waiting"] * 3
    assert "data-live" in response.content.decode()
    factories.run_jobs()
    response = client.get(page_of(order))
    assert step_states(response) == ["done"] * 4 + ["current"] + ["waiting"] * 2
    assert "data-live" not in response.content.decode()


def test_the_delivered_order_shows_results_in_words_with_their_codes(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    response = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    text = response.content.decode()
    assert "Found by the identity code (match_id)" in text
    assert sum(bar.count for bar in response.context["result_bars"]) == 3
    assert reverse("orders:download", args=[order.pk, "csv"]) in text
    assert reverse("orders:download", args=[order.pk, "xlsx"]) in text


def test_a_delivered_order_tells_when_it_came_and_not_that_it_was_due(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    text = sign_in(cast.secretary).get(page_of(order)).content.decode()
    assert f"; toimitettu {day(order.delivered_at)}." in text
    assert "oli määrä tulla" not in text


def test_an_order_can_be_cancelled_until_its_doubtful_rows_have_been_gone_through(
    cast, sign_in, store
) -> None:
    text = sign_in(cast.secretary).get(page_of(factories.placed_order(cast.secretary))).content.decode()
    assert "kunnes rivit on verrattu ja epäselvät rivit tarkistettu." in text


def test_the_page_tells_when_each_file_was_or_will_be_deleted(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    receipts = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH).context["receipts"]
    assert [bool(receipt.purged_at) for receipt in receipts] == [False] * 6
    assert receipts[-1].purge_text.startswith("on ")


def test_nothing_tells_how_many_rows_were_withheld(cast, sign_in, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    Delivery.objects.update(report={"protected_withheld": 987_654})
    for user in (cast.secretary, cast.official):
        text = sign_in(user).get(page_of(order), headers=ENGLISH).content.decode()
        assert not re.search("987.?654", text)
        assert "non-disclosure" not in text


def test_an_entitled_customer_is_told_of_the_duties(cast, sign_in, store) -> None:
    permit = factories.permit(cast.school, entitled_to_protected=True)
    order = factories.delivered_order(cast.secretary, cast.official, under=permit)
    text = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH).content.decode()
    assert "Keep them secret at every stage" in text


@pytest.mark.parametrize(
    ("status", "reason", "text"),
    [
        ("failed", "fault", "starts the order again"),
        ("rejected", "permit", "The permit no longer allows the order"),
        ("cancelled", "cancelled", "Your organisation cancelled the order"),
    ],
)
def test_an_order_that_ended_says_why_and_what_to_do(cast, sign_in, status, reason, text) -> None:
    order = factories.placed_order_without_material(cast.secretary, status)
    Order.objects.update(ended_reason=reason)
    response = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    assert text in response.content.decode()
    assert step_states(response)[-1] == "failed"


def test_an_order_that_was_started_again_is_matched_anew(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.PLACED)
    Order.objects.update(matched_at=timezone.now(), released_at=timezone.now())
    steps = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH).context["steps"]
    states_of = {str(step.label): step.state for step in steps}
    assert states_of["Matching with the population register"] == "waiting"
    assert states_of["Release of the delivery"] == "waiting"


def test_a_late_order_says_so(cast, sign_in) -> None:
    order = factories.placed_order_without_material(cast.secretary, states.MATCHING)
    Order.objects.update(window_closes=policies.today() - timedelta(days=2))
    response = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    assert "2 days late" in response.content.decode()
    assert "late" in step_states(response)


def test_an_officials_reading_is_audited_and_a_customers_is_not(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    sign_in(cast.secretary).get(page_of(order))
    sign_in(cast.official).get(page_of(order))
    readers = AuditEvent.objects.filter(event="order.read", object_id=str(order.pk))
    assert [event.actor for event in readers] == [str(cast.official.pk)]


def test_an_outsider_gets_404(cast, sign_in) -> None:
    order = factories.draft_order(cast.secretary)
    assert sign_in(cast.outsider).get(page_of(order)).status_code == 404


def test_an_official_reads_what_the_order_was_matched_by_and_its_customer_does_not(
    cast, sign_in, store
) -> None:
    order = factories.ready_order(cast.secretary)
    text = sign_in(cast.official).get(page_of(order)).content.decode()
    assert order.store_version in text
    assert order.model_version in text
    assert order.store_version not in sign_in(cast.secretary).get(page_of(order)).content.decode()


def test_an_official_reads_how_many_chunks_are_matched(cast, sign_in, store, settings) -> None:
    settings.MATCH_CHUNK_ROWS = 1
    order = factories.placed_order(cast.secretary)
    for task in ("orders.match", "orders.match_chunk"):
        outbox.run(Job.objects.filter(task=task).earliest("pk").pk)
    text = sign_in(cast.official).get(page_of(order), headers={"accept-language": "en"}).content.decode()
    assert "1 of 3" in text
