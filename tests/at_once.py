"""Several people at the same moment: each on a connection of their own, in a database where they commit."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections

Act = Callable[[], object]


@contextmanager
def database_copy() -> Iterator[None]:
    """Go on in a copy of the test database, dropped at the end: what is committed there harms no other test.

    Override the fixture `db` with it, inside `django_db_blocker.unblock()`.
    """
    template = connection.settings_dict["NAME"]
    copy = f"{template}_{uuid.uuid4().hex[:8]}"
    connections.close_all()
    with connection._nodb_cursor() as cursor:  # a thread of an earlier test may not have let go of it yet
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [template]
        )
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"')
    connection.settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = template
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


def at_once(*acts: Act) -> list[Any]:
    """What came of each act, a result or an exception, all of them begun at the same moment."""
    barrier, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Act) -> None:
        try:
            barrier.wait(10)
            outcomes[place] = act()  # type: ignore[call-overload]
        except Exception as error:
            outcomes[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


@contextmanager
def holding(query: str, *values: Any) -> Iterator[None]:
    """Hold the rows that a SELECT … FOR UPDATE finds, in a transaction of another connection."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(query, values)
            yield
    finally:
        other.rollback()
        other.close()
