"""DuckDB connections: bounded, offline, and locked once their inputs are known."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import duckdb

MEMORY_SHARE = 0.6
_UNITS = ("bytes", "KiB", "MiB", "GiB", "TiB")  # as the engine tells its limit
_CGROUP_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


def connect(
    *, threads: int | None = None, memory: str | None = None, temp: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A new in-memory database.

    `memory` is as DuckDB writes it (`2GB`), 60 % of what this process may have by default. Only with `temp`
    may it spill to disk, in that folder: the wheel can't encrypt what it spills, so the folder belongs on
    an encrypted volume; without it a query that needs more than `memory` fails.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory or f"{int(available_memory() * MEMORY_SHARE)}B",
        "temp_directory": str(temp) if temp else "",
        # What is in memory alone needs no checkpoint, which would rewrite tables that are only read once.
        "checkpoint_threshold": "1TB",
        "autoload_known_extensions": False,
        "autoinstall_known_extensions": False,
        "allow_community_extensions": False,
    }
    if threads:
        config["threads"] = threads
    connection = duckdb.connect(config=config)
    # A file that Python never named must not become a table because a variable has its name.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_progress_bar = false")
    return connection


def lock_down(
    connection: duckdb.DuckDBPyConnection,
    *,
    files: Sequence[Path] = (),
    folders: Sequence[Path] = (),
) -> None:
    """From here on `connection` reads and writes only `files` and what is in `folders`; no way back."""
    connection.execute("SET allowed_paths = ?", [[str(path) for path in files]])
    connection.execute("SET allowed_directories = ?", [[f"{path}/" for path in folders]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def checked_memory(text: str) -> str:
    """A size as `connect` takes it. Raises ValueError."""
    if not re.fullmatch(r"[0-9]+([.][0-9]+)? ?([KMGT]i?)?B", text, re.IGNORECASE):
        raise ValueError
    return text


def allowed_memory(connection: duckdb.DuckDBPyConnection) -> int:
    """Bytes that `connection` may use."""
    (text,) = connection.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    number, unit = text.split()
    return int(float(number) * 1024 ** _UNITS.index(unit))


def available_memory() -> int:
    """Bytes that this process may use: the machine's memory, or its control group's limit where lower."""
    limits = [_machine_memory()]
    for name in _CGROUP_LIMITS:
        try:
            text = Path(name).read_text(encoding="ascii").strip()
        except OSError:
            continue
        if text.isdigit():
            limits.append(int(text))
    return min(limits)


def _machine_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
