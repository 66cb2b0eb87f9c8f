"""Rule 21: of each file that was deleted the customer has a receipt: what, how large, when, by which rule."""

import csv
import io

import pytest

from orders import pipeline, retention, workflow
from orders.deletion import purge, receipts
from orders.models import Order, OrderFile
from orders.steps import clearing
from tests import factories
from tests.orders.completing import completable_order, complete
from tests.orders.doubtful import namesakes


@pytest.fixture
def order(cast, store, settings) -> Order:
    settings.UPLOAD_DAYS_AFTER_DELIVERY = 0
    made = factories.delivered_order(cast.secretary, cast.official)
    purge.queue_due()
    factories.run_jobs()
    return made


def test_rule_21_the_receipts_page_tells_size_hash_time_rule_and_reason(order, cast, sign_in) -> None:
    page = sign_in(cast.secretary).get(f"/orders/{order.pk}/deletions/").content.decode()
    file = order.files.get(kind="material")
    assert file.sha256 in page
    assert retention.AFTER_DELIVERY.in_words[1:] in page
    assert "5 artiklan" in page


def test_rule_21_the_receipts_come_as_csv_for_the_customers_own_records(order, cast, sign_in) -> None:
    answer = sign_in(cast.secretary).get(f"/orders/{order.pk}/deletions.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{order.number}-receipts.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_hash = {row["sha256"]: row for row in rows}
    for file in order.files.filter(kind__in=["material", "csv"]):
        row = by_hash[file.sha256]
        assert row["size_bytes"] == str(file.size)
        assert bool(row["deleted_at"]) == (file.purged_at is not None)
    assert {row["rule"] for row in rows} == {"after_delivery", "delivery_over"}


def test_rule_21_each_receipt_has_the_rule_by_which_the_file_went(order, cast) -> None:
    gone = OrderFile.objects.exclude(purged_at=None)
    assert set(gone.values_list("kind", "purge_rule")) == {
        ("material", "after_delivery"),
        ("links", "after_delivery"),
        ("sample", "after_delivery"),
        ("check_report", "after_delivery"),
    }


def test_the_receipts_are_of_files_that_the_customer_has_use_for(order) -> None:
    told = {one.sha256 for one in receipts.of_order(order)}
    kinds = order.files.filter(sha256__in=told).values_list("kind", flat=True)
    assert set(kinds) == {"material", "sample", "check_report", "csv", "xlsx", "report"}


def test_another_official_reads_the_receipts_and_it_is_audited(order, cast, sign_in) -> None:
    from portal.models import AuditEvent

    assert sign_in(cast.official).get(f"/orders/{order.pk}/deletions/").status_code == 200
    assert AuditEvent.objects.filter(event="order.read", object_id=str(order.pk)).count() == 1


@pytest.mark.parametrize("end", ["delivered", "failed"])
def test_no_receipt_tells_of_working_files_of_candidates_or_of_the_sheets_of_doubtful_rows(
    cast, own_store, sign_in, end
) -> None:
    """The size of a sheet of one row tells how many candidates it has, and whether one is protected."""
    namesakes(own_store, protected=True)
    order = completable_order(cast.secretary, cast.school)
    complete(order, 1, cast.secretary, municipality="091")
    if end == "delivered":
        clearing.close(order)
        factories.release(order, cast.official)
    else:
        pipeline.give_up(str(order.pk))
    secret = order.files.filter(kind__in=["links", "sheet", "own_sheet", "candidates", "completion_sheet"])
    hashes = set(secret.values_list("sha256", flat=True))
    assert len(hashes) >= 4
    client = sign_in(cast.secretary)
    for address in ("", "deletions/", "deletions.csv"):
        text = client.get(f"/orders/{order.pk}/{address}").content.decode()
        assert not [one for one in hashes if one in text]
    told = {one.sha256 for one in receipts.of_order(Order.objects.get(pk=order.pk))}
    assert order.files.get(kind="completion").sha256 in told


def test_the_orders_page_folds_deleted_files_and_names_the_register_that_is_kept(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary)
    client, english = sign_in(cast.secretary), {"accept-language": "en"}
    page = client.get(f"/orders/{order.pk}/", headers=english)
    assert order.material.given_name in {one.given_name for one in page.context["kept_files"]}
    assert "deleted file" not in page.content.decode()
    workflow.send_material(order, by=cast.secretary, upload=factories.upload(name="toinen.csv"))
    factories.run_jobs()
    page = client.get(f"/orders/{order.pk}/", headers=english)
    assert {one.given_name for one in page.context["kept_files"]} == {"", "toinen.csv"}
    assert all(one.given_name == "" for one in page.context["deleted_files"])
    gone = len(page.context["deleted_files"])
    assert f"<summary>{gone} deleted files</summary>" in page.content.decode()
