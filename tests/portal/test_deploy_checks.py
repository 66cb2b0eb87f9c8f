"""The deploy checks refuse a set-up in which the web could read uploads, and others as bad."""

import pytest
from pyrage import x25519

from portal import checks

UPLOAD, DELIVERY = x25519.Identity.generate(), x25519.Identity.generate()
KEYS = {
    "UPLOAD_RECIPIENT": str(UPLOAD.to_public()),
    "DELIVERY_RECIPIENT": str(DELIVERY.to_public()),
    "DISCLOSURE_KEY": "k" * 32,
    "POPULATION_STORE": "/store",
}
WEB = KEYS | {"PROCESS_ROLE": "web", "UPLOAD_IDENTITIES": [], "DELIVERY_IDENTITIES": [str(DELIVERY)]}
WEB |= {"POPULATION_STORE": ""}
WORKER = KEYS | {"PROCESS_ROLE": "worker", "UPLOAD_IDENTITIES": [str(UPLOAD)], "DELIVERY_IDENTITIES": []}
KEEPER = KEYS | {"PROCESS_ROLE": "keeper", "DISCLOSURE_KEY": ""}
KEEPER |= {"UPLOAD_IDENTITIES": [], "DELIVERY_IDENTITIES": []}


def errors(settings, **values: object) -> set[str]:  # type: ignore[no-untyped-def]
    for name, value in values.items():
        setattr(settings, name, value)
    found = [
        *checks.check_process_role(),
        *checks.check_keys(),
        *checks.check_content_security_policy(),
        *checks.check_release(),
    ]
    return {str(error.id) for error in found}


@pytest.mark.parametrize("good", [WEB, WORKER, KEEPER])
def test_a_good_set_up_passes(settings, good: dict[str, object]) -> None:  # type: ignore[no-untyped-def]
    assert errors(settings, **good) == set()


@pytest.mark.parametrize(
    ("base", "change", "error"),
    [
        (WEB, {"PROCESS_ROLE": "all"}, "portal.E001"),
        (WORKER, {"UPLOAD_IDENTITIES": []}, "portal.E002"),
        (WORKER, {"POPULATION_STORE": ""}, "portal.E002"),
        (WORKER, {"DISCLOSURE_KEY": ""}, "portal.E002"),
        (WEB, {"UPLOAD_IDENTITIES": [str(UPLOAD)]}, "portal.E003"),
        (WEB, {"POPULATION_STORE": "/store"}, "portal.E003"),
        (KEEPER, {"POPULATION_STORE": ""}, "portal.E002"),
        (KEEPER, {"DISCLOSURE_KEY": "k" * 32}, "portal.E003"),
        (WEB, {"UPLOAD_RECIPIENT": "no key"}, "portal.E004"),
        (WEB, {"DELIVERY_RECIPIENT": str(x25519.Identity.generate().to_public())}, "portal.E005"),
        (WEB, {"UPLOAD_RECIPIENT": str(DELIVERY.to_public())}, "portal.E006"),
        (WORKER, {"DISCLOSURE_KEY": "short"}, "portal.E007"),
        (
            WEB,
            {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'unsafe-inline'"]}}},
            "portal.E008",
        ),
        (WEB, {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"script-src": ["'self'"]}}}, "portal.E009"),
        (WEB, {"DELIVERY_RELEASE": "sometime"}, "portal.E010"),
    ],
)
def test_a_bad_set_up_is_refused(settings, base, change, error) -> None:  # type: ignore[no-untyped-def]
    assert error in errors(settings, **(base | change))


@pytest.mark.parametrize(
    ("host", "port", "warned"),
    [("mail", 1025, True), ("mail", 25, True), ("relay", 1025, True), ("mail.registry.example", 587, False)],
)
def test_the_mail_catcher_is_warned_of(settings, host: str, port: int, warned: bool) -> None:  # type: ignore[no-untyped-def]
    settings.EMAIL_HOST, settings.EMAIL_PORT = host, port
    assert [warning.id for warning in checks.check_mail()] == ["portal.W002"] * warned


def test_an_error_never_holds_a_key(settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPLOAD_IDENTITIES = ["AGE-SECRET-KEY-WRONG"]
    assert "WRONG" not in str(checks.check_keys())
