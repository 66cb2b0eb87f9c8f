"""docker-compose.yml, read as the container platform reads it, and held against settings and deploy checks.

The services' environments are given to the real settings in processes of their own.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import orders.tasks  # noqa: F401  registers the jobs
from deploy import make_secrets
from portal import scan
from portal.outbox import HANDLERS
from tests import settings_catalogue

ROOT = Path(__file__).resolve().parent.parent
ROLES = ("web", "worker", "beat", "keeper", "migrate")
DATA = {"postgres", "redis", "objects"}
DEPLOY_CHECK = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
MAIL_SERVER = "submission://user:password@relay.registry.example:587"
SHAPE = """
import json, sys
from django.conf import settings
print(json.dumps({
    "engine": settings.DATABASES["default"]["ENGINE"],
    "broker": settings.CELERY_BROKER_URL.split("@")[0].split(":")[0],
    "cache": settings.CACHES,
    "installed": settings.INSTALLED_APPS,
    "middleware": settings.MIDDLEWARE,
    "queue": settings.CELERY_TASK_DEFAULT_QUEUE,
    "upload_handlers": settings.FILE_UPLOAD_HANDLERS,
}))
"""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file with its variables' defaults put in, and `$$` made `$`."""
    text = (ROOT / "docker-compose.yml").read_text()
    text = re.sub(r"(?<!\$)\$\{\w+:-([^}]*)\}", r"\1", text)
    assert not re.search(r"(?<!\$)\$\{", text), "a variable has no default"
    return yaml.safe_load(text.replace("$$", "$"))


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    make_secrets.write(folder)
    return folder


def environment(compose: dict[str, Any], role: str, secrets_folder: Path) -> dict[str, str]:
    """The service's variables as its process sees them, the secrets' files lying in `secrets_folder`."""
    given = {name: str(value) for name, value in compose["services"][role]["environment"].items()}
    given = {
        name: value.replace("/run/secrets", str(secrets_folder)).replace("/spool", str(secrets_folder))
        for name, value in given.items()
    }
    return given | {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings"}


def run(code: list[str], given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *code], env=given, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("role", ["web", "worker", "beat", "keeper"])
def test_the_deploy_checks_pass_with_the_services_own_environment(compose, secrets_folder, role) -> None:  # type: ignore[no-untyped-def]
    given = environment(compose, role, secrets_folder) | {"EMAIL_URL": MAIL_SERVER}
    done = run(DEPLOY_CHECK, given)
    assert done.returncode == 0, done.stderr


def test_the_deploy_checks_warn_where_mail_goes_to_the_catcher(compose, secrets_folder) -> None:  # type: ignore[no-untyped-def]
    done = run(DEPLOY_CHECK, environment(compose, "worker", secrets_folder))
    assert done.returncode != 0
    assert "portal.W002" in done.stderr


@pytest.mark.parametrize("scheme", ["smtp+tls", "smtp+ssl", "mail"])
def test_a_mail_server_of_an_unknown_scheme_stops_the_start(compose, secrets_folder, scheme: str) -> None:  # type: ignore[no-untyped-def]
    given = environment(compose, "worker", secrets_folder)
    done = run(["-c", SHAPE], given | {"EMAIL_URL": f"{scheme}://user:secret@relay.example:587"})
    assert done.returncode != 0
    assert "EMAIL_URL" in done.stderr
    assert "secret@" not in done.stderr


def test_the_mail_catcher_is_there_for_trying_alone_and_gives_way_to_a_server() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    assert "EMAIL_URL: ${EMAIL_URL:-smtp://mail:1025}" in text
    optional = {
        name: one["profiles"] for name, one in yaml.safe_load(text)["services"].items() if "profiles" in one
    }
    assert optional == {"mail": ["trying"], "store": ["tools"]}


@pytest.mark.parametrize("role", ROLES)
def test_the_settings_have_the_shape_that_the_tests_use(compose, secrets_folder, role) -> None:  # type: ignore[no-untyped-def]
    here = run(["-c", SHAPE], dict(os.environ))
    there = run(["-c", SHAPE], environment(compose, role, secrets_folder))
    assert there.returncode == 0, there.stderr
    assert json.loads(there.stdout) == json.loads(here.stdout)


@pytest.mark.parametrize("role", ROLES)
def test_every_variable_is_a_setting_and_every_required_one_is_given(compose, role) -> None:  # type: ignore[no-untyped-def]
    given = {name.removesuffix("_FILE") for name in compose["services"][role]["environment"]}
    known = settings_catalogue.read()
    assert given - known.keys() == set()
    assert {name for name, setting in known.items() if setting.required} - given == set()


def test_each_process_has_only_the_keys_of_its_role(compose) -> None:  # type: ignore[no-untyped-def]
    holders = {
        "upload_identities": {"worker"},
        "disclosure_key": {"worker"},
        "delivery_identities": {"web"},
        "database_password": {"postgres"},
        "s3_identities": {"objects"},
        "redis_auth": {"redis"},
    }
    for secret, expected in holders.items():
        having = {name for name, s in compose["services"].items() if secret in s.get("secrets", [])}
        assert having == expected, secret


@pytest.mark.parametrize("role", ROLES)
def test_a_role_mounts_the_secrets_that_its_environment_names_and_no_others(compose, role) -> None:  # type: ignore[no-untyped-def]
    service = compose["services"][role]
    named = {Path(value).name for name, value in service["environment"].items() if name.endswith("_FILE")}
    assert set(service["secrets"]) == named


def test_every_secret_is_one_that_make_secrets_makes(compose) -> None:  # type: ignore[no-untyped-def]
    assert compose["secrets"].keys() == make_secrets.new_secrets().keys()
    for name, secret in compose["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}


def test_only_workers_the_keeper_and_the_store_tool_reach_the_population_store(compose) -> None:  # type: ignore[no-untyped-def]
    mounts = {
        name: [volume for volume in service.get("volumes", []) if volume.startswith("store:")]
        for name, service in compose["services"].items()
    }
    assert {name: volumes for name, volumes in mounts.items() if volumes} == {
        "worker": ["store:/store:ro"],
        "keeper": ["store:/store"],
        "store": ["store:/store"],
    }
    assert compose["services"]["store"]["network_mode"] == "none"


def test_the_worker_and_the_data_have_no_way_out_and_none_in(compose) -> None:  # type: ignore[no-untyped-def]
    internal = {name for name, network in compose["networks"].items() if network.get("internal")}
    for name in {"worker", "beat", "keeper", "migrate"} | DATA:
        service = compose["services"][name]
        assert set(service["networks"]) <= internal, name
        assert "ports" not in service, name
    scanned = {name for name, s in compose["services"].items() if "scan" in s.get("networks", [])}
    assert scanned == {"worker", "clamav"}


def test_what_is_published_listens_on_this_machine_only(compose) -> None:  # type: ignore[no-untyped-def]
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert len(ports) == 2
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_image_is_pinned_to_a_version(compose) -> None:  # type: ignore[no-untyped-def]
    dockerfile = (ROOT / "Dockerfile").read_text()
    images = [service["image"] for service in compose["services"].values()]
    images += re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    for image in images:
        assert re.fullmatch(r"[\w/]+:v?\d+\.\d+[\w.-]*", image), image


def test_every_service_has_limits_logs_that_rotate_and_a_health_check(compose) -> None:  # type: ignore[no-untyped-def]
    for name, service in compose["services"].items():
        assert {"mem_limit", "cpus", "pids_limit"} <= service.keys(), name
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert "healthcheck" in service or name == "web", name  # web has the image's own
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


@pytest.mark.parametrize("role", [*ROLES, "store"])
def test_our_own_containers_are_read_only_and_without_capabilities(compose, role) -> None:  # type: ignore[no-untyped-def]
    service = compose["services"][role]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER \d+:\d+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_the_workers_plaintext_lies_in_memory_only(compose) -> None:  # type: ignore[no-untyped-def]
    worker = compose["services"]["worker"]
    assert any(mount.startswith(f"{worker['environment']['WORK_DIR']}:") for mount in worker["tmpfs"])


def taken_by(compose: dict[str, Any], role: str) -> set[str]:
    command = compose["services"][role]["command"]
    return set(command[command.index("--queues") + 1].split(","))


def test_the_worker_takes_every_queue_that_jobs_wait_in(compose, settings) -> None:  # type: ignore[no-untyped-def]
    waiting = {handler.queue for handler in HANDLERS.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    assert taken_by(compose, "worker") == waiting


def test_what_beat_sends_elsewhere_is_for_the_keeper(compose, settings) -> None:  # type: ignore[no-untyped-def]
    sent = [task.get("options", {}).get("queue") for task in settings.CELERY_BEAT_SCHEDULE.values()]
    assert taken_by(compose, "keeper") == {queue for queue in sent if queue}


def test_a_scanned_stream_may_be_as_long_as_what_is_sent_in_one() -> None:
    text = (ROOT / "deploy" / "clamd.conf").read_text()
    limits = {name: int(value) for name, value in re.findall(r"^(\w+) (\d+)M$", text, re.MULTILINE)}
    for name in ("StreamMaxLength", "MaxFileSize", "MaxScanSize"):
        assert limits[name] * 1024 * 1024 > scan.WINDOW, name
    assert re.search(r"^AlertExceedsMax yes$", text, re.MULTILINE)


def test_secrets_that_are_there_are_kept(tmp_path: Path) -> None:
    make_secrets.write(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    (tmp_path / "secret_key").unlink()
    assert make_secrets.write(tmp_path) == ["secret_key"]
    after = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"secret_key"}
    assert tmp_path.stat().st_mode & 0o077 == 0


def test_half_of_a_key_pair_is_never_made_anew(tmp_path: Path) -> None:
    make_secrets.write(tmp_path)
    (tmp_path / "upload_identities").unlink()
    with pytest.raises(SystemExit, match="upload_recipient"):
        make_secrets.write(tmp_path)


def test_docker_itself_accepts_the_file_where_it_is_installed() -> None:
    program = shutil.which("docker")
    plugin = program and subprocess.run([program, "compose", "version"], capture_output=True).returncode == 0
    if not plugin:
        pytest.skip("docker's compose plugin is not installed; the tests above parse the file")
    command = [str(program), "compose", "--file", str(ROOT / "docker-compose.yml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
