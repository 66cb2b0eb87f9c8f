"""The promises made with an order: asked for one by one, kept with name and time, never changed."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from orders import states, workflow
from orders.models import Attestation, Statement
from portal.access import Denied
from tests import factories
from tests.orders.test_place_order import filled, page_of

ENGLISH = {"accept-language": "en"}


@pytest.mark.parametrize("missing", Statement.values)
def test_an_order_without_each_assurance_is_not_placed(cast, sign_in, missing: str) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    form = filled(client, order)
    del form[missing]
    response = client.post(page_of(order), form, headers=ENGLISH)
    told = f"Give the assurance: {Statement(missing).label}"
    assert response.context["form"].errors[missing] == [told]
    order.refresh_from_db()
    assert order.status == states.DRAFT


def test_without_the_form_too_each_assurance_is_needed(cast) -> None:
    order = factories.checked_order(cast.secretary)
    with pytest.raises(Denied):
        workflow.place(order, by=cast.secretary, accepted_by="S", attested=[Statement.LAWFUL])
    assert not Attestation.objects.exists()


def test_assurances_are_kept_with_name_time_and_account(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client = sign_in(cast.secretary)
    client.post(page_of(order), filled(client, order, accepted_by="Raili Rehtori"))
    order.refresh_from_db()
    kept = list(order.attestations.values_list("statement", "name", "by"))
    assert kept == [(one, "Raili Rehtori", cast.secretary.pk) for one in Statement.values]
    assert all(abs((one.at - order.placed_at).total_seconds()) < 5 for one in order.attestations.all())
    text = client.get(reverse("orders:detail", args=[order.pk]), headers=ENGLISH).content.decode()
    assert "Assured by Raili Rehtori" in text


def test_assurances_are_never_changed_or_removed(cast) -> None:
    order = factories.placed_order(cast.secretary)
    for act in (lambda: order.attestations.update(name="X"), lambda: order.attestations.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
