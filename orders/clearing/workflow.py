"""What officials do with doubtful rows: each act one transaction with its audit row.

A row waits for the first opinion. A share of those given (CLEARING_SECOND_SHARE) waits for a second one of
another official, who does not see the first. Where the two agree the row is settled; where not, a third
official settles it, or it is delivered as ambiguous.
"""

from collections import Counter
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from orders import retention, states, workflow
from orders.clearing import policies, sampling
from orders.clearing.policies import NUMBERS, Stage
from orders.models import DoubtfulRow, Opinion, Order
from orders.models.clearing import Decided
from portal.audit import Actor, record
from portal.events import Event
from portal.models import User
from portal.states import Conflict, move

MATCH, NO_MATCH, AMBIGUOUS = "match_review", "no_match_review", "ambiguous"


@transaction.atomic
def decide(row: DoubtfulRow, *, by: User, place: int | None, stage: str) -> None:
    """Give an opinion on one row: the candidate in `place`, or None for nobody.

    `stage` is the one that the official saw. Raises Conflict where another official was first.
    """
    policies.check_can_read(row.order, row, by)
    if place is not None and not 1 <= place <= row.candidates:
        raise ValueError("there is no such candidate")
    lock_clearing(row.order)
    opinion = _opinion(row, stage, by, place)
    after = _stage_after(row, opinion)
    _put(row, stage, after, opinion)
    try:
        with transaction.atomic():
            opinion.save()
    except IntegrityError:
        raise Conflict(f"row {row.row} has an opinion of this official") from None
    record(
        Event.CLEARING_DECIDED,
        by=by,
        about=row.order,
        row=row.row,
        opinion=opinion.number,
        decision=opinion.decision,
        place=place,
        after=after,
    )


def _opinion(row: DoubtfulRow, stage: str, by: User, place: int | None, **more: Any) -> Opinion:
    decision = Decided.NO_MATCH if place is None else Decided.MATCH
    number = NUMBERS[DoubtfulRow.Stage(stage)]
    return Opinion(row=row, number=number, decision=decision, place=place, by=by, **more)


def _stage_after(row: DoubtfulRow, opinion: Opinion) -> str:
    """Where the row stands once this opinion is given."""
    if opinion.number == 1:
        return Stage.SECOND if sampling.wants_second_opinion(row) else Stage.SETTLED
    if opinion.number == 2:
        first = row.opinions.get(number=1)
        return Stage.SETTLED if first.choice == opinion.choice else Stage.THIRD
    return Stage.SETTLED


def _put(row: DoubtfulRow, frm: str, to: str, opinion: Opinion) -> None:
    """One conditional UPDATE: of two officials who decide the same row, one is first.

    On the sheet that the official saw: on another the place may be another candidate's.
    """
    changes: dict[str, Any] = {"stage": to}
    if to == Stage.SETTLED:
        changes |= {
            "decision": opinion.decision,
            "place": opinion.place,
            "decided_by": opinion.by,
            "decided_at": timezone.now(),
        }
    if not DoubtfulRow.objects.filter(pk=row.pk, stage=frm, sheet=row.sheet_id).update(**changes):
        raise Conflict(f"row {row.row} is no longer {frm}, or on another sheet")


@transaction.atomic
def decide_group(order: Order, *, by: User, group: str) -> int:
    """Decide the rest of a group as the official decided its sample; returns how many rows."""
    lock_clearing(order)
    policies.check_group(order, group, by)
    sample = Opinion.objects.filter(row__order=order, row__group=group, row__in_sample=True, number=1)
    like = sample.earliest("pk")
    rows = list(order.doubtful_rows.filter(group=group, stage=Stage.OPEN).select_for_update())
    if any(like.place is not None and like.place > row.candidates for row in rows):
        raise Conflict("a row lacks the candidate that the sample was decided for")
    seconds = [row for row in rows if sampling.wants_second_opinion(row)]
    opinions = [_opinion(row, Stage.OPEN, by, like.place, method=Opinion.Method.GROUP) for row in rows]
    Opinion.objects.bulk_create(opinions, batch_size=1000)
    chosen = {row.pk for row in seconds}
    settled = [row.pk for row in rows if row.pk not in chosen]
    DoubtfulRow.objects.filter(pk__in=chosen).update(stage=Stage.SECOND)
    what = {"decision": like.decision, "place": like.place, "decided_by": by, "decided_at": timezone.now()}
    DoubtfulRow.objects.filter(pk__in=settled).update(stage=Stage.SETTLED, **what)
    record(
        Event.CLEARING_GROUP_DECIDED,
        by=by,
        about=order,
        rows=[row.row for row in rows],
        decision=like.decision,
        place=like.place,
        seconds=len(chosen),
    )
    return len(rows)


@transaction.atomic
def take_back(row: DoubtfulRow, *, by: User) -> None:
    """Take back the own decision, while nobody else has looked at the row."""
    lock_clearing(row.order)
    row = DoubtfulRow.objects.select_for_update(of=("self",)).select_related("order").get(pk=row.pk)
    policies.check_can_take_back(row.order, row, by)
    row.opinions.all().delete()
    none = {"decision": "", "place": None, "decided_by": None, "decided_at": None}
    DoubtfulRow.objects.filter(pk=row.pk).update(stage=Stage.OPEN, **none)
    record(Event.CLEARING_TAKEN_BACK, by=by, about=row.order, row=row.row)


@transaction.atomic
def close(order: Order, *, by: User) -> None:
    """End the clearing once everything is decided: the order is ready."""
    lock_clearing(order)
    policies.check_can_close(order)
    end(order, by=by)


@transaction.atomic
def end(order: Order, *, by: Actor) -> None:
    """The order is ready, with what was decided; its sheets are purged. The clock does so on the last day."""
    workflow.lock(order)  # a decision that is being stored is counted
    results = _with_found(order, with_decisions(order, order.results))
    told = {name: results.get(name, 0) for name in (MATCH, NO_MATCH, AMBIGUOUS)}
    move(order, states.READY, by=by, frm=states.CLEARING, details=told, results=results)
    done = retention.kinds_by(retention.CLEARED)
    workflow.purge_files(order.files.filter(kind__in=done, purged_at=None))
    if settings.DELIVERY_RELEASE == "when_ready":
        workflow.release_by_clock(order)


def with_decisions(order: Order, results: dict[str, int]) -> dict[str, int]:
    """The rows by result, as the match counted them, with what has been decided of the ambiguous ones."""
    settled = order.doubtful_rows.filter(stage=Stage.SETTLED)
    matched = settled.filter(decision=Decided.MATCH).count()
    unmatched = settled.count() - matched
    doubtful = sum(results.get(name, 0) for name in (AMBIGUOUS, MATCH, NO_MATCH))
    left = doubtful - matched - unmatched
    counts = results | {AMBIGUOUS: left, MATCH: matched, NO_MATCH: unmatched}
    return {name: count for name, count in counts.items() if count}


def _with_found(order: Order, results: dict[str, int]) -> dict[str, int]:
    """Of the ambiguous rows those that were found by what was completed, under what that gave."""
    found = order.doubtful_rows.filter(stage=Stage.FOUND).values("row")
    given = Counter(order.completions.filter(row__in=found).values_list("result", flat=True))
    counts = Counter(results) + given - Counter({AMBIGUOUS: given.total()})
    return dict(counts)


def lock_clearing(order: Order) -> None:
    """The order stays in clearing until the transaction ends; acts on its rows go on beside each other."""
    Order.objects.select_for_update(no_key=True, of=("self",)).get(pk=order.pk)
    order.refresh_from_db(fields=["status", "results"])
    policies.check_clearing(order)
