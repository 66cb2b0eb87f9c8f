"""Settings that worked once read the organisation's next file of the same shape, which is told and undone."""

import pytest
from django.urls import reverse

from orders import workflow
from orders.models import Material, Order, SavedMapping
from portal.models import AuditEvent
from tests import factories
from tests.orders.test_map_columns import ENGLISH, ODD, page_of, read_again

MAPPED = ("hetu", "surname", "birth_date", "street")


@pytest.fixture
def saved(cast, sign_in) -> SavedMapping:
    order = factories.checked_order(cast.secretary, ODD)
    read_again(sign_in(cast.secretary), order, *MAPPED, save="on", save_as="Primus")
    return SavedMapping.objects.get()


def next_order(cast, content: str = ODD) -> Material:  # type: ignore[no-untyped-def]
    order = factories.checked_order(cast.secretary, content)
    return Material.objects.get(order=order)


def test_settings_that_worked_are_saved_for_the_organisation(saved, cast) -> None:
    assert (saved.organisation, saved.name, saved.saved_by) == (cast.school, "Primus", cast.secretary)
    assert saved.mapping["columns"] == {
        "Avain": "hetu", "Kuka": "surname", "Milloin": "birth_date", "Missä": "street"
    }  # fmt: skip
    assert AuditEvent.objects.filter(event="mapping.saved").count() == 1


def test_settings_that_did_not_work_are_not_saved(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, ODD + "010594Y9032;vajaa\n")
    read_again(sign_in(cast.secretary), order, *MAPPED, save="on", save_as="Primus")
    assert Material.objects.get().state == "refused"
    assert not SavedMapping.objects.exists()


def test_the_next_file_with_the_same_headers_is_read_by_them_and_the_page_says_so(
    saved, cast, sign_in
) -> None:
    material = next_order(cast)
    assert (material.state, material.origin, material.saved_mapping) == ("checked", "saved", saved)
    text = sign_in(cast.secretary).get(page_of(material.order, "check"), headers=ENGLISH).content.decode()
    assert "saved the settings “Primus”" in text


def test_the_newest_of_the_same_headers_counts(saved, cast) -> None:
    SavedMapping.objects.create(
        organisation=cast.school, name="Uusi", shape=saved.shape, mapping={"columns": {"Avain": "hetu"}},
        saved_by=cast.secretary,
    )  # fmt: skip
    assert next_order(cast).saved_mapping.name == "Uusi"  # type: ignore[union-attr]


@pytest.mark.parametrize("content", [ODD.replace("Kuka", "Toinen"), factories.REGISTER])
def test_a_file_with_other_headers_is_not(saved, cast, content: str) -> None:
    assert next_order(cast, content).origin == "detected"


def test_another_organisation_gets_none_of_them(saved, cast, sign_in) -> None:
    order = factories.checked_order(cast.outsider, ODD)
    material = Material.objects.get(order=order)
    assert (material.state, material.origin) == ("refused", "detected")
    page = reverse("orders:saved_mapping", args=[order.pk])
    client = sign_in(cast.outsider)
    assert client.post(page, {"act": f"use:{saved.pk}"}).status_code == 404
    assert client.post(page, {"act": f"delete:{saved.pk}"}).status_code == 404
    assert SavedMapping.objects.exists()


def test_what_was_applied_is_undone_and_stays_undone_for_a_better_file(saved, cast, sign_in) -> None:
    order = next_order(cast).order
    sign_in(cast.secretary).post(page_of(order, "saved_mapping"), {"act": "undo"})
    factories.run_jobs()
    assert Material.objects.get(order=order).state == "refused"
    workflow.send_material(order, by=cast.secretary, upload=factories.upload(ODD))
    factories.run_jobs()
    order.refresh_from_db()
    assert (order.material.origin, order.material.mapping) == ("customer", {})


def test_they_are_used_by_hand_for_a_file_that_lost_them(saved, cast, sign_in) -> None:
    order = next_order(cast).order
    client = sign_in(cast.secretary)
    for act in ("undo", f"use:{saved.pk}"):
        client.post(page_of(order, "saved_mapping"), {"act": act})
        factories.run_jobs()
    assert Material.objects.get(order=order).state == "checked"


def test_they_are_deleted_with_a_trace(saved, cast, sign_in) -> None:
    order = next_order(cast).order
    sign_in(cast.secretary).post(page_of(order, "saved_mapping"), {"act": f"delete:{saved.pk}"})
    assert not SavedMapping.objects.exists()
    assert AuditEvent.objects.get(event="mapping.deleted").details["mapping"] == str(saved.pk)
    assert Material.objects.get(order=order).saved_mapping is None
    assert next_order(cast).state == "refused"


@pytest.mark.parametrize("act", ["", "use:", "use:1", "delete:' OR 1=1", "other"])
def test_an_act_that_is_none_is_not_found(saved, cast, sign_in, act: str) -> None:
    order = next_order(cast).order
    assert sign_in(cast.secretary).post(page_of(order, "saved_mapping"), {"act": act}).status_code == 404


def test_a_better_file_for_the_same_order_keeps_what_was_mapped_by_hand(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, ODD)
    read_again(sign_in(cast.secretary), order, *MAPPED)
    workflow.send_material(order, by=cast.secretary, upload=factories.upload(ODD))
    factories.run_jobs()
    order.refresh_from_db()
    assert (order.material.state, order.material.origin) == ("checked", "customer")
    assert order.material.mapped_by == cast.secretary


def test_an_order_that_repeats_another_takes_its_mapping(cast, sign_in, monkeypatch) -> None:
    first = factories.checked_order(cast.secretary, ODD)
    read_again(sign_in(cast.secretary), first, *MAPPED)
    monkeypatch.setattr(Order, "repeats", first, raising=False)
    material = next_order(cast)
    assert (material.state, material.origin, material.mapping) == ("checked", "repeated", first.mapping)


def test_one_that_repeats_another_with_other_columns_is_read_as_detected(cast, sign_in, monkeypatch) -> None:
    first = factories.checked_order(cast.secretary, ODD)
    read_again(sign_in(cast.secretary), first, *MAPPED)
    monkeypatch.setattr(Order, "repeats", first, raising=False)
    assert (next_order(cast, factories.REGISTER).origin, first.mapping != {}) == ("detected", True)
