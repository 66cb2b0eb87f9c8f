"""The fixed cast: a school's secretary, a stranger from another school, an official and an admin."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import translation

from portal.models import OrganisationKind, User
from portal.roles import Role
from tests import factories
from tests.population import OwnStore, build_store


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """secretary and colleague of `school`, outsider of `other_school`, official and admin of `registry`."""
    registry = factories.organisation("Rekisterivirasto", OrganisationKind.REGISTRY)
    school = factories.organisation("Kuusikon ammattiopisto")
    other_school = factories.organisation("Lammen lukio")
    return SimpleNamespace(
        registry=registry,
        school=school,
        other_school=other_school,
        secretary=factories.user("Sari Sihteeri", school),
        colleague=factories.user("Kai Kollega", school),
        outsider=factories.user("Olli Outo", other_school),
        official=factories.user("Ville Virkailija", registry, Role.OFFICIAL),
        admin=factories.user("Anna Paakayttaja", registry, Role.ADMIN),
    )


@pytest.fixture
def sign_in(client: Client):  # type: ignore[no-untyped-def]
    """Sign a user in to the test client; officials and admins get their second factor enrolled."""

    def sign_in_as(user: User) -> Client:
        return factories.signed_in(client, user)

    return sign_in_as


@pytest.fixture(autouse=True)
def _quick_passwords(settings) -> None:  # type: ignore[no-untyped-def]
    """The real hasher is slow by design, and every test makes five users."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _in_finnish() -> Iterator[None]:
    """A request leaves its language behind in the thread; each test begins in the default one."""
    with translation.override("fi"):
        yield


@pytest.fixture(autouse=True)
def files_folder(settings, tmp_path: Path) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """Stored files of each test in a folder of its own."""
    folder = tmp_path / "files"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return folder


@pytest.fixture(scope="session")
def built_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the tiny population, built once; tests that publish into one copy it first."""
    return build_store(tmp_path_factory.mktemp("population"))


@pytest.fixture
def store(built_store: Path, settings) -> Path:  # type: ignore[no-untyped-def]
    """The population store that the workers of a test read."""
    settings.POPULATION_STORE = str(built_store)
    return built_store


@pytest.fixture
def own_store(tmp_path: Path, settings) -> OwnStore:  # type: ignore[no-untyped-def]
    """A store to which the test publishes versions of its own."""
    own = OwnStore(tmp_path / "population")
    settings.POPULATION_STORE = str(own.path)
    return own
