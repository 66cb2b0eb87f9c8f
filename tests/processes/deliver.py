"""An order of protected persons under an entitled permit, for the browser: prints its id once it is ready.

Its secretary manages the organisation too. `expire ORDER` lets its delivery's time run out.
"""

import sys

import django

from portal.processes import wait_until

REGISTER = "Opiskelijanumero;Henkilötunnus;Sukunimi\n0017;010594Y9032;Esimerkki\n0018;030594W903B;Suojattu\n"


def main(act: str, *arguments: str) -> None:
    from orders.models import Delivery

    if act == "expire":
        Delivery.objects.filter(order=arguments[0]).update(expires_on="2026-01-01")
        return
    print(ready_order())


def ready_order() -> str:
    from orders import workflow
    from portal.models import Membership, User
    from portal.roles import Role
    from tests import factories

    secretary = User.objects.get(email="sihteeri@kuusikko.example")
    school = secretary.memberships.get(role=Role.APPLICANT).organisation
    Membership.objects.get_or_create(user=secretary, organisation=school, role=Role.MANAGER)
    fields = ["surname", "street", "protected"]
    permit = factories.permit(school, fields=fields, entitled_to_protected=True)
    order = factories.described_order(secretary, permit, fields=fields)
    workflow.send_material(order, by=secretary, upload=factories.upload(REGISTER))
    wait_until("the check", lambda: order.material is not None and order.material.state == "checked", 60)
    workflow.place(order, by=secretary, accepted_by=secretary.name, attested=factories.ATTESTED)
    wait_until("the match", lambda: type(order).objects.get(pk=order.pk).status == "ready", 60)
    return str(order.pk)


if __name__ == "__main__":
    django.setup()
    main(*sys.argv[1:])
