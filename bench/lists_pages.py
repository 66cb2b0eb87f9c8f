"""The pages whose answers are measured: who asks, the address, and how many queries an answer takes."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import Order
from orders.ordering import staff_views as order_staff_views
from permits import states
from permits.holding import views as permit_views
from permits.models import Application, Permit

QUEUE_FILTERS = ("mine", "unassigned", "applicant", "decision", "late", "open", "ended")


@dataclass(frozen=True)
class Page:
    """`cookie` is the session's of who asks, empty for anybody; `queries` is filled in once it was asked."""

    name: str
    path: str
    cookie: str = ""
    queries: int = 0


def pages(cast: dict[str, Any]) -> list[dict[str, Any]]:
    """Every page with its number of queries, as `bench.lists` reads them."""
    official, (big, ordinary, *_, small) = cast["officials"][0], cast["users"]
    asked = [
        *_counted(_queue_pages(), official),
        *_counted(_permit_pages(), official),
        *_counted(_order_pages(), official),
        *_counted(_own_pages(cast["organisations"][0], "20th of all"), big),
        *_counted({"own applications, three": reverse("permits:applications")}, small),
        *_counted({"own orders, three": reverse("orders:list")}, small),
        *_counted({"permits to order under, some fifty": reverse("orders:new")}, ordinary),
        *_counted(_register_pages(), None),
    ]
    return [asdict(page) for page in asked]


def _queue_pages() -> dict[str, str]:
    queue = reverse("permits:queue")
    middle = Application.objects.open().order_by("due_on", "serial")
    deep = middle[middle.count() // 2]
    ended = Application.objects.exclude(status__in=states.OPEN).order_by("-serial")
    old = ended[ended.count() * 9 // 10]
    found = {f"queue, {name}": f"{queue}?show={name}" for name in QUEUE_FILTERS}
    return found | {
        "queue, half way": f"{queue}?show=open&after={deep.due_on}~{deep.serial}",
        "queue, ended, nine tenths down": f"{queue}?show=ended&after={old.serial}",
        "queue, search by number": f"{queue}?q={deep.number}",
        "queue, search by one name": f"{queue}?q=Oppilaitos+0777",
        "queue, search by a name of all": f"{queue}?q=oppilaitos",
        "queue, search for nothing there": f"{queue}?q=olematon",
        "case": reverse("permits:review", args=[deep.pk]),
    }


def _permit_pages() -> dict[str, str]:
    permits = reverse("permits:staff_permits")
    deep = Permit.objects.order_by("-number")[Permit.objects.count() // 2]
    found = {"permits, all": permits, "permits, half way": f"{permits}?after={deep.number}~{deep.version}"}
    found |= {f"permits, {name}": f"{permits}?state={name}" for name in permit_views.ALL_FILTERS}
    return found | {
        "permits, search by number": f"{permits}?q={deep.number}",
        "permits, search by one name": f"{permits}?q=Oppilaitos+0777",
        "permits, search for nothing there": f"{permits}?q=olematon",
    }


def _register_pages() -> dict[str, str]:
    register = reverse("permits:register")
    deep = Permit.objects.order_by("number")[Permit.objects.count() // 2]
    return {
        "public register": register,
        "public register, half way": f"{register}?after={deep.number}~{deep.version}",
        "public register, by one name": f"{register}?organisation=Oppilaitos+0777",
        "public register, by a purpose": f"{register}?purpose=todistus",
        "public register, nothing found": f"{register}?organisation=olematon",
    }


def _order_pages() -> dict[str, str]:
    deadlines, orders = reverse("orders:deadlines"), reverse("orders:list")
    deep = Order.objects.order_by("serial")[Order.objects.count() // 2]
    found = {"deadlines": deadlines}
    found |= {f"deadlines, {name}": f"{deadlines}?status={name}" for name in order_staff_views.FILTERS}
    return found | {"orders, all": orders, "orders, half way": f"{orders}?after={deep.serial}"}


def _own_pages(organisation: Any, share: str) -> dict[str, str]:
    applications, orders = reverse("permits:applications"), reverse("orders:list")
    own = Application.objects.filter(organisation=organisation).order_by("-serial")
    middle = own[own.count() // 2]
    last_draft = own.filter(status=states.DRAFT).last()
    assert last_draft is not None
    return {
        f"own applications, {share}": applications,
        "own applications, half way": f"{applications}?after={middle.serial}",
        "own applications, back from the end": f"{applications}?before={last_draft.serial}",
        f"own orders, {share}": orders,
        "own permits, 20th of all": reverse("permits:permits"),
    }


def _counted(found: dict[str, str], user: Any) -> list[Page]:
    from tests import factories

    client = Client(SERVER_NAME="localhost")
    cookie = ""
    if user is not None:
        factories.signed_in(client, user)
        cookie = client.cookies["sessionid"].value
    made = []
    for name, path in found.items():
        client.get(path)  # what is read once and kept, as content types, is read here
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{name}: {path} answers {response.status_code}")
        made.append(Page(name, path, cookie, len(queries)))
    return made
