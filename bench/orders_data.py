"""Customers of the orders' benchmark: `python -m bench.orders_data FOLDER ORGANISATIONS`.

In the environment of a service. FOLDER has big.csv, and a register for each small order. All are sent and
checked first; then they are placed as fast as one process can, the big one before all others. Prints the big
order's id, and for each small one its organisation's number and its id. `python -m bench.orders_data ORDER`
starts one again that has failed.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import django

from portal.processes import wait_until

if TYPE_CHECKING:
    from portal.models import User

PATIENCE = 1800  # seconds


def main(folder: Path, organisations: int) -> None:
    from orders import workflow
    from portal.uploads import encrypted_copy
    from tests import factories

    people = [_customer(number) for number in range(organisations + 1)]
    registers = [folder / "big.csv", *sorted(folder.glob("small-*.csv"))]
    owners = [0, *(1 + place % organisations for place in range(len(registers) - 1))]
    orders = []
    for owner, register in zip(owners, registers, strict=True):
        order = factories.described_order(people[owner])
        with register.open("rb") as source:
            upload = encrypted_copy(source, register.name)
            workflow.send_material(order, by=people[owner], upload=upload)
        orders.append(order)

    def checked() -> bool:
        return all(order.material.state == "checked" for order in orders)

    wait_until("the checks", checked, PATIENCE, every=2)
    for owner, order in zip(owners, orders, strict=True):
        workflow.place(order, by=people[owner], accepted_by=people[owner].name, attested=factories.ATTESTED)
    for owner, order in zip(owners, orders, strict=True):
        print(owner, order.pk)


def again(order: str) -> None:
    """Start a failed order again, as an official does."""
    from orders import workflow
    from orders.models import Order
    from portal.models import User

    official = User.objects.get(email="virkailija@rekisteri.example")
    workflow.retry(Order.objects.get(pk=order), by=official)


def _customer(number: int) -> "User":
    from portal import organisations
    from portal.events import MACHINE
    from portal.models import OrganisationKind
    from tests import factories

    school = organisations.enter(
        by=MACHINE,
        name=f"Oppilaitos {number}",
        business_id=factories.business_id(7_000_000 + 10 * number),
        kind=OrganisationKind.EDUCATION_DEGREE,
    )
    return factories.user(f"Tilaaja {number}", school)


if __name__ == "__main__":
    django.setup()
    if len(sys.argv) == 2:
        again(sys.argv[1])
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]))
