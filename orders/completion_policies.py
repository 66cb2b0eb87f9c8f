"""When a customer may complete its doubtful rows: each check raises Denied with the reason."""

from django.conf import settings
from django.utils.translation import gettext as _

from orders import policies, states
from orders.models import DoubtfulRow, Order
from permits.access import version_now
from portal.access import Denied, reason_not_to


def check_can_see(order: Order) -> None:
    """The permit lets the customer complete rows, and there are days left for it."""
    if order.status != states.CLEARING:
        raise Denied(_("The doubtful rows of this order are no longer being gone through."))
    if order.clearing_ends is None or policies.today() >= order.clearing_ends:
        raise Denied(_("The last day on which the rows could be completed has passed."))
    policies.check_permit(order)
    if not version_now(order.permit, policies.today()).customer_completes:
        raise Denied(_("The permit does not let you complete doubtful rows: officials decide them."))


def check_can_complete(order: Order, row: DoubtfulRow) -> None:
    """The row is still in nobody's hands, and has not been completed: each is, once.

    The reason is the same whatever an official has done with the row, or the match of what was completed.
    """
    check_can_see(order)
    if order.completions.filter(row=row.row).exists():
        raise Denied(
            _("You have already answered on row %(row)s. Each row can be answered once.") % {"row": row.row}
        )
    if row.stage != DoubtfulRow.Stage.OPEN or row.own_id is None:
        raise Denied(
            _("Row %(row)s can no longer be completed: an official has taken it up.") % {"row": row.row}
        )
    if left(order) <= 0:
        raise Denied(_("You have completed as many rows as one order allows. Officials decide the rest."))


def waiting(order: Order) -> int:
    """How many rows the customer may complete now."""
    return 0 if reason_not_to(check_can_see, order) else order.completable_rows().count()


def left(order: Order) -> int:
    """How many rows of the order can still be completed: the whole register is not typed anew here."""
    return settings.COMPLETION_ROWS - order.completions.exclude(file=None).count()
