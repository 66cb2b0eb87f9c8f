"""What people do, for tests: `seed` prints sign-ins, `place REGISTER` an order's id.

`apply` submits an application and prints its id; `grant` prints the id of a permit that is not accepted yet,
`wide` that of one on persons and buildings.
`gallery FOLDER` makes an order in each state and prints them; `finish ORDER` ends the match of a placed one.
`session` prints the id of a draft without a register and the key of a session of its customer.
`doubtful FOLDER ROWS` places an order of so many doubtful rows, beside a namesake in the store in the folder;
`completable FOLDER ROWS` does so under a permit that lets the customer complete them.
`buildings FOLDER ROWS` one of buildings, on a street where each number has a house and a shed.
`cancel ORDER` cancels one; `beside REGISTER` places a large order and forty small ones, and prints their ids.
"""

import sys
from pathlib import Path

import django

from portal.processes import wait_until

RAGGED = "Henkilötunnus;Sukunimi\n010594Y9032;Esimerkki;liikaa\n"


def main(act: str, *arguments: str) -> None:
    from orders import demo, states, workflow
    from orders.models import Order
    from portal.models import User

    if act == "seed":
        print(*(f"{one.email} {one.totp_secret}" for one in demo.seed()), sep="\n")
        return
    if act == "finish":
        Order.objects.filter(pk=arguments[0]).update(status=states.READY)
        return
    secretary = User.objects.get(email="sihteeri@kuusikko.example")
    printed = {
        "cancel": lambda: workflow.cancel(Order.objects.get(pk=arguments[0]), by=secretary) or [],
        "apply": lambda: [applied(secretary)],
        "grant": lambda: [granted()],
        "wide": lambda: [wide()],
        "session": lambda: session(secretary),
        "doubtful": lambda: [doubtful(secretary, *arguments)],
        "completable": lambda: [completable(secretary, *arguments)],
        "buildings": lambda: [doubtful_buildings(secretary, *arguments)],
        "beside": lambda: beside(secretary, Path(arguments[0])),
        "place": lambda: [demo.place_order(secretary, Path(arguments[0])).pk],
        "gallery": lambda: gallery(secretary, Path(arguments[0])) or [],
    }
    print(*printed[act]())


def applied(secretary) -> str:  # type: ignore[no-untyped-def]
    """The id of an application that has been submitted."""
    from tests import permit_factories

    return str(permit_factories.submitted_application(secretary).pk)


def session(secretary) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    """The id of a draft that waits for its register, and the key of a session of its customer."""
    from django.test import Client

    from tests import factories

    client = Client()
    client.force_login(secretary)
    return str(factories.described_order(secretary).pk), client.cookies["sessionid"].value


def beside(secretary, register: Path) -> list[str]:  # type: ignore[no-untyped-def]
    """The ids of an order of the register, whose match has begun, and of forty small ones placed after it."""
    from orders import workflow
    from tests import factories

    orders = [factories.described_order(secretary) for _ in range(41)]
    for order, content in zip(orders, [register, *[factories.REGISTER] * 40], strict=True):
        workflow.send_material(order, by=secretary, upload=factories.upload(content))
    wait_until("the checks", lambda: all(order.material.state == "checked" for order in orders), 120)
    for order in orders:
        workflow.place(order, by=secretary, accepted_by=secretary.name, attested=factories.ATTESTED)
        if order is orders[0]:
            wait_until("the chunks", order.chunks.exists, 60, every=0.02)
    return [str(order.pk) for order in orders]


def wide() -> str:
    """The id of an adult education centre's permit that covers persons and buildings, and is accepted."""
    from portal.models import Organisation
    from tests import factories

    scopes = {"person": ["hetu", "surname"], "building": ["building_id", "street_fi", "floor_area", "owners"]}
    centre = Organisation.objects.get(name="Lammen kansalaisopisto")
    return str(factories.permit(centre, scopes=scopes, register_kind="").pk)


def doubtful(secretary, place: str, rows: str) -> str:  # type: ignore[no-untyped-def]
    """The id of an order whose rows fit two persons, but for the last one."""
    from orders import demo
    from tests.orders.doubtful import NAMESAKE, register
    from tests.population import PERSONS, build_store

    folder = Path(place)
    build_store(folder, persons=PERSONS + NAMESAKE)
    path = folder / "doubtful.csv"
    path.write_text(register(int(rows)), encoding="cp1252")
    return str(demo.place_order(secretary, path).pk)


def completable(secretary, place: str, rows: str) -> str:  # type: ignore[no-untyped-def]
    """The id of such an order under the schools' permit, whose next version lets the customer complete."""
    from permits.demo import let_schools_complete
    from portal.models import User

    names = ("virkailija@rekisteri.example", "tarkastaja@rekisteri.example")
    let_schools_complete(*(User.objects.get(email=name) for name in names))
    return doubtful(secretary, place, rows)


def doubtful_buildings(secretary, place: str, rows: str) -> str:  # type: ignore[no-untyped-def]
    """The id of an order of buildings whose rows fit a house and its shed, but for the last one."""
    from orders import workflow
    from portal.access import organisations_of
    from tests import factories
    from tests.orders.doubtful_buildings import draw_street, register
    from tests.orders.test_order_subjects import SCOPES

    draw_street(Path(place))
    permit = factories.permit(organisations_of(secretary)[0], scopes=SCOPES, register_kind="")
    order = factories.described_order(secretary, permit, "building", students="")
    workflow.send_material(order, by=secretary, upload=factories.upload(register(int(rows))))
    wait_until("the check", lambda: order.material.state == "checked", 60)
    workflow.place(order, by=secretary, accepted_by=secretary.name, attested=factories.ATTESTED)
    return str(order.pk)


def granted() -> str:
    """The id of a municipality's permit that has been granted and waits for its acceptance."""
    from portal.models import User
    from tests import permit_factories

    names = ("hakija@metsala", "virkailija@rekisteri", "tarkastaja@rekisteri")
    applicant, preparer, decider = (User.objects.get(email=f"{name}.example") for name in names)
    return str(permit_factories.granted_permit(applicant, preparer, decider).pk)


def gallery(secretary, folder: Path) -> None:  # type: ignore[no-untyped-def]
    """Print name and id of an order in each state that has a page of its own."""
    from orders import demo, states, workflow
    from tests import factories

    register = folder / "small.csv"
    register.write_text(factories.REGISTER, encoding="cp1252")
    delivered = demo.place_order(secretary, register)
    demo.wait_for_delivery(delivered)
    made = {"delivered": delivered, "draft": factories.described_order(secretary)}
    for name, content in {"checked": factories.REGISTER, "refused": RAGGED}.items():
        made[name] = factories.described_order(secretary)
        workflow.send_material(made[name], by=secretary, upload=factories.upload(content))
    for name in (states.PLACED, states.FAILED):
        made[name] = factories.placed_order_without_material(secretary, name)
    for name, order in made.items():
        print(name, order.pk)


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
