"""How long one person's disclosures take to find in a register of some size: `python -m bench disclosures`.

Fills the register's months of five years with `--rows` rows (2,000,000 unless told), made in the database,
each person's key a SHA-256, twenty rows a person in random months; then searches for persons as the worker
does, each twice.
"""

import random
from datetime import date
from hashlib import sha256
from statistics import quantiles
from time import perf_counter

import django

from bench.options import Options
from portal.embedded import EmbeddedServers

ROWS, MONTHS, ROWS_A_PERSON, SEARCHES = 2_000_000, 60, 20, 200
TARGET_SECONDS = 1
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname,
    pg_get_constraintdef(pg_constraint.oid)
FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid WHERE indrelid = 'orders_disclosure'::regclass
"""
FILL = """
INSERT INTO {table} (at, person, field_set, "row", delivery, "order", permit, organisation)
SELECT %(start)s::timestamptz + interval '1 minute' * (n / 1000),
    sha256(((random() * %(persons)s)::bigint)::text::bytea), 1, n,
    md5(%(start)s || n / 1000)::uuid, md5('o' || n / 1000)::uuid, md5('p' || n / 100000)::uuid,
    md5('a' || n / 100000)::uuid
FROM generate_series(1, %(rows)s) n
"""


def run(options: Options) -> str:
    """The figures, as Markdown."""
    rows = options.rows_or(ROWS)
    servers = EmbeddedServers().start({})
    try:
        _use(servers.environment)
        filled = _fill(rows)
        size = _ask("SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('orders_disclosure')")
        cold = _search(rows, options.seed, SEARCHES)
        warm = _search(rows, options.seed, SEARCHES)
    finally:
        servers.stop()
    lines = [
        f"{rows:,} rows in {MONTHS} months, {ROWS_A_PERSON} rows a person on average; made in {filled:.0f} s;"
        f" {size / 1e9:.1f} GB with indexes. {SEARCHES} persons searched for, one after another, as the"
        f" worker does it; the target is under {TARGET_SECONDS} s.",
        "",
        "| search | rows found | p50 | p95 | slowest |",
        "|---|---|---|---|---|",
        _line("first, nothing of the person read before", cold),
        _line("the same persons again", warm),
    ]
    return "\n".join(lines) + "\n"


def _line(name: str, found: list[tuple[float, int]]) -> str:
    times, hits = [seconds * 1000 for seconds, _hits in found], sum(hits for _seconds, hits in found)
    cuts = quantiles(times, n=100)
    over = "" if max(times) < 1000 * TARGET_SECONDS else " (over)"
    return f"| {name} | {hits:,} | {cuts[49]:.1f} ms | {cuts[94]:.1f} ms | {max(times):.1f} ms{over} |"


def _use(environment: dict[str, str]) -> None:
    import os

    from django.core.management import call_command

    os.environ.update(environment)
    django.setup()
    call_command("migrate", verbosity=0)


def _fill(rows: int) -> float:
    """The rows, month by month without indexes, which are made at the end; returns the seconds."""
    from django.db import connection, transaction

    from orders.disclosures import months as disclosure_months

    start = perf_counter()
    today = date.today()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for name, _definition, constraint, _text in indexes:
            what = f"TABLE orders_disclosure DROP CONSTRAINT {constraint}" if constraint else f"INDEX {name}"
            cursor.execute(f"{'ALTER' if constraint else 'DROP'} {what}")
        for count in range(MONTHS):
            month = disclosure_months.later(date(today.year, today.month, 1), -count)
            disclosure_months.make_ahead(month)
            table = f"orders_disclosure_{month:%Y_%m}"
            values = {"start": f"{month}T08:00Z", "rows": rows // MONTHS, "persons": rows // ROWS_A_PERSON}
            cursor.execute(FILL.format(table=table), values)
        for _name, definition, constraint, text in indexes:
            whole = f"ALTER TABLE orders_disclosure ADD CONSTRAINT {constraint} {text}"
            cursor.execute(
                whole if constraint else definition.replace(" ON ONLY ", " ON ")
            )  # each month's too
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE orders_disclosure")
    return perf_counter() - start


def _search(rows: int, seed: int, count: int) -> list[tuple[float, int]]:
    """Seconds and hits of each search."""
    from orders.disclosures import search as disclosure_search

    persons = random.Random(seed).sample(range(1, rows // ROWS_A_PERSON), count)
    found = []
    for person in persons:
        start = perf_counter()
        hits = disclosure_search.found([sha256(str(person).encode()).digest()])
        found.append((perf_counter() - start, len(hits)))
    return found


def _ask(query: str) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return float(cursor.fetchone()[0])
