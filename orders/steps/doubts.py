"""The doubtful rows of an order, whatever its register is about: what their sheets and the database hold."""

import json

from matching.doubts.sheets import Doubt
from orders.delivery import making as delivery
from orders.links.doubt_reading import fingerprint, keyed
from orders.models import Order
from permits.models import SubjectKind


def line(order: Order, doubt: Doubt) -> bytes:
    """A row of a sheet: JSON on a line of its own, so that one is read without the others.

    A person stands in it under the key of the disclosure register, by which the audit trail of readings can
    be searched as that is; a building or a unit under a keyed hash of its own.
    """
    for one, (subject, code) in zip(doubt.content["candidates"], doubt.named, strict=True):
        if order.subject == SubjectKind.PERSON:
            one["person"] = delivery.person_key(code, subject).hex()
        else:
            one["property"] = keyed(f"{order.subject}:{code or subject}").hex()
    sent = {name: text for name, text in doubt.content["sent"].items() if name not in doubt.hidden}
    return (
        json.dumps(doubt.content | {"sent": sent}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    )


def facts(order: Order, doubt: Doubt) -> tuple[int, str, int, bytes]:
    """What the database keeps of it: row, group, number of candidates, fingerprint."""
    return doubt.row, _group(order, doubt), len(doubt.named), fingerprint(order, doubt)


def _group(order: Order, doubt: Doubt) -> str:
    """Of which buildings or units a group is, nobody can guess in the database."""
    words, mark, alike = doubt.group.partition("|alike:")
    return words + mark + keyed(f"{order.pk} {alike}").hex()[:8] if mark else words
