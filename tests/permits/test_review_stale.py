"""A page that is older than the case: it tells what has been done since, and keeps what was typed."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from permits import handling, workflow
from permits.models import Application
from portal.models import User
from tests import permit_factories

Post = Callable[..., HttpResponse]


@pytest.fixture
def case(cast: SimpleNamespace) -> Application:
    return permit_factories.reviewed_application(cast.secretary, cast.official)


def seen_on(client: Client, case: Application) -> str:
    """What the page of the proposal knows of the case as it is opened."""
    return str(client.get(reverse("permits:propose", args=[case.pk])).context["form"]["seen"].value())


def texts(response: HttpResponse) -> list[str]:
    return [f"{line.actor}: {line.text}" for line in response.context["others"]]


def test_only_what_was_done_after_the_page_was_opened_is_listed(
    cast: SimpleNamespace, case: Application, second: User, post: Post, browse: Callable
) -> None:
    seen = seen_on(browse(cast.official), case)
    handling.take(case, by=second)
    response = post(cast.official, case, "checklist", seen=seen, purpose_verdict="ok")
    assert texts(response) == ["Vera Virkailija: Käsittelijä: Vera Virkailija"]


def test_ones_own_act_in_another_tab_is_listed_too(
    cast: SimpleNamespace, case: Application, post: Post, browse: Callable
) -> None:
    seen = seen_on(browse(cast.official), case)
    permit_factories.ask(case, cast.official)
    response = post(cast.official, case, "checklist", seen=seen, purpose_verdict="ok")
    assert texts(response) == ["Ville Virkailija: Pyysi hakijalta lisäselvityksen"]


def test_the_box_takes_the_focus_and_says_what_to_do(
    cast: SimpleNamespace, case: Application, second: User, post: Post, browse: Callable
) -> None:
    seen = seen_on(browse(cast.official), case)
    handling.take(case, by=second)
    shown = post(cast.official, case, "checklist", seen=seen, purpose_verdict="ok").content.decode()
    assert '<div class="others" role="alert" tabindex="-1" autofocus>' in shown
    assert "Tarkista ja lähetä uudelleen." in shown


def test_of_a_closed_case_nobody_is_told_to_send_again(
    cast: SimpleNamespace, case: Application, post: Post, browse: Callable
) -> None:
    seen = seen_on(browse(cast.official), case)
    workflow.withdraw(case, by=cast.secretary)
    response = post(cast.official, case, "checklist", seen=seen, purpose_verdict="ok")
    shown = response.content.decode()
    assert response.status_code == 409
    assert "Tarkista ja lähetä uudelleen." not in shown
    assert "Asia on päättynyt, joten lähettää ei voi enää." in shown
