"""What an official may do with a doubtful row as it stands: each check raises Denied with the reason."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders import states
from orders.models import DoubtfulRow, Opinion, Order
from portal.access import Denied
from portal.models import Job, User

Stage = DoubtfulRow.Stage
NUMBERS = {Stage.OPEN: 1, Stage.SECOND: 2, Stage.THIRD: 3}
"""Stage → the number of the opinion that it waits for."""
CLOSED = frozenset({Stage.SETTLED, Stage.FOUND})
"""Stages in which nobody needs to look at a row any more."""


def check_clearing(order: Order) -> None:
    if order.status != states.CLEARING:
        raise Denied(_("The doubtful rows of this order are no longer being gone through."))


def check_can_read(order: Order, row: DoubtfulRow, user: User) -> None:
    """Data are shown to decide by, so only to an official whose opinion the row waits for."""
    check_clearing(order)
    if row.stage in {Stage.LINKING, Stage.FOUND}:
        raise Denied(_("The customer has completed row %(row)s: it is matched again.") % {"row": row.row})
    if row.stage == Stage.SETTLED:
        raise Denied(_("Row %(row)s has been decided.") % {"row": row.row})
    if row.opinions.filter(by=user).exists():
        raise Denied(
            _("You have given your opinion on row %(row)s. It now waits for another official.")
            % {"row": row.row}
        )


def check_group(order: Order, group: str, user: User) -> None:
    """The rest of a group may be decided as its sample: the official decided all of it, and all alike.

    Rows that their customer's completion has settled are no part of the sample: there is nothing to decide.
    """
    check_clearing(order)
    rows = order.doubtful_rows.filter(group=group)
    sample = rows.filter(in_sample=True).exclude(stage=Stage.FOUND)
    if not rows.filter(in_sample=False).exists():
        raise Denied(_("The whole group is in the sample: decide its rows one by one."))
    if not rows.filter(stage=Stage.OPEN, in_sample=False).exists():
        raise Denied(_("The group has no row left to decide together."))
    left = sample.filter(stage__in=[Stage.OPEN, Stage.LINKING]).count()
    if left:
        raise Denied(
            ngettext(
                "First decide the sample: %(rows)s row of it is still to be looked at.",
                "First decide the sample: %(rows)s rows of it are still to be looked at.",
                left,
            )
            % {"rows": left}
        )
    own = Opinion.objects.filter(row__in=sample, number=1, by=user)
    if own.count() != sample.count():
        raise Denied(
            _("Another official has looked at a part of the sample. Decide the rest row by row, or leave it.")
        )
    if len({opinion.choice for opinion in own}) != 1:
        raise Denied(
            _("You did not decide the sample’s rows alike, so the rest is not alike. Decide it row by row.")
        )


def check_can_take_back(order: Order, row: DoubtfulRow, user: User) -> None:
    """Who decided may take it back until another official has looked at the row too."""
    check_clearing(order)
    if list(row.opinions.values_list("by", flat=True)) != [user.pk]:
        raise Denied(_("Only a decision of your own that nobody else has looked at can be taken back."))


def sheets_are_written(order: Order) -> bool:
    """Whether a worker has sheets still to write: written anew, they may drop a decision or add a row."""
    return Job.objects.filter(task="orders.sheets", key=str(order.pk), done_at=None, failed_at=None).exists()


def check_can_close(order: Order) -> None:
    """Everything has been decided. Where two disagree, a third need not: such a row is ambiguous."""
    check_clearing(order)
    if not order.doubtful_rows.exists() or sheets_are_written(order):
        raise Denied(_("The sheets of the doubtful rows are still being made."))
    if rows := order.doubtful_rows.filter(stage=Stage.OPEN).count():
        text = ngettext(
            "%(rows)s row is still to be decided.", "%(rows)s rows are still to be decided.", rows
        )
        raise Denied(text % {"rows": rows})
    if rows := order.doubtful_rows.filter(stage=Stage.SECOND).count():
        text = ngettext(
            "%(rows)s row waits for a second opinion.", "%(rows)s rows wait for a second opinion.", rows
        )
        raise Denied(text % {"rows": rows})
    if rows := order.doubtful_rows.filter(stage=Stage.LINKING).count():
        text = ngettext(
            "%(rows)s row that the customer has completed is being matched again.",
            "%(rows)s rows that the customer has completed are being matched again.",
            rows,
        )
        raise Denied(text % {"rows": rows})
