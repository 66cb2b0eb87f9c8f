"""Ordering again: a new draft with what an earlier order had, as far as its permit covers that today."""

import uuid
from dataclasses import dataclass

from django.db import transaction

from orders import policies, workflow
from orders.models import Order
from permits.access import version_now
from permits.models import Permit
from portal.models import User


@dataclass(frozen=True)
class Again:
    """What a repetition of an order takes over: the permit as it is today, and the data it still covers."""

    permit: Permit
    fields: list[str]
    dropped: list[str]


def again(order: Order) -> Again:
    permit = version_now(order.permit, policies.today())
    covered = permit.fields_of(order.subject)
    return Again(
        permit,
        [name for name in order.fields if name in covered],
        [name for name in order.fields if name not in covered],
    )


@transaction.atomic
def repeat(order: Order, *, by: User, token: uuid.UUID) -> Order:
    """Begin a draft like an earlier order. `token` is the form's: sent twice, it still makes one order.

    Whoever orders again is the contact person. The register is sent anew; how its columns are to be read is
    found through `repeats`.
    """
    policies.check_can_repeat(order)
    found = again(order)
    return workflow.create(
        by=by,
        organisation=order.organisation,
        permit=found.permit,
        token=token,
        subject=order.subject,
        repeats=order,
        register_name=order.register_name,
        register_description=order.register_description,
        students=order.students,
        fields=found.fields,
        formats=order.formats,
    )
