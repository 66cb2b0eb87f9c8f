"""The demo's people and its one order: a school's register in, an updated register out."""

import base64
import secrets
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import duckdb
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from orders import states, workflow
from orders.clearing import workflow as clearing_workflow
from orders.models import DoubtfulRow, Material, Order, Statement
from permits.models import Permit
from portal import organisations
from portal.access import organisations_of
from portal.events import MACHINE
from portal.models import Membership, Organisation, OrganisationKind, User
from portal.roles import Role
from portal.sign_in import enrol_totp
from portal.uploads import encrypted_copy

PASSWORD = "kuusikko-ja-lampi-2026"  # noqa: S105  (printed for whoever tries the demo, on this machine only)
FIELDS = ("hetu", "surname", "given_names", "municipality", "street", "postal_code", "post_office")
CASE_PEOPLE = {
    "applicant": "hakija@metsala.example",
    "signatory": "johtaja@metsala.example",
    "preparer": "virkailija@rekisteri.example",
    "decider": "tarkastaja@rekisteri.example",
}
"""Who makes the demo's applications and decides them (`manage.py demo_cases`)."""
HEADERS = (
    "Opiskelijanumero;Henkilötunnus;Sukunimi;Etunimet;Syntymäaika;Lähiosoite;Postinumero;Postitoimipaikka"
)


@dataclass(frozen=True)
class SignIn:
    """How one of the demo's users signs in; officials and admins need a second factor."""

    email: str
    role: str
    totp_secret: str = ""
    recovery_codes: tuple[str, ...] = ()


@transaction.atomic
def seed() -> list[SignIn]:
    """Make the demo's organisations and users; returns their sign-ins."""
    registry = _organisation("Rekisterivirasto", "9000011-8", OrganisationKind.REGISTRY)
    school = _organisation("Kuusikon ammattiopisto", "9000003-8", OrganisationKind.EDUCATION_DEGREE)
    other = _organisation("Lammen kansalaisopisto", "9000020-6", OrganisationKind.EDUCATION_OTHER)
    municipality = _organisation("Metsälän kunta", "9000040-9", OrganisationKind.MUNICIPALITY)
    return [
        _user("sihteeri@kuusikko.example", "Sari Sihteeri", school, Role.APPLICANT),
        _user("rehtori@lampi.example", "Reijo Rehtori", other, Role.APPLICANT),
        _user("hakija@metsala.example", "Helmi Hakija", municipality, Role.APPLICANT, Role.MANAGER),
        _user("johtaja@metsala.example", "Jouni Johtaja", municipality, Role.SIGNATORY),
        _user("virkailija@rekisteri.example", "Ville Virkailija", registry, Role.OFFICIAL),
        _user("tarkastaja@rekisteri.example", "Taru Tarkastaja", registry, Role.OFFICIAL),
        _user("paakayttaja@rekisteri.example", "Paula Pääkäyttäjä", registry, Role.ADMIN),
    ]


def write_register(drawn: Path, target: Path, *, poor: bool = False) -> int:
    """Write a drawn register as a Finnish spreadsheet program would: semicolons, Windows-1252, own headers.

    Returns its rows. The truth column stays behind; of a poor register birth dates and streets do too, and
    many of its rows fit more than one person.
    """
    lost = "NULL AS birth_date, NULL AS street" if poor else "birth_date, street"
    columns = f"row_id, hetu, surname, given_names, {lost}, postal_code, post_office"
    rows = duckdb.connect().execute(
        f"SELECT {columns} FROM read_csv(?, all_varchar = true, header = true)",  # noqa: S608  (a constant)
        [str(drawn)],
    )
    lines = [";".join(_quoted(value) for value in row) for row in rows.fetchall()]
    target.write_bytes("\r\n".join([HEADERS, *lines, ""]).encode("cp1252", errors="replace"))
    return len(lines)


def place_order(secretary: User, register: Path) -> Order:
    """Do what a school's secretary does: describe, send the register, read the check, place."""
    permit = Permit.objects.filter(number="TL-OPPILAITOKSET").latest("version")
    order = workflow.create(
        by=secretary, organisation=organisations_of(secretary)[0], permit=permit, token=uuid.uuid4()
    )
    workflow.describe(
        order,
        by=secretary,
        register_name="Opiskelijarekisteri",
        register_description="Tutkinto-opiskelijat 2020–2026",
        students="both",
        fields=list(FIELDS),
    )
    with register.open("rb") as source:
        material = workflow.send_material(order, by=secretary, upload=encrypted_copy(source, register.name))
    _wait(material, lambda: material.state != Material.State.RECEIVED)
    workflow.place(order, by=secretary, accepted_by=secretary.name, attested=Statement.values)
    return order


def wait_for_delivery(order: Order) -> None:
    """Wait until the workers have delivered the order; the demo's officials decide its doubtful rows."""
    ended = {states.DELIVERED, states.FAILED, states.REJECTED}
    _wait(order, lambda: order.status in ended or order.doubtful_rows.exists())
    order.refresh_from_db()
    if order.status == states.CLEARING:
        clear(order)
    _wait(order, lambda: order.status in ended)
    if order.status != states.DELIVERED:
        raise SystemExit(f"The demo's order ended as {order.status} ({order.ended_reason}).")


def clear(order: Order) -> None:
    """Go through the doubtful rows: the nearest candidate where nobody else is about as near, else nobody."""
    first, second = (User.objects.get(email=CASE_PEOPLE[one]) for one in ("preparer", "decider"))
    for row in order.doubtful_rows.select_related("order"):
        place = 1 if row.group.endswith("rivals:1") else None
        for official in (first, second):
            if row.stage != DoubtfulRow.Stage.SETTLED:
                clearing_workflow.decide(row, by=official, place=place, stage=row.stage)
                row.refresh_from_db()
    clearing_workflow.close(order, by=first)


def _wait(row: Order | Material, condition, seconds: float = 300) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("The workers did not answer in time; their logs are in the demo's folder.")
        time.sleep(0.1)
        row.refresh_from_db()


def _organisation(name: str, business_id: str, kind: str) -> Organisation:
    return organisations.enter(by=MACHINE, name=name, business_id=business_id, kind=kind)


def _user(email: str, name: str, organisation: Organisation, *roles: Role) -> SignIn:
    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    for role in roles:
        membership = Membership(user=user, organisation=organisation, role=role)
        membership.full_clean()
        membership.save()
    what = f"{', '.join(str(Role(role).label) for role in roles)}, {organisation.name}"
    if not user.is_official:
        return SignIn(email, what)
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    enrol_totp(user, secret)
    codes = RecoveryCodes.activate(user).get_unused_codes()
    return SignIn(email, what, secret, tuple(codes[:3]))


def _quoted(value: str | None) -> str:
    text = value or ""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ';"\r\n') else text
