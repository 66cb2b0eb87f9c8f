"""Test objects, made by walking the real workflow."""

import csv
import io
import time
import uuid
from datetime import date, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from orders import workflow
from orders.disclosures import searches as disclosure_searches
from orders.models import DisclosureSearch, Order, PriceList, Statement, ThirdPartyPermission
from orders.third_parties import permissions as third_parties
from permits import acts, granting
from permits.models import Permit
from portal import outbox, storage
from portal.access import organisations_of
from portal.calendar import delivery_window, local_day
from portal.models import Job, Membership, Organisation, OrganisationKind, OrganisationStatus, User
from portal.roles import Role
from portal.sign_in import enrol_totp
from portal.typed_text import remember_writer
from portal.uploads import EncryptedUpload, encrypted_copy

ATTESTED = Statement.values
"""All that an order is placed with."""
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "a long enough passphrase"

REGISTER = """Henkilötunnus;Sukunimi;Etunimet;Lähiosoite
010594Y9032;Esimerkki;Aino;Vanhatie 1
020594X903P;Malli;Väinö;Vanhatie 2
010594Y9031;Virhe;Eeva;Vanhatie 3
"""


def business_id(number: int) -> str:
    """A valid made-up business id from a number below ten million; not every number has one."""
    while True:
        digits = f"{number:07d}"
        rest = sum(int(d) * w for d, w in zip(digits, (7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
        if rest != 1:
            return f"{digits}-{(11 - rest) % 11}"
        number += 1


def organisation(name: str, kind: str = OrganisationKind.EDUCATION_DEGREE) -> Organisation:
    """A verified organisation without members, as the registry enters one itself."""
    return Organisation.objects.create(
        name=name,
        kind=kind,
        business_id=free_business_id(),
        status=OrganisationStatus.VERIFIED,
        verified_at=timezone.now(),
    )


def unverified_organisation(name: str, kind: str = OrganisationKind.EDUCATION_DEGREE) -> Organisation:
    """An organisation without members that no official has checked yet."""
    return Organisation.objects.create(name=name, kind=kind, business_id=free_business_id())


def free_business_id() -> str:
    return business_id(9_000_000 + 10 * Organisation.objects.count())


def user(name: str, member_of: Organisation, *roles: Role) -> User:
    """A member with a confirmed address; an applicant where no role is named."""
    email = f"{name.lower().replace(' ', '.')}@{member_of.pk.hex[:8]}.example"
    made = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    for role in roles or (Role.APPLICANT,):
        membership = Membership(user=made, organisation=member_of, role=role)
        membership.full_clean()
        membership.save()
    return made


def session_ended(client: Client, user: User) -> Client:
    """The client of a browser in which the user was signed in until the session ran out."""
    signed_in(client, user).session.flush()
    return client


def signed_in(client: Client, user: User) -> Client:
    """The client with the user signed in; staff with the second factor, as the session would tell of it."""
    response = HttpResponse()
    remember_writer(response, user)
    client.cookies.update(response.cookies)
    if not user.is_official:
        client.force_login(user)
        return client
    if not user.authenticator_set.exists():
        enrol_totp(user, TOTP_SECRET)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "type": "totp"}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def newcomer(name: str) -> User:
    """Somebody with a confirmed address who is a member of nothing yet."""
    email = f"{name.lower().replace(' ', '.')}@newcomer.example"
    made = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=made, email=email, verified=True, primary=True)
    return made


def permit(
    holder: Organisation, *, accepted: bool = True, fields: list[str] | None = None, **changes: object
) -> Permit:
    """A permit of one holder, like the seeded standing one but for `changes`; `fields` are of persons.

    Its holder's signing official has accepted it, unless `accepted` is false.
    """
    standing = Permit.objects.get(number="TL-OPPILAITOKSET")
    values = {
        "number": f"TL-{uuid.uuid4().hex[:8]}",
        "organisation": holder,
        "scopes": standing.scopes if fields is None else {"person": fields},
        "purposes": standing.purposes,
        "legal_bases": standing.legal_bases,
        "terms": standing.terms,
        "decided_on": date(2026, 2, 2),
        "valid_from": date(2026, 2, 2),
    }
    made = Permit.objects.create(**(values | changes))
    if accepted and made.status in acts.LIVE:
        accept(made)
    return made


def signatory(organisation: Organisation) -> User:
    """The organisation's signing official, who becomes its member where there is none yet."""
    found = User.objects.filter(
        memberships__organisation=organisation, memberships__role=Role.SIGNATORY
    ).first()
    return found or user("Raili Rehtori", organisation, Role.SIGNATORY)


def accept(given: Permit) -> None:
    """The holder's signing official accepts the permit."""
    assert given.organisation is not None
    by = signatory(given.organisation)
    granting.accept(given, by=by, name=by.name)


def upload(content: str | bytes | Path = REGISTER, name: str = "opiskelijat.csv") -> EncryptedUpload:
    """What the browser's upload becomes on its way in: encrypted by the real upload handler."""
    if isinstance(content, Path):
        content = content.read_bytes()
    data = content.encode("cp1252") if isinstance(content, str) else content
    return encrypted_copy(io.BytesIO(data), name)


def order_files(folder: Path) -> list[Path]:
    """The stored files that are purged one day: all but the confirmations of orders."""
    return [path for path in folder.rglob("*.age") if path.parent.name != "confirmations"]


def draft_order(by: User, under: Permit | None = None, subject: str = "") -> Order:
    organisation = organisations_of(by)[0]
    under = under or Permit.objects.get(number="TL-OPPILAITOKSET")
    return workflow.create(
        by=by, organisation=organisation, permit=under, token=uuid.uuid4(), subject=subject
    )


USUAL_FIELDS = {"hetu", "surname", "given_names", "street", "municipality"}


def described_order(by: User, under: Permit | None = None, subject: str = "", **details: object) -> Order:
    order = draft_order(by, under, subject)
    of_persons = order.subject == "person"
    fields = [name for name in order.covered_fields if name in USUAL_FIELDS or not of_persons]
    values = {"register_name": "Opiskelijarekisteri", "students": "current", "fields": fields}
    workflow.describe(order, by=by, **(values | details))
    return order


def checked_order(by: User, content: str | bytes | Path = REGISTER, **kwargs: object) -> Order:
    order = described_order(by, **kwargs)  # type: ignore[arg-type]
    workflow.send_material(order, by=by, upload=upload(content))
    run_jobs()
    return order


def placed_order(by: User, content: str | bytes | Path = REGISTER, **kwargs: object) -> Order:
    order = checked_order(by, content, **kwargs)
    workflow.place(order, by=by, accepted_by=by.name, attested=ATTESTED)
    return order


def ready_order(by: User, content: str | bytes | Path = REGISTER, **kwargs: object) -> Order:
    order = placed_order(by, content, **kwargs)
    run_jobs()
    order.refresh_from_db()
    return order


def delivered_order(
    by: User, official: User, content: str | bytes | Path = REGISTER, **kwargs: object
) -> Order:
    order = ready_order(by, content, **kwargs)
    release(order, official)
    return order


def run_jobs() -> None:
    """Do every job that is due, and those which they queue, as a worker would."""
    while due := Job.objects.filter(
        done_at=None, failed_at=None, lease_until=None, run_after__lte=timezone.now()
    ):
        for job in due:
            outbox.run(job.pk)


def placed_order_without_material(by: User, status: str) -> Order:
    """An order put straight into a state: only for the test that walks every pair of states."""
    order = described_order(by)
    if status != "draft":
        Order.objects.filter(pk=order.pk).update(status=status, **placing(by))
        order.refresh_from_db()
    return order


def placing(by: User) -> dict[str, object]:
    """What is stored of an order when it is placed."""
    window = delivery_window(date(2026, 1, 1), date(2026, 11, 2))
    return {
        "placed_at": timezone.now(),
        "placed_by": by,
        "price_cents": 0,
        "price_list": PriceList.objects.latest("valid_from"),
        "window_opens": window.opens,
        "window_closes": window.closes,
        "judged_on": date(2026, 11, 2),
    }


def release(order: Order, official: User) -> None:
    """Release a ready order early and deliver it."""
    workflow.release_early(order, by=official, reason="Asiakkaan kiireellinen tarve")
    run_jobs()
    order.refresh_from_db()


def retry(order: Order, official: User) -> None:
    """Start a failed order again and match it."""
    workflow.retry(order, by=official)
    run_jobs()
    order.refresh_from_db()


def delivered_rows(order: Order) -> list[dict[str, str]]:
    """The delivered CSV, as its receiver reads it."""
    assert order.delivery is not None
    file = order.delivery.files.get(kind="csv")
    content = b"".join(storage.decrypted_blocks(file.name, storage.delivery_key()))
    return list(csv.DictReader(io.StringIO(content.decode())))


def search(official: User, *codes: str, ground: str = "art_15") -> DisclosureSearch:
    """A search in the disclosure register that an official has asked for."""
    return disclosure_searches.ask(
        by=official,
        ground=ground,
        reference="REK/2026/17",
        codes=list(codes) or ["010594Y9032"],
        token=uuid.uuid4(),
    )


def asked_third_party(order: Order, by: User, **details: object) -> ThirdPartyPermission:
    """A permission for a third party, asked for of a delivered order."""
    values: dict[str, object] = {
        "recipient": "Männikön kaupunki",
        "business_id": business_id(9_900_000),
        "recipient_email": "kirjaamo@mannikko.example",
        "fields": ["surname", "street"],
        "purpose": "Koulukuljetusten järjestäminen",
        "legal_ground": "Perusopetuslaki 32 §",
        "protection": "Tiedot ovat kahdella käsittelijällä ja ne poistetaan kauden lopussa.",
        "valid_to": local_day(timezone.now()) + timedelta(days=60),
    }
    return third_parties.ask(order, by=by, token=uuid.uuid4(), **(values | details))
