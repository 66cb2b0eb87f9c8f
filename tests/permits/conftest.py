"""A second official, and a way to post to a case's pages as an official does."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from permits.models import Application
from portal.models import User
from portal.roles import Role
from tests import factories

Post = Callable[..., HttpResponse]


@pytest.fixture
def second(cast: SimpleNamespace) -> User:
    """Another official of the registry."""
    return factories.user("Vera Virkailija", cast.registry, Role.OFFICIAL)


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A client of one's own for each user, so that two can be signed in at once."""

    def client_of(user: User) -> Client:
        return factories.signed_in(Client(), user)

    return client_of


@pytest.fixture
def post(browse: Callable[[User], Client]) -> Post:
    """Send the form of a case's page as the user, as it stands now or as it stood when it was `seen`."""

    def send(user: User, case: Application, page: str, *parts: Any, **data: Any) -> HttpResponse:
        case.refresh_from_db()
        data.setdefault("seen", case.changed_at.isoformat())
        response = browse(user).post(reverse(f"permits:{page}", args=[case.pk, *parts]), data)
        case.refresh_from_db()
        return response

    return send


@pytest.fixture
def read(browse: Callable[[User], Client]) -> Callable[..., str]:
    """The text of a case's page as the user sees it."""

    def text_of(user: User, case: Application, name: str = "review", *parts: Any) -> str:
        return browse(user).get(reverse(f"permits:{name}", args=[case.pk, *parts])).content.decode()

    return text_of
