"""Status changes: transitions are data, and `move` is the only way to make one."""

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction

from portal.audit import Actor, record, record_all
from portal.workflows import Workflow


class Conflict(Exception):
    """The object is no longer in a state from which this step is possible: somebody else was first."""


def move(
    obj: Any,
    to: str,
    *,
    by: Actor,
    frm: str | None = None,
    details: Mapping[str, Any] | None = None,
    **changes: Any,
) -> None:
    """Put `obj` (a model with `status` and `WORKFLOW`) into state `to`, with `changes` to other fields.

    One conditional UPDATE and one audit row in one transaction. Raises Conflict unless the stored status is
    one that may be followed by `to` (and is `frm`, where given). `obj` is refreshed to what was stored.
    """
    workflow: Workflow = obj.WORKFLOW
    sources = workflow.sources(to) & ({frm} if frm else workflow.sources(to))
    model: type[models.Model] = type(obj)
    with transaction.atomic():
        rows = model._default_manager.filter(pk=obj.pk, status__in=sources).update(status=to, **changes)
        if rows != 1:
            raise Conflict(f"{model._meta.model_name} {obj.pk} cannot become {to} now")
        record(workflow.events[to], by=by, about=obj, **(details or {}))
        obj.refresh_from_db()


def move_all(
    rows: models.QuerySet[Any], to: str, *, by: Actor, details: Mapping[str, Any] | None = None
) -> list[Any]:
    """Put every one of `rows` that may be followed by `to` into it, each once; returns those moved.

    Like `move`, for a clock that ends thousands at once: rows that another transaction holds are left for
    the next run. One audit row for each.
    """
    model = rows.model
    sources = model.WORKFLOW.sources(to)
    with transaction.atomic():
        locked = list(rows.filter(status__in=sources).select_for_update(skip_locked=True, of=("self",)))
        model._default_manager.filter(pk__in=[obj.pk for obj in locked]).update(status=to)
        record_all(model.WORKFLOW.events[to], by=by, about=locked, **(details or {}))
    for obj in locked:
        obj.status = to
    return locked
