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

    from orders import clearing_queue
    from portal.models import OrganisationKind
    from portal.roles import Role
    from portal.sign_in import enrol_totp
    from tests import factories

    school = factories.organisation("Kuusikon ammattiopisto")
    registry = factories.organisation("Rekisterivirasto", OrganisationKind.REGISTRY)
    official = factories.user("Ville Virkailija", registry, Role.OFFICIAL)
    enrol_totp(official, "JBSWY3DPEHPK3PXP")
    order = factories.placed_order(factories.user("Sari Sihteeri", school), _doubtful(store, drawn, cases))
    factories.run_jobs()
    order.refresh_from_db()
    client = Client()
    client.force_login(official)
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


def _doubtful(store: Path, drawn: Path, cases: int) -> bytes:
    """A register of those drawn rows that the match leaves in doubt."""
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
    names = [name for name in rows[0] if name != "truth"]
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(chosen)
    return target.getvalue().encode()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
