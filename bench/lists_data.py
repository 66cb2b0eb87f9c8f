"""A registry of some size for the benchmark of lists: real cases made once, then copied in the database.

`python -m bench.lists_data N` fills the database that the environment names with N applications, permits and
orders of 2,000 organisations, and prints as JSON what `bench.lists` asks for.
"""

import json
import sys
from typing import Any

import django

ORGANISATIONS = 2000
OFFICIALS = 20
BIG, SMALL = 0, ORGANISATIONS - 1  # one organisation has a twentieth of everything, one has three

# Shares of a hundred, by a hash of the row's number so that nothing goes together with anything else.
APPLICATION_STATUS = """CASE WHEN h < 8 THEN 'draft' WHEN h < 11 THEN 'submitted' WHEN h < 16 THEN 'in_review'
    WHEN h < 18 THEN 'info_requested' WHEN h < 20 THEN 'proposed' WHEN h < 75 THEN 'approved'
    WHEN h < 88 THEN 'rejected' ELSE 'withdrawn' END"""
PERMIT_STATUS = """CASE WHEN h < 60 THEN 'in_force' WHEN h < 80 THEN 'expired' WHEN h < 85 THEN 'suspended'
    WHEN h < 90 THEN 'revoked' ELSE 'replaced' END"""
ORDER_STATUS = """CASE WHEN h < 8 THEN 'draft' WHEN h < 13 THEN 'placed' WHEN h < 14 THEN 'matching'
    WHEN h < 20 THEN 'ready' WHEN h < 50 THEN 'delivered' WHEN h < 95 THEN 'purged' ELSE 'cancelled' END"""


def main(count: int) -> None:
    from bench import lists_pages

    cast = _cast()
    _number(cast)
    _applications(cast, count)
    _permits(cast, count)
    _orders(cast, count)
    _run("ANALYZE")
    print(json.dumps(lists_pages.pages(cast)))


def _cast() -> dict[str, Any]:
    """The organisations, one applicant of each, and the officials."""
    from portal.models import Membership, Organisation, OrganisationKind, OrganisationStatus, User
    from portal.roles import Role
    from tests import factories

    registry = factories.organisation("Rekisterivirasto", OrganisationKind.REGISTRY)
    officials = [factories.user(f"Virkailija {n}", registry, Role.OFFICIAL) for n in range(OFFICIALS)]
    now = registry.verified_at
    organisations = Organisation.objects.bulk_create(
        Organisation(
            name=f"Oppilaitos {n:04d}",
            kind=OrganisationKind.EDUCATION_DEGREE,
            business_id=factories.business_id(1_000_000 + 20 * n),
            status=OrganisationStatus.VERIFIED,
            verified_at=now,
        )
        for n in range(ORGANISATIONS)
    )
    users = User.objects.bulk_create(
        User(email=f"hakija{n}@oppilaitos.example", name=f"Hakija {n}", password="!")
        for n in range(ORGANISATIONS)
    )
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=Role.APPLICANT)
        for user, organisation in zip(users, organisations, strict=True)
    )
    return {"officials": officials, "organisations": organisations, "users": users}


def _number(cast: dict[str, Any]) -> None:
    """Tables of (place, id) for the copies to choose from."""
    from django.db import connection

    _run("CREATE TEMPORARY TABLE o (place integer PRIMARY KEY, id uuid, user_id uuid)")
    _run("CREATE TEMPORARY TABLE f (place integer PRIMARY KEY, id uuid)")
    with connection.cursor() as cursor:
        pairs = zip(cast["organisations"], cast["users"], strict=True)
        rows = [(n, organisation.pk, user.pk) for n, (organisation, user) in enumerate(pairs)]
        cursor.executemany("INSERT INTO o VALUES (%s, %s, %s)", rows)
        officials = [(n, official.pk) for n, official in enumerate(cast["officials"])]
        cursor.executemany("INSERT INTO f VALUES (%s, %s)", officials)


def _applications(cast: dict[str, Any], count: int) -> None:
    """Applications in every state over three years, with what belongs to each state."""
    from permits.models import Decision, InformationRequest, Message, Proposal, Submission
    from tests import permit_factories as made

    applicant, preparer, decider = cast["users"][BIG], *cast["officials"][:2]
    asked = made.asked_application(applicant, preparer)
    decided = made.decided_application(applicant, preparer, decider)
    proposed = made.proposed_application(applicant, preparer)
    message = Message.objects.create(application=asked, by=applicant, text="Milloin päätös tulee?")
    _copy_applications(proposed, count)
    of_status = "(SELECT * FROM permits_application WHERE status {} AND id NOT IN (%s, %s, %s)) a"
    ours = [asked.pk, decided.pk, proposed.pk]

    def belonging(model: Any, prototype: Any, states: str, **columns: str) -> None:
        _copy(model, prototype, of_status.format(states), *ours, application_id="a.id", **columns)

    submission = {"submission_id": "(SELECT s.id FROM permits_submission s WHERE s.application_id = a.id)"}
    belonging(Submission, proposed.latest.pk, "<> 'draft'", by_id="a.created_by_id")  # type: ignore[union-attr]
    belonging(Message, message.pk, "IN ('submitted', 'in_review', 'proposed')", by_id="a.created_by_id")
    belonging(InformationRequest, asked.information_requests.get().pk, "= 'info_requested'")
    belonging(Proposal, proposed.proposals.get().pk, "= 'proposed'", **submission)
    belonging(Decision, decided.decision.pk, "= 'approved'", decided_at="a.decided_at", **submission)


def _copy_applications(prototype: Any, count: int) -> None:
    from permits.models import Application

    status = APPLICATION_STATUS
    is_open = "h >= 8 AND h < 20"
    _copy(
        Application,
        prototype.pk,
        f"({_rows(count)}) r",
        status=status,
        organisation_id="r.organisation",
        created_by_id="r.applicant",
        created_at="r.at",
        answers="jsonb_set(p.answers, '{register_name}', to_jsonb('Rekisteri ' || r.n))",
        submitted_at=f"CASE WHEN h < 8 THEN NULL WHEN {is_open} THEN now() - r.h2 * interval '10 hours' "
        "ELSE r.at END",
        handler_id="CASE WHEN h < 11 THEN NULL ELSE r.official END",
        taken_at="CASE WHEN h < 11 THEN NULL ELSE r.at END",
        due_on="CASE WHEN h < 8 THEN NULL ELSE current_date - 6 + mod(r.h2, 22) END",
        decided_at="CASE WHEN h >= 20 AND h < 88 THEN r.at + interval '9 days' END",
        ended_at="CASE WHEN h >= 20 THEN r.at + interval '9 days' END",
        changed_at="r.at",
    )


def _rows(count: int) -> str:
    """`count` rows: n, its hashes h and h2 of 0…99, organisation, applicant, official, a moment in order."""
    return f"""SELECT n, h, h2, o.id AS organisation, o.user_id AS applicant, f.id AS official,
            now() - ({count} - n) * (interval '1000 days' / {count}) AS at
        FROM (SELECT n, mod(abs(hashint4(n)), 100) AS h, mod(abs(hashint4(n + 1000000)), 100) AS h2,
                mod(abs(hashint4(n + 2000000)), 20) AS official_n,
                CASE WHEN n IN (7, 5007, 50007) THEN {SMALL} WHEN mod(abs(hashint4(n + 3000000)), 20) = 0
                    THEN {BIG} ELSE 1 + mod(n, {ORGANISATIONS - 2}) END AS organisation_n
            FROM generate_series(1, {count}) AS n) AS numbered
        JOIN o ON o.place = organisation_n JOIN f ON f.place = official_n ORDER BY n"""


def _permits(cast: dict[str, Any], count: int) -> None:
    """A permit of each decision, and older ones without; nine of ten accepted."""
    from permits.models import Permit, PermitAcceptance

    prototype = Permit.objects.filter(decision__isnull=False).latest("created_at")
    columns = {
        "number": "'TL-B-' || lpad(r.n::text, 6, '0')",
        "status": PERMIT_STATUS,
        "register_name": "'Rekisteri ' || r.n",
        "decided_on": "current_date - 10 - r.h2 * 10",
        "valid_from": "current_date - 10 - r.h2 * 10",
        "valid_to": "CASE WHEN h >= 60 AND h < 80 THEN current_date - 1 "
        "WHEN h2 < 50 THEN current_date + h2 END",
        "created_at": "r.at",
    }
    decided = f"""(SELECT r.*, d.id AS decision, d.organisation_id AS holder
        FROM (SELECT d.id, a.organisation_id, row_number() OVER () AS n
            FROM permits_decision d JOIN permits_application a ON a.id = d.application_id
            WHERE NOT EXISTS (SELECT FROM permits_permit e WHERE e.decision_id = d.id)) d
        JOIN ({_rows(count)}) r ON r.n = d.n) r"""
    _copy(Permit, prototype.pk, decided, organisation_id="r.holder", decision_id="r.decision", **columns)
    made = Permit.objects.filter(number__startswith="TL-B-").count()
    older = f"(SELECT * FROM ({_rows(count)}) all_rows WHERE n > {made}) r"
    _copy(Permit, prototype.pk, older, organisation_id="r.organisation", decision_id="NULL", **columns)
    acceptance = PermitAcceptance.objects.create(
        permit=prototype, terms=prototype.terms, accepted_by=cast["users"][BIG], name="Reetta Rehtori"
    )
    nine_of_ten = "starts_with(number, 'TL-B-') AND mod(hashtext(number), 10) <> 0"
    accepted = f"(SELECT id FROM permits_permit WHERE {nine_of_ten}) a"
    _copy(PermitAcceptance, acceptance.pk, accepted, permit_id="a.id")


def _orders(cast: dict[str, Any], count: int) -> None:
    """Orders in every state, under the standing permit."""
    from orders.models import Order
    from tests import factories

    prototype = factories.placed_order_without_material(cast["users"][BIG], "placed")
    _copy(
        Order,
        prototype.pk,
        f"({_rows(count)}) r",
        status=ORDER_STATUS,
        organisation_id="r.organisation",
        created_by_id="r.applicant",
        placed_by_id="r.applicant",
        created_at="r.at",
        placed_at="r.at",
        window_opens="current_date - 16 + mod(r.h2, 25)",
        window_closes="current_date - 4 + mod(r.h2, 25)",
    )


def _copy(model: Any, prototype: Any, rows: str, *values: Any, **columns: str) -> None:
    """Insert a copy of the row `prototype` for each of `rows`, with other SQL for some columns."""
    table, pk = model._meta.db_table, model._meta.pk
    exprs = {
        field.column: columns.get(field.column, f'p."{field.column}"')
        for field in model._meta.concrete_fields
        if not field.primary_key and field.db_default.__class__.__name__ != "Func"
    }
    if pk.get_internal_type() == "UUIDField":
        exprs[pk.column] = "gen_random_uuid()"
    names = ", ".join(f'"{name}"' for name in exprs)
    sql = f'INSERT INTO "{table}" ({names}) SELECT {", ".join(exprs.values())} FROM "{table}" p, {rows}'
    _run(f'{sql} WHERE p."{pk.column}" = %s', *values, prototype)


def _run(sql: str, *values: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
