"""Rule 20: an official with a recorded ground finds whose data went where; the code is kept nowhere."""

import csv
import io
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from orders import oversight_states as states
from orders.disclosures import search as disclosure_search
from orders.disclosures import searches as disclosure_searches
from orders.models import Disclosure, DisclosureSearch
from portal import outbox, storage
from portal.models import AuditEvent, Job
from tests import factories

ADDRESS = "/staff/disclosures/"
CODE = "010594Y9032"


@pytest.fixture
def order(cast, store):
    return factories.delivered_order(cast.secretary, cast.official)


def form(**changes: object) -> dict[str, object]:
    values = {"token": str(uuid.uuid4()), "ground": "art_15", "reference": "REK/2026/17", "codes": CODE}
    return values | changes


def searched(client, **changes: object) -> DisclosureSearch:
    assert client.post(ADDRESS, form(**changes)).status_code == 302
    factories.run_jobs()
    return DisclosureSearch.objects.latest("asked_at")


def test_rule_20_an_official_finds_who_got_which_data_when_and_under_what(order, cast, sign_in) -> None:
    client = sign_in(cast.official)
    found = searched(client)
    assert (found.status, found.hits) == (states.FOUND, 1)
    page = client.get(f"{ADDRESS}{found.pk}/").content.decode()
    for text in (cast.school.name, cast.school.business_id, order.number, str(order.permit)):
        assert text in page
    assert "sukunimi" in page.lower()
    assert client.get(f"{ADDRESS}{found.pk}/")["Cache-Control"].find("no-store") >= 0


def test_rule_20_former_codes_are_searched_with_in_the_same_search(order, cast, sign_in) -> None:
    found = searched(sign_in(cast.official), codes=f"020594x903p\n{CODE}, {CODE}")
    assert (found.codes, found.hits) == (2, 2)


def test_rule_20_who_was_never_delivered_is_not_found(order, cast, sign_in) -> None:
    found = searched(sign_in(cast.official), codes="030694W9024")
    assert (found.status, found.hits, found.result) == (states.FOUND, 0, [])


def test_rule_20_the_code_is_kept_nowhere(
    order, cast, sign_in, files_folder: Path, caplog, django_capture_on_commit_callbacks
) -> None:
    client = sign_in(cast.official)
    with django_capture_on_commit_callbacks(execute=True):
        found = searched(client)
    page = client.get(f"{ADDRESS}{found.pk}/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, '') FROM orders_disclosuresearch s")
        rows = cursor.fetchone()[0]
    kept = [page, rows, str(list(AuditEvent.objects.values())), str(list(Job.objects.values())), caplog.text]
    assert not any("010594" in text for text in kept)
    assert not list((files_folder / "searches").iterdir())
    assert found.name == ""


def test_rule_20_the_web_hands_the_code_on_in_a_file_that_it_cannot_read(cast, settings) -> None:
    search = factories.search(cast.official)
    settings.UPLOAD_IDENTITIES = []
    ciphertext = default_storage.open(search.name).read()
    assert CODE.encode() not in ciphertext
    with pytest.raises(Exception, match=r"(?i)key|identit|decrypt"):
        list(storage.decrypted_blocks(search.name, storage.upload_key()))


def test_rule_20_the_ground_and_the_reading_are_audited_without_the_code(order, cast, sign_in) -> None:
    client = sign_in(cast.official)
    found = searched(client, ground="police_court")
    client.get(f"{ADDRESS}{found.pk}/")
    events = {one.event: one for one in AuditEvent.objects.filter(object_id=str(found.pk))}
    assert set(events) == {"disclosure.searched", "disclosure.search_done", "disclosure.result_read"}
    assert events["disclosure.searched"].details["ground"] == "police_court"
    assert events["disclosure.search_done"].details["hits"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"ground": ""},
        {"ground": "curiosity"},
        {"ground": CODE},
        {"token": CODE},
        {"reference": ""},
        {"reference": f"asia {CODE}"},
        {"codes": ""},
        {"codes": "010594Y9031"},
        {"codes": "131052/308T"},
        {"codes": "\n".join([CODE] * 11)},
    ],
)
def test_what_is_missing_or_wrong_searches_nothing_and_shows_no_code(cast, sign_in, changes) -> None:
    answer = sign_in(cast.official).post(ADDRESS, form(**changes))
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert "010594" not in answer.content.decode()
    assert not DisclosureSearch.objects.exists()


def test_a_form_that_comes_back_can_be_sent_again_though_its_token_looks_like_a_code(
    order, cast, sign_in
) -> None:
    client, token = sign_in(cast.official), "00010594-9032-4a00-8000-000000000000"
    answer = client.post(ADDRESS, form(token=token, codes="010594Y9031"))
    assert token in answer.content.decode()
    assert client.post(ADDRESS, form(token=token)).status_code == 302


def test_a_code_in_an_address_searches_nothing(cast, sign_in) -> None:
    sign_in(cast.official).get(ADDRESS, form())
    assert not DisclosureSearch.objects.exists()


def test_a_form_sent_twice_searches_once(order, cast, sign_in) -> None:
    client, data = sign_in(cast.official), form()
    assert [client.post(ADDRESS, data).status_code for _ in range(2)] == [302, 302]
    assert DisclosureSearch.objects.count() == 1


def test_the_result_is_for_the_official_who_asked_alone(order, cast, sign_in) -> None:
    found = searched(sign_in(cast.official))
    client = sign_in(cast.admin)
    assert client.get(f"{ADDRESS}{found.pk}/").status_code == 404
    assert client.get(f"{ADDRESS}{found.pk}/result.csv").status_code == 404
    overview = client.get(f"{ADDRESS}all/").content.decode()
    assert "REK/2026/17" in overview
    assert cast.official.name in overview
    assert cast.school.name not in overview
    sign_in(cast.official)
    assert client.get(f"{ADDRESS}all/").status_code == 403


def test_the_result_comes_as_csv(order, cast, sign_in) -> None:
    client = sign_in(cast.official)
    found = searched(client)
    text = client.get(f"{ADDRESS}{found.pk}/result.csv").content.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["organisation"], row["order"], row["row"]) == (cast.school.name, order.number, "1")
    assert row["delivery"] == str(order.delivery.pk)


def test_the_result_is_deleted_after_its_day(order, cast, sign_in, settings) -> None:
    client = sign_in(cast.official)
    found = searched(client)
    old = timezone.now() - timedelta(hours=settings.SEARCH_RESULT_HOURS, minutes=1)
    DisclosureSearch.objects.update(done_at=old)
    assert order.number not in client.get(f"{ADDRESS}{found.pk}/").content.decode()  # before the clock runs
    assert client.get(f"{ADDRESS}{found.pk}/result.csv").status_code == 403
    assert disclosure_search.expire_results() == 1
    found.refresh_from_db()
    assert (found.status, found.result, found.hits) == (states.EXPIRED, [], 1)


def test_a_search_whose_codes_are_lost_ends_with_a_fault_and_keeps_nothing(order, cast) -> None:
    search = factories.search(cast.official)
    storage.delete(search.name)
    job = Job.objects.get(task="orders.find_disclosures")
    Job.objects.filter(pk=job.pk).update(attempts=outbox.MAX_ATTEMPTS)
    outbox.run(job.pk)
    search.refresh_from_db()
    assert (search.status, search.name) == (states.FAILED, "")


def test_a_worker_that_does_the_job_again_changes_nothing(order, cast) -> None:
    search = factories.search(cast.official)
    factories.run_jobs()
    outbox.queue("orders.find_disclosures", search.pk)
    factories.run_jobs()
    assert AuditEvent.objects.filter(event="disclosure.search_done").count() == 1


def test_a_row_whose_order_is_gone_from_store_is_still_told(order, cast) -> None:
    Disclosure.objects.create(
        at=timezone.now(), person=b"\1" * 32, field_set=0, row=7,
        delivery=uuid.uuid4(), order=uuid.uuid4(), permit=uuid.uuid4(), organisation=uuid.uuid4(),
    )  # fmt: skip
    (hit,) = disclosure_searches.hits(disclosure_search.found([b"\1" * 32]))
    assert (hit.row, hit.order, hit.organisation) == (7, None, None)
