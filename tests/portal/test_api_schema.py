"""The API's schema is served to anyone, and is the one that is checked in."""

from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client


def checked_in() -> Any:
    return yaml.safe_load((settings.BASE_DIR / "docs" / "openapi.yaml").read_bytes())


@pytest.mark.django_db
def test_the_schema_served_is_the_one_checked_in(client: Client) -> None:
    served = client.get("/api/schema/?lang=en").content
    assert yaml.safe_load(served) == yaml.safe_load(
        (settings.BASE_DIR / "docs" / "openapi.yaml").read_bytes()
    )


def test_every_field_of_an_order_is_always_there() -> None:
    order = checked_in()["components"]["schemas"]["Order"]
    assert set(order["required"]) == set(order["properties"])
