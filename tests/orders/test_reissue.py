"""A delivery made anew: judged again, recorded again, the one before is gone."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from orders import policies
from orders.clearing import workflow as clearing_workflow
from orders.deletion import purge
from orders.delivery import acts as delivery_acts
from orders.models import Delivery, Disclosure, Order, Reissue
from orders.steps import reissuing
from permits import states as permit_states
from permits.models import Permit
from portal import storage
from portal.access import Denied
from portal.models import AuditEvent, Job
from tests import factories, settings_catalogue
from tests.factories import delivered_rows
from tests.orders.deliveries import newest, page_of
from tests.orders.doubtful import clearing_order, decide, namesakes

ENGLISH = {"accept-language": "en"}
SECRET = "Oppilas on saanut turvakiellon"
ANSWERS = {"cause": "damaged", "reason": "Tiedosto ei aukea"}


@pytest.fixture(autouse=True)
def _customers_ask_themselves(settings) -> None:  # type: ignore[no-untyped-def]
    settings.CUSTOMER_REISSUES = 3


@pytest.fixture
def order(cast, own_store) -> Order:
    return factories.delivered_order(cast.secretary, cast.official)


def ask(client, order: Order, staff: str = "", **answers: str):  # type: ignore[no-untyped-def]
    seen = {"seen": str(order.delivery.number)}
    return client.post(f"{staff}/orders/{order.pk}/reissue/", seen | ANSWERS | answers, headers=ENGLISH)


def test_a_page_opened_before_the_delivery_was_made_anew_asks_for_no_other(order, cast, sign_in) -> None:
    client = sign_in(cast.official)
    assert ask(client, order, "/staff", seen="1").status_code == 302
    factories.run_jobs()
    page = ask(client, order, "/staff", seen="1")
    assert "has just been made anew" in page.content.decode()
    assert Reissue.objects.count() == 1


def asked(order: Order, by, *, by_official: bool = False, cause: str = "damaged") -> Reissue:  # type: ignore[no-untyped-def]
    return delivery_acts.ask_reissue(order, by=by, by_official=by_official, cause=cause, reason="Ei aukea")


def test_while_it_is_made_anew_nobody_is_told_that_it_is_ready(cast, store, sign_in) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    asked(order, cast.secretary)
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/", headers={"accept-language": "en"})
    assert "The delivery is ready." not in page.content.decode()
    assert "being made anew" in page.content.decode()


def test_the_customer_gets_a_new_delivery_and_the_files_before_it_go(order, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    old = list(newest(order).files.all())
    assert ask(client, order).status_code == 302
    factories.run_jobs()
    new = newest(order)
    assert new.number == 2
    assert client.get(page_of(order)).getvalue()
    for file in old:
        file.refresh_from_db()
        assert file.purged_at is not None
        with pytest.raises(FileNotFoundError):
            list(storage.decrypted_blocks(file.name, storage.delivery_key()))


def test_rule_20_each_person_is_recorded_again_for_the_new_delivery(order, cast) -> None:
    first = newest(order)
    asked(order, cast.secretary)
    factories.run_jobs()
    for delivery in (first, newest(order)):
        rows = Disclosure.objects.filter(delivery=delivery.pk).values_list("row", flat=True)
        assert sorted(rows) == [1, 2]


def test_who_was_protected_since_is_withheld_in_the_new_delivery(order, cast, own_store) -> None:
    assert delivered_rows(order)[0]["vtj_street"] == "Uusikatu 7 B 12"
    own_store.publish(persons=own_store.persons.replace("1994-05-01,091,", "1994-05-01,091,2031-01-01"))
    asked(order, cast.secretary, cause="protection")
    factories.run_jobs()
    row = delivered_rows(order)[0]
    assert (row["vtj_result"], row["vtj_street"]) == ("match_id", "")


def test_while_it_is_made_nobody_gets_the_one_before(order, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    asked(order, cast.secretary)
    response = client.get(page_of(order), headers=ENGLISH)
    assert response.status_code == 403
    assert "is being made anew" in response.content.decode()


def test_an_official_has_it_made_with_a_reason_and_it_is_audited(order, cast, sign_in) -> None:
    client = sign_in(cast.official)
    assert ask(client, order, "/staff", reason=" ").context["form"].errors
    assert ask(client, order, "/staff").status_code == 302
    factories.run_jobs()
    events = AuditEvent.objects.filter(object_id=str(order.pk)).values_list("event", flat=True)
    assert {"delivery.reissue_asked", "delivery.reissued"} <= set(events)
    assert Reissue.objects.get().by_official
    assert "Tiedosto" not in str(list(AuditEvent.objects.values()))


def test_asked_twice_at_once_it_is_made_once(order, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    ask(client, order), ask(client, order)
    assert Reissue.objects.count() == 1
    factories.run_jobs()
    assert order.deliveries.count() == 2


def test_the_job_run_again_changes_nothing_more(order, cast) -> None:
    one = asked(order, cast.secretary)
    factories.run_jobs()
    Job.objects.filter(task="orders.reissue").update(done_at=None, lease_until=None)
    factories.run_jobs()
    assert order.deliveries.count() == 2
    one.refresh_from_db()
    assert one.delivery == newest(order)


def test_it_is_refused_when_the_permit_is_no_longer_in_force(order, cast) -> None:
    Permit.objects.update(status=permit_states.REVOKED)
    with pytest.raises(Denied):
        asked(order, cast.secretary)


def test_a_permit_revoked_meanwhile_makes_nothing_and_leaves_the_order(order, cast) -> None:
    one = asked(order, cast.secretary)
    Permit.objects.update(status=permit_states.REVOKED)
    factories.run_jobs()
    one.refresh_from_db()
    order.refresh_from_db()
    assert (one.failed_reason, order.status) == ("permit", "delivered")
    assert order.deliveries.count() == 1


def test_it_is_refused_once_the_material_is_purged_and_the_page_says_so(order, cast, sign_in) -> None:
    Order.objects.update(delivered_at=timezone.now() - timedelta(days=15))
    purge.queue_due()
    factories.run_jobs()
    client = sign_in(cast.secretary)
    assert "has been deleted. Make a new order." in client.get(f"/orders/{order.pk}/", headers=ENGLISH).text
    ask(client, order)
    assert not Reissue.objects.exists()


def test_it_is_refused_after_the_expiry(order, cast) -> None:
    Delivery.objects.update(expires_on=policies.today() - timedelta(days=1))
    with pytest.raises(Denied):
        asked(order, cast.official, by_official=True)


def test_a_customer_asks_a_few_times_and_an_official_further(order, cast, settings) -> None:
    settings.CUSTOMER_REISSUES = 2
    for _ in range(2):
        asked(order, cast.secretary)
        factories.run_jobs()
    with pytest.raises(Denied):
        asked(order, cast.secretary)
    assert asked(order, cast.official, by_official=True).is_open


def test_unless_it_is_set_a_customer_asks_the_registry(order, cast, sign_in, settings) -> None:
    settings.CUSTOMER_REISSUES = int(settings_catalogue.read()["CUSTOMER_REISSUES"].default or "")
    client = sign_in(cast.secretary)
    page = client.get(f"/orders/{order.pk}/", headers=ENGLISH).text
    assert f"Write what is wrong to {settings.CONTACT_EMAIL}." in page
    assert f"/orders/{order.pk}/reissue/" not in page
    ask(client, order)
    assert not Reissue.objects.exists()
    assert asked(order, cast.official, by_official=True).is_open


def test_after_a_fault_the_one_before_comes_back_but_not_where_somebody_is_to_be_protected(
    order, cast, sign_in
) -> None:
    client = sign_in(cast.secretary)
    reissuing.give_up(str(asked(order, cast.secretary).pk))
    assert client.get(page_of(order)).status_code == 200
    reissuing.give_up(str(asked(order, cast.secretary, cause="protection").pk))
    assert client.get(page_of(order)).status_code == 403


def test_an_official_who_is_a_member_a_customer_on_the_staff_page_and_an_outsider_are_refused(
    order, cast, sign_in
) -> None:
    assert ask(sign_in(cast.secretary), order, "/staff").status_code == 403
    assert ask(sign_in(cast.official), order).status_code == 403
    assert ask(sign_in(cast.outsider), order).status_code == 404
    assert ask(sign_in(cast.outsider), order, "/staff").status_code == 404
    assert not Reissue.objects.exists()


def test_a_later_request_that_fails_does_not_bring_back_what_was_to_be_protected(order, cast) -> None:
    reissuing.give_up(str(asked(order, cast.official, by_official=True, cause="protection").pk))
    reissuing.give_up(str(asked(order, cast.secretary).pk))
    with pytest.raises(Denied):
        policies.check_can_download(order)
    asked(order, cast.secretary)
    factories.run_jobs()
    policies.check_can_download(order)


def test_the_customer_learns_neither_the_cause_nor_the_officials_reason(order, cast, sign_in) -> None:
    page, client = f"/orders/{order.pk}/", sign_in(cast.official)
    ask(client, order, "/staff", cause="protection", reason=SECRET)
    factories.run_jobs()
    read = client.get(page, headers=ENGLISH).text
    seen = sign_in(cast.secretary).get(page, headers=ENGLISH).text
    assert "Asked for by the registry." in seen
    assert "non-disclosure" not in seen
    assert SECRET not in seen
    assert SECRET in read
    assert "Somebody in the delivery may have got a non-disclosure order" in read
    assert not [one for one in mail.outbox if SECRET in one.body or "turvakiel" in one.body]


@pytest.mark.parametrize("cause", ["protection", "other"])
def test_a_request_of_the_registry_that_fails_is_told_alike_whatever_its_cause(
    order, cast, sign_in, cause: str
) -> None:
    reissuing.give_up(str(asked(order, cast.official, by_official=True, cause=cause).pk))
    response = sign_in(cast.secretary).get(page_of(order), headers=ENGLISH)
    assert response.status_code == 403
    assert "must be made anew before it can be downloaded" in response.text
    assert "non-disclosure" not in response.text


def test_what_officials_decided_is_in_the_new_delivery_though_the_candidates_are_gone(
    cast, own_store, settings
) -> None:
    settings.CLEARING_SECOND_SHARE = 0
    namesakes(own_store)
    order = clearing_order(cast.secretary)
    for number, place in ((1, 1), (2, 2), (3, None)):
        decide(order, number, cast.official, place)
    clearing_workflow.close(order, by=cast.official)
    factories.release(order, cast.official)
    first = delivered_rows(order)
    purge.queue_due()
    factories.run_jobs()
    assert not order.files.filter(kind="candidates", purged_at=None).exists()
    asked(order, cast.secretary)
    factories.run_jobs()
    assert newest(order).number == 2
    assert delivered_rows(order) == first
