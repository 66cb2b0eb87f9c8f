"""How the doubtful rows of an order are read, whatever its register is about, and how one is known again."""

import hmac
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from matching.doubts import property_sheets, sheets
from matching.doubts.sheets import Doubt
from orders import policies
from orders.links import match_model
from orders.links.completions import Anew
from orders.models import Order
from permits.models import SubjectKind

Reader = Callable[..., Iterator[Doubt]]


def reader(order: Order, folder: Path, newest: str, limits: dict[str, Any]) -> Reader:
    """What reads them of a register, its candidates and the store.

    Of persons protection is judged on the day of the match and today, as at a delivery; a sheet of buildings
    or real estate has nobody on it to be protected.
    """
    asked = {"version": order.store_version, "on": order.judged_on or policies.today(), **limits}
    if order.subject != SubjectKind.PERSON:
        return partial(property_sheets.doubts, subject=order.subject, **asked)
    protection = [(newest, policies.today())]
    return partial(sheets.doubts, model=match_model.written(order, folder), protection=protection, **asked)


def anew_in(anew: Anew, store: Path, read: Reader) -> Iterator[Doubt]:
    """The rows that are doubtful by what was completed too."""
    if anew.piece is not None and anew.links is not None:
        yield from read(anew.piece, anew.links.candidates, store, is_piece=True)


def fingerprint(order: Order, doubt: Doubt) -> bytes:
    """Of the row, its candidates and the data of the match; the key keeps anybody from guessing at names."""
    return keyed(json.dumps([order.store_version, order.model_version, doubt.named, doubt.content["sent"]]))


def keyed(text: str) -> bytes:
    return hmac.digest(settings.DISCLOSURE_KEY.encode(), text.encode(), "sha256")
