"""An order's way through the machine, with the real library, store and files."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from orders import states, workflow
from orders.models import Disclosure, FieldSet, Material, Order, OrderFile
from portal import storage
from portal.access import Denied
from portal.models import AuditEvent, Job
from tests import factories


def delivered_rows(order: Order, kind: str = "csv") -> list[dict[str, str]]:
    file = order.delivery.files.get(kind=kind)
    content = b"".join(storage.decrypted_blocks(file.name, storage.delivery_key()))
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_a_register_comes_back_with_a_result_for_each_row(cast, store) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    rows = delivered_rows(order)
    assert [row["vtj_row"] for row in rows] == ["1", "2", "3"]
    assert [row["vtj_result"] for row in rows] == ["match_id", "not_found", "invalid_id"]
    assert rows[0]["vtj_street"] == "Uusikatu 7 B 12"
    assert rows[0]["Sukunimi"] == "Esimerkki"
    assert order.results == {"match_id": 1, "not_found": 1, "invalid_id": 1}


def test_an_order_is_ready_and_waits_for_its_window(cast, store) -> None:
    order = factories.ready_order(cast.secretary)
    assert order.status == states.READY
    assert order.store_version
    assert not order.files.exclude(kind__in=["material", "links"]).exists()
