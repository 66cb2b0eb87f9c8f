"""The doubtful rows of an order, whatever its register is about: how they are read, and what is kept."""

import hmac
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.conf import settings

from matching import property_sheets, sheets
from matching.sheets import Doubt
from orders import delivery, match_model, pipeline, policies
from orders.models import Order
from permits.models import SubjectKind

Reader = Callable[..., Iterator[Doubt]]


def reader(order: Order, folder: Path, newest: str) -> Reader:
    """What reads them of a register, its candidates and the store.

    Of persons protection is judged on the day of the match and today, as at a delivery; a sheet of buildings
    or real estate has nobody on it to be protected.
    """
    asked = {
        "version": order.store_version,
        "on": order.judged_on or policies.today(),
        **pipeline.limits(folder),
    }
    if order.subject != SubjectKind.PERSON:
        return partial(property_sheets.doubts, subject=order.subject, **asked)
    protection = [(newest, policies.today())]
    return partial(sheets.doubts, model=match_model.written(order, folder), protection=protection, **asked)


def line(order: Order, doubt: Doubt) -> bytes:
    """A row of a sheet: JSON on a line of its own, so that one is read without the others.

    A person stands in it under the key of the disclosure register, by which the audit trail of readings can
    be searched as that is; a building or a unit under a keyed hash of its own.
    """
    for one, (subject, code) in zip(doubt.content["candidates"], doubt.named, strict=True):
        if order.subject == SubjectKind.PERSON:
            one["person"] = delivery.person_key(code, subject).hex()
        else:
            one["property"] = _keyed(f"{order.subject}:{code or subject}").hex()
    sent = {name: text for name, text in doubt.content["sent"].items() if name not in doubt.hidden}
    return (
        json.dumps(doubt.content | {"sent": sent}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    )


def facts(order: Order, doubt: Doubt) -> tuple[int, str, int, bytes]:
    """What the database keeps of it: row, group, number of candidates, fingerprint."""
    return doubt.row, _group(order, doubt), len(doubt.named), _fingerprint(order, doubt)


def _group(order: Order, doubt: Doubt) -> str:
    """Of which buildings or units a group is, nobody can guess in the database."""
    words, mark, alike = doubt.group.partition("|alike:")
    return words + mark + _keyed(f"{order.pk} {alike}").hex()[:8] if mark else words


def _fingerprint(order: Order, doubt: Doubt) -> bytes:
    """Of the row, its candidates and the data of the match; the key keeps anybody from guessing at names."""
    return _keyed(json.dumps([order.store_version, order.model_version, doubt.named, doubt.content["sent"]]))


def _keyed(text: str) -> bytes:
    return hmac.digest(settings.DISCLOSURE_KEY.encode(), text.encode(), "sha256")
