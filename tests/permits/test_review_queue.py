"""The queue: filters with counts, search, the first due first, and as many queries for 3 rows as for 60."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from permits.models import Application
from permits.reviewing.review_presentation import today
from portal.models import AuditEvent, User
from portal.roles import Role
from tests import permit_factories

Browse = Callable[[User], Client]
OPEN = {"late", "submitted", "in_review", "info_requested", "proposed"}


@pytest.fixture
def cases(cast: SimpleNamespace, second: User) -> dict[str, Application]:
    """An application in each of the states that the filters tell apart."""
    made = {
        name: permit_factories.in_state(name, cast.secretary, cast.official, second)
        for name in ("draft", "submitted", "in_review", "info_requested", "proposed", "rejected", "withdrawn")
    }
    made["late"] = permit_factories.submitted_application(cast.secretary)
    Application.objects.filter(pk=made["late"].pk).update(due_on=today() - timedelta(days=2))
    return made


def listed(client: Client, cases: dict[str, Application], query: str = "") -> list[str]:
    response = client.get(reverse("permits:queue") + query)
    names = {case.pk: name for name, case in cases.items()}
    return [names[row["application"].pk] for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", OPEN),
        ("?show=mine", {"in_review", "info_requested", "proposed"}),
        ("?show=unassigned", {"late", "submitted"}),
        ("?show=applicant", {"info_requested"}),
        ("?show=decision", {"proposed"}),
        ("?show=late", {"late"}),
        ("?show=ended", {"rejected", "withdrawn"}),
        ("?show=nonsense", OPEN),
        (
            "?q=kuusikon",
            {"late", "submitted", "in_review", "info_requested", "proposed", "rejected", "withdrawn"},
        ),
        ("?q=lammen", set()),
    ],
)
def test_each_filter_lists_its_own(
    cast: SimpleNamespace, browse: Browse, cases: dict[str, Application], query: str, expected: set[str]
) -> None:
    assert set(listed(browse(cast.official), cases, query)) == expected


def test_a_case_is_found_by_its_number_and_the_organisations_id(
    cast: SimpleNamespace, browse: Browse, cases: dict[str, Application]
) -> None:
    client, case = browse(cast.official), cases["rejected"]
    assert listed(client, cases, f"?q={case.number}") == ["rejected"]
    assert listed(client, cases, f"?q={case.serial}") == ["rejected"]
    assert len(listed(client, cases, f"?q={cast.school.business_id}")) == 7


def test_the_first_due_is_first_and_due_days_are_in_words(
    cast: SimpleNamespace, browse: Browse, cases: dict[str, Application]
) -> None:
    client = browse(cast.official)
    assert listed(client, cases)[0] == "late"
    text = client.get(reverse("permits:queue")).content.decode()
    assert "2 päivää myöhässä" in text
    assert "pysähdyksissä" in text
    assert "päivää jäljellä" in text


def test_counts_are_of_what_the_filters_list(
    cast: SimpleNamespace, browse: Browse, cases: dict[str, Application]
) -> None:
    filters = browse(cast.official).get(reverse("permits:queue")).context["filters"]
    assert [one.count for one in filters] == [5, 3, 0, 0, 2, 1, 1, 1, None]


def test_the_listing_is_audited(cast: SimpleNamespace, browse: Browse, cases: dict[str, Application]) -> None:
    browse(cast.official).get(reverse("permits:queue"))
    assert AuditEvent.objects.get(event="applications.listed").details == {"rows": 5}


def test_an_official_does_not_see_the_cases_of_the_own_organisation(
    cast: SimpleNamespace, browse: Browse, cases: dict[str, Application]
) -> None:
    cast.official.memberships.create(organisation=cast.school, role=Role.MANAGER)
    assert listed(browse(cast.official), cases) == []


def queries_of(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(reverse("permits:queue")).status_code == 200
    return len(queries)


def test_sixty_rows_take_as_many_queries_as_three(cast: SimpleNamespace, browse: Browse) -> None:
    for _ in range(3):
        permit_factories.reviewed_application(cast.secretary, cast.official)
    client = browse(cast.official)
    client.get(reverse("permits:queue"))
    few = queries_of(client)
    one = Application.objects.latest("serial")
    Application.objects.bulk_create(
        Application(
            pk=uuid.uuid4(),
            organisation=one.organisation,
            created_by=one.created_by,
            status=one.status,
            submitted_at=timezone.now(),
            handler=one.handler,
            taken_at=one.taken_at,
            due_on=one.due_on,
        )
        for _ in range(57)
    )
    assert queries_of(client) == few
    page = client.get(reverse("permits:queue")).context["page"]
    assert len(page.items) == 50
    assert len(client.get(reverse("permits:queue") + page.next_url).context["rows"]) == 10
