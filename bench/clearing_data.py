"""An order in clearing with so many doubtful rows: `python -m bench.clearing_data STORE REGISTER CASES`.

Prints JSON: the order's id, an official's session, and the groups.
"""

import csv
import io
import json
import os
import sys
from pathlib import Path

import django


def main(store: Path, drawn: Path, cases: int) -> None:
    os.environ["POPULATION_STORE"] = str(store)
    django.setup()
    from django.test import Client

    from orders.clearing import queue as clearing_queue
    from portal.models import OrganisationKind
    from portal.roles import Role
    from tests import factories

    school = factories.organisation("Kuusikon ammattiopisto")
    registry = factories.organisation("Rekisterivirasto", OrganisationKind.REGISTRY)
    official = factories.user("Ville Virkailija", registry, Role.OFFICIAL)
    order = factories.placed_order(factories.user("Sari Sihteeri", school), _doubtful(store, drawn, cases))
    factories.run_jobs()
    order.refresh_from_db()
    client = factories.signed_in(Client(), official)
    groups = [
        {"key": one.key, "rows": one.rows, "sample": one.sample} for one in clearing_queue.groups(order)
    ]
    print(
        json.dumps(
            {
                "order": str(order.pk),
                "cookie": client.cookies["sessionid"].value,
                "groups": groups,
                "cases": order.doubtful_rows.count(),
            }
        )
    )


# What each fourth row lacks: of a whole row hardly any is in doubt.
LOST = (
    {"birth_date", "street"},
    {"street", "postal_code", "post_office"},
    {"birth_date"},
    {"given_names"},
)
INITIALS = (1, 2)  # of these only the initials of the given names are there


def _poor(source: Path) -> Path:
    """The drawn register with less in each row."""
    target = source.with_suffix(".poor.csv")
    with source.open(encoding="utf-8", newline="") as lines, target.open("w", encoding="utf-8") as out:
        rows = csv.DictReader(lines)
        names = [name for name in rows.fieldnames or [] if name != "truth"]
        writer = csv.DictWriter(out, names, extrasaction="ignore")
        writer.writeheader()
        for number, row in enumerate(rows):
            kind = number % len(LOST)
            if kind in INITIALS:
                row["given_names"] = row["given_names"][:1]
            writer.writerow(row | dict.fromkeys(LOST[kind], ""))
    return target


def _doubtful(store: Path, drawn: Path, cases: int) -> bytes:
    """A register of those rows, drawn and made poorer, that the match leaves in doubt."""
    drawn = _poor(drawn)
    import pyarrow.parquet

    from matching import engine

    links = drawn.with_suffix(".links.parquet")
    engine.link(drawn, store, links)
    results = pyarrow.parquet.read_table(links, columns=["result"]).column("result").to_pylist()
    with drawn.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    chosen = [row for row, result in zip(rows, results, strict=True) if result == "ambiguous"][:cases]
    if len(chosen) < cases:
        raise SystemExit(f"only {len(chosen)} doubtful rows were drawn")
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, list(chosen[0]))
    writer.writeheader()
    writer.writerows(chosen)
    return target.getvalue().encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
