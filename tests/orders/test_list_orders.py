"""The list of one's orders."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import paging
from portal.models import AuditEvent
from portal.roles import Role
from tests import factories

LIST = reverse("orders:list")


def numbers(response) -> list[str]:  # type: ignore[no-untyped-def]
    return [order.number for order in response.context["page"].items]


def test_an_empty_list_offers_a_new_order(cast, sign_in) -> None:
    response = sign_in(cast.secretary).get(LIST)
    assert reverse("orders:new") in response.content.decode()


def test_a_member_without_the_role_of_applicant_reads_who_makes_orders(cast, sign_in) -> None:
    signatory = factories.user("Sirkka Signeeraaja", cast.school, Role.SIGNATORY)
    client = sign_in(signatory)
    assert "jäsen, jolla on hakijan rooli, tekee niitä" in client.get(LIST).content.decode()
    for name in ("orders:new", "permits:new"):
        refused = client.get(reverse(name))
        assert refused.status_code == 403
        assert "tarvitset hakijan roolin asiakasorganisaatiossa" in refused.content.decode()


def test_a_member_sees_the_organisations_orders_newest_first(cast, sign_in) -> None:
    orders = [factories.draft_order(cast.secretary), factories.draft_order(cast.colleague)]
    factories.draft_order(cast.outsider)
    assert numbers(sign_in(cast.secretary).get(LIST)) == [orders[1].number, orders[0].number]


def test_an_official_sees_every_order_and_leaves_a_trace(cast, sign_in) -> None:
    factories.draft_order(cast.secretary), factories.draft_order(cast.outsider)
    assert len(numbers(sign_in(cast.official).get(LIST))) == 2
    assert AuditEvent.objects.filter(event="orders.listed", actor=str(cast.official.pk)).exists()


def test_pages_lead_to_each_other_without_a_gap(cast, sign_in, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_ROWS", 2)
    made = [factories.draft_order(cast.secretary).number for _ in range(5)][::-1]
    client = sign_in(cast.secretary)
    pages = [client.get(LIST)]
    while url := pages[-1].context["page"].next_url:
        pages.append(client.get(LIST + url))
    assert [numbers(page) for page in pages] == [made[:2], made[2:4], made[4:]]
    before = client.get(LIST + pages[-1].context["page"].previous_url)
    assert numbers(before) == made[2:4]
    assert before.context["page"].previous_url


@pytest.mark.parametrize("cursor", ["x", "1~2", "", "-"])
def test_a_broken_cursor_gives_the_first_page(cast, sign_in, cursor: str) -> None:
    order = factories.draft_order(cast.secretary)
    assert numbers(sign_in(cast.secretary).get(LIST, {"after": cursor})) == [order.number]


def test_queries_do_not_grow_with_the_list(cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    counts = []
    for _ in range(2):
        factories.draft_order(cast.secretary), factories.draft_order(cast.secretary)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]
