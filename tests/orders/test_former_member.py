"""Who has acted for the customer stays disqualified in the order after leaving the organisation."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from orders import states, workflow
from orders.access import get_order_for_official
from orders.clearing import queue
from orders.models import Order
from orders.third_parties import permissions
from portal.access import Denied
from portal.models import User
from portal.roles import Role
from tests import factories


@pytest.fixture
def double(cast: SimpleNamespace) -> User:
    """An official who is an applicant of the school too, for now."""
    made = factories.user("Kaksi Roolia", cast.registry, Role.OFFICIAL)
    made.memberships.create(organisation=cast.school, role=Role.APPLICANT)
    return made


def after_leaving(double: User, cast: SimpleNamespace) -> User:
    double.memberships.filter(organisation=cast.school).delete()
    return User.objects.get(pk=double.pk)


def test_who_made_the_order_does_not_release_it(cast, double, sign_in) -> None:  # type: ignore[no-untyped-def]
    order = factories.placed_order_without_material(double, states.READY)
    client = sign_in(after_leaving(double, cast))
    response = client.post(reverse("orders:release", args=[order.pk]), {"reason": "Kiire"})
    assert response.status_code == 403
    assert "toiminut sen puolesta" in response.content.decode()
    assert Order.objects.get(pk=order.pk).status == states.READY


def test_who_sent_its_material_does_not_act_on_it(cast: SimpleNamespace, double: User) -> None:
    order = factories.draft_order(cast.secretary)
    workflow.send_material(order, by=double, upload=factories.upload())
    left = after_leaving(double, cast)
    with pytest.raises(Denied, match="toiminut sen puolesta"):
        get_order_for_official(left, order.pk)


def test_who_only_was_a_member_acts_on_it(cast: SimpleNamespace, double: User) -> None:
    order = factories.draft_order(cast.secretary)
    assert get_order_for_official(after_leaving(double, cast), order.pk) == order


def test_its_doubtful_rows_are_put_to_others(cast: SimpleNamespace, double: User) -> None:
    order = factories.placed_order_without_material(double, states.CLEARING)
    left = after_leaving(double, cast)
    assert queue.disqualified([order], left) == {order.pk}
    assert queue.disqualified([order], cast.official) == set()


def test_who_asked_for_the_third_partys_permission_does_not_decide_it(cast, double, store) -> None:  # type: ignore[no-untyped-def]
    order = factories.delivered_order(cast.secretary, cast.official)
    asked = factories.asked_third_party(order, double)
    left = after_leaving(double, cast)
    with pytest.raises(Denied, match="Toinen virkailija"):
        permissions.get_case_for(left, asked.pk)
    with pytest.raises(Denied, match="Toinen virkailija"):
        permissions.refuse(asked, by=left, reasons="Ei perustetta.")
