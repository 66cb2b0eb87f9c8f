"""Who has acted for the applicant in a case: that outlives their membership of the organisation.

An official who applied, wrote to the registry or accepted the permit as the organisation's member is a party
to the case (act 434/2003, 28 §), also after having left the organisation. Of an application that came on
paper only its messages tell: an official wrote down the rest.
"""

from typing import Any

from permits.models import Application, Permit, PermitAcceptance
from portal.models import User


def cases_of(user: User) -> list[Any]:
    """The ids of the applications in which the user acted for the applicant."""
    return list(_acted(user).values_list("pk", flat=True))


def acted_in(user: User, application: Application) -> bool:
    """Whether the user created, wrote or submitted the application, or accepted its permit."""
    wrote = {saved.get("by") for saved in application.saved.values()} if not application.is_on_paper else ()
    return str(user.pk) in wrote or _acted(user, pk=application.pk).exists()


def acted_for_permit(user: User, permit: Permit) -> bool:
    """Whether the user acted in the case of any version of the permit, or accepted one."""
    accepted = PermitAcceptance.objects.filter(permit__number=permit.number, accepted_by=user)
    cases = _acted(user, decision__permit__number=permit.number)
    return cases.union(accepted.order_by().values("permit")).exists()


def _acted(user: User, **narrowed: Any) -> Any:
    """A query for each act, put together: each finds its rows by an index."""
    ways: list[dict[str, Any]] = [
        {"created_by": user, "received_on": None},
        {"submissions__by": user, "received_on": None},
        {"attachments__added_by": user, "received_on": None},
        {"messages__by": user, "messages__from_registry": False},
        {"decision__permit__acceptance__accepted_by": user},
        {"amends__acceptance__accepted_by": user},
    ]
    first, *others = (Application.objects.order_by().filter(**way, **narrowed).values("pk") for way in ways)
    return first.union(*others)
