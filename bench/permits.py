"""How long the night takes that ends ten thousand permits: `python -m bench permits`.

Fills a database of its own with N permits of one holder whose last day has passed, and runs the clock twice:
the first run ends them all, each with its event, audit row and notices; the second finds nothing.
"""

from datetime import timedelta
from time import perf_counter

import django

from bench.options import Options
from portal.embedded import EmbeddedServers

HOLDER = "Kuusikon ammattiopisto"


def run(options: Options, count: int = 10_000) -> str:
    """The figures, as Markdown."""
    servers = EmbeddedServers().start({})
    try:
        _use(servers.environment)
        first, ended, second = _measure(count)
    finally:
        servers.stop()
    return f"{ended:,} of {count:,} permits ended in {first:.1f} s; a second run took {second:.2f} s.\n"


def _use(environment: dict[str, str]) -> None:
    import os

    from django.core.management import call_command

    os.environ.update(environment)
    django.setup()
    call_command("migrate", verbosity=0)


def _measure(count: int) -> tuple[float, int, float]:
    from permits import granting
    from permits.models import Permit
    from tests import factories

    holder = factories.organisation(HOLDER)
    for name in ("Sari Sihteeri", "Kai Kollega"):
        factories.user(name, holder)
    like, day = Permit.objects.get(number="TL-OPPILAITOKSET"), granting.today()
    Permit.objects.bulk_create(
        Permit(
            number=f"TL-{n:06d}",
            organisation=holder,
            scopes=like.scopes,
            purposes=like.purposes,
            legal_bases=like.legal_bases,
            terms=like.terms,
            decided_on=like.decided_on,
            valid_from=like.valid_from,
            valid_to=day - timedelta(days=1),
        )
        for n in range(count)
    )
    start = perf_counter()
    ended = granting.expire_due()
    between = perf_counter()
    if granting.expire_due():
        raise SystemExit("the second run ended permits again")
    return between - start, ended, perf_counter() - between
