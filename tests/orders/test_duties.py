"""The duties that go with protected persons' data: acknowledged by each who downloads, for each delivery."""

import pytest
from django.db import IntegrityError
from django.test import Client

from orders.models import DutyAcknowledgement, Order
from portal.models import AuditEvent
from tests import factories
from tests.orders.deliveries import newest, page_of

REGISTER = "hetu;sukunimi\n030594W903B;Suojattu\n020594X903P;Malli\n"
UNPROTECTED = "hetu;sukunimi\n020594X903P;Malli\n"
ENGLISH = {"accept-language": "en"}
FIELDS = ["surname", "street"]


def deliver(cast, *, entitled: bool = True, content: str = REGISTER) -> Order:  # type: ignore[no-untyped-def]
    permit = factories.permit(cast.school, fields=FIELDS, entitled_to_protected=entitled)
    return factories.delivered_order(cast.secretary, cast.official, content, under=permit, fields=FIELDS)


def acknowledge(client: Client, order: Order, **answers: str):  # type: ignore[no-untyped-def]
    given = {"name": "Sari Sihteeri", "acknowledged": "on"} | answers
    return client.post(f"/orders/{order.pk}/duties/", given, headers=ENGLISH)


def test_no_file_is_handed_out_before_the_duties_are_acknowledged(cast, store, sign_in) -> None:
    order = deliver(cast)
    client = sign_in(cast.secretary)
    for form in ("csv", "xlsx"):
        response = client.get(page_of(order, form), headers=ENGLISH)
        assert response.status_code == 403
        assert "acknowledge them first" in response.content.decode()
        assert f"/orders/{order.pk}/duties/" in response.content.decode()
    assert client.head(page_of(order)).status_code == 403
    assert AuditEvent.objects.filter(event="delivery.refused").count() == 2


def test_who_has_acknowledged_by_name_downloads(cast, store, sign_in) -> None:
    order = deliver(cast)
    client = sign_in(cast.secretary)
    assert acknowledge(client, order).status_code == 302
    assert "Piilopolku 1" in client.get(page_of(order)).getvalue().decode()
    row = DutyAcknowledgement.objects.get()
    assert (row.delivery, row.user, row.name) == (newest(order), cast.secretary, "Sari Sihteeri")
    assert AuditEvent.objects.filter(event="delivery.duties_acknowledged").count() == 1


def test_a_colleague_acknowledges_for_himself(cast, store, sign_in) -> None:
    order = deliver(cast)
    acknowledge(sign_in(cast.secretary), order)
    assert sign_in(cast.colleague).get(page_of(order)).status_code == 403


@pytest.mark.parametrize("wrong", [{"name": " "}, {"acknowledged": ""}])
def test_without_name_or_tick_nothing_is_acknowledged(cast, store, sign_in, wrong: dict[str, str]) -> None:
    order = deliver(cast)
    response = acknowledge(sign_in(cast.secretary), order, **wrong)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert not DutyAcknowledgement.objects.exists()


def test_sent_twice_it_is_acknowledged_once(cast, store, sign_in) -> None:
    order = deliver(cast)
    client = sign_in(cast.secretary)
    acknowledge(client, order), acknowledge(client, order)
    assert DutyAcknowledgement.objects.count() == 1
    with pytest.raises(IntegrityError):
        DutyAcknowledgement.objects.create(delivery=newest(order), user=cast.secretary, name="Sari")


@pytest.mark.parametrize(("entitled", "content"), [(True, UNPROTECTED), (False, REGISTER)])
def test_what_holds_no_protected_persons_data_needs_no_acknowledgement(
    cast, store, sign_in, entitled: bool, content: str
) -> None:
    order = deliver(cast, entitled=entitled, content=content)
    client = sign_in(cast.secretary)
    assert client.get(page_of(order)).status_code == 200
    assert acknowledge(client, order)["Location"] == f"/orders/{order.pk}/"
    assert not DutyAcknowledgement.objects.exists()


@pytest.mark.parametrize(("entitled", "content"), [(True, UNPROTECTED), (False, REGISTER)])
def test_nobody_is_told_of_protected_persons_in_a_delivery_that_holds_none(
    cast, store, sign_in, entitled: bool, content: str
) -> None:
    order = deliver(cast, entitled=entitled, content=content)
    response = sign_in(cast.secretary).get(f"/orders/{order.pk}/duties/")
    assert response["Location"] == f"/orders/{order.pk}/"


def test_the_report_holds_counts_and_comes_without(cast, store, sign_in) -> None:
    order = deliver(cast)
    assert sign_in(cast.secretary).get(page_of(order, "report")).status_code == 200


def test_an_official_cannot_acknowledge_and_an_outsider_finds_nothing(cast, store, sign_in) -> None:
    order = deliver(cast)
    assert acknowledge(sign_in(cast.official), order).status_code == 403
    assert acknowledge(sign_in(cast.outsider), order).status_code == 404
