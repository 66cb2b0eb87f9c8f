"""Deploy checks: what must hold before the service meets the world. `manage.py check --deploy` runs them.

Django's own checks see to DEBUG, cookies, HTTPS and the secret key; these see to the keys of the files, to
which process holds which of them, and to the content security policy.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from pyrage import x25519

MIN_KEY_LENGTH = 32
RELEASES = {"in_window", "when_ready"}
NEEDED = {
    "web": {"DELIVERY_IDENTITIES"},
    "worker": {"UPLOAD_IDENTITIES", "POPULATION_STORE", "DISCLOSURE_KEY"},
    "beat": set(),
    "keeper": {"POPULATION_STORE"},
}
FORBIDDEN = {
    "web": {"UPLOAD_IDENTITIES", "POPULATION_STORE", "POPULATION_CACHE"},
    "worker": set(),
    "beat": {
        "UPLOAD_IDENTITIES",
        "POPULATION_STORE",
        "POPULATION_CACHE",
        "DELIVERY_IDENTITIES",
        "DISCLOSURE_KEY",
    },
    "keeper": {"UPLOAD_IDENTITIES", "POPULATION_CACHE", "DELIVERY_IDENTITIES", "DISCLOSURE_KEY"},
}


@register(Tags.security, deploy=True)
def check_process_role(**kwargs: Any) -> list[CheckMessage]:
    """Each kind of process holds the secrets that it needs and none of those that it must not."""
    role = settings.PROCESS_ROLE
    if role not in NEEDED:
        return [
            Error(
                "PROCESS_ROLE must be web, worker, beat or keeper: none may hold every key.",
                id="portal.E001",
            )
        ]
    missing = [name for name in sorted(NEEDED[role]) if not getattr(settings, name)]
    extra = [name for name in sorted(FORBIDDEN[role]) if getattr(settings, name)]
    return [
        *(Error(f"A {role} process needs {name}.", id="portal.E002") for name in missing),
        *(Error(f"A {role} process must not hold {name}.", id="portal.E003") for name in extra),
    ]


@register(Tags.security, deploy=True)
def check_keys(**kwargs: Any) -> list[CheckMessage]:
    """The public and private halves fit together, and uploads and deliveries have keys of their own."""
    return list(_key_errors())


def _key_errors() -> Iterator[CheckMessage]:
    for name in ("UPLOAD", "DELIVERY"):
        identities = getattr(settings, f"{name}_IDENTITIES")
        try:
            recipient = str(x25519.Recipient.from_str(getattr(settings, f"{name}_RECIPIENT")))
            public = {str(x25519.Identity.from_str(text).to_public()) for text in identities}
        except Exception:  # the library's errors have no common class, and their texts may hold the key
            yield Error(f"{name}_RECIPIENT or {name}_IDENTITIES is no age key.", id="portal.E004")
            continue
        if public and recipient not in public:
            yield Error(f"{name}_RECIPIENT fits none of {name}_IDENTITIES.", id="portal.E005")
    if settings.UPLOAD_RECIPIENT == settings.DELIVERY_RECIPIENT:
        yield Error(
            "Uploads and deliveries need keys of their own, or the web reads uploads.", id="portal.E006"
        )
    if settings.DISCLOSURE_KEY and len(settings.DISCLOSURE_KEY) < MIN_KEY_LENGTH:
        yield Error(f"DISCLOSURE_KEY needs at least {MIN_KEY_LENGTH} characters.", id="portal.E007")


@register(Tags.security, deploy=True)
def check_content_security_policy(**kwargs: Any) -> list[CheckMessage]:
    """Nothing inline, nothing evaluated, nothing from anywhere."""
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    loose = [
        Error(f"The content security policy's {name} allows {source}.", id="portal.E008")
        for name, sources in directives.items()
        for source in sources
        if "unsafe" in source or "*" in source
    ]
    missing = {"default-src", "base-uri", "form-action", "frame-ancestors"} - set(directives)
    return [
        *loose,
        *(Error(f"The content security policy lacks {name}.", id="portal.E009") for name in sorted(missing)),
    ]


@register(Tags.security, deploy=True)
def check_release(**kwargs: Any) -> list[CheckMessage]:
    if settings.DELIVERY_RELEASE in RELEASES:
        return []
    return [Error(f"DELIVERY_RELEASE must be one of {', '.join(sorted(RELEASES))}.", id="portal.E010")]


@register(Tags.security, deploy=True)
def check_virus_scan(**kwargs: Any) -> list[CheckMessage]:
    if settings.PROCESS_ROLE != "worker" or settings.CLAMD_ADDRESS:
        return []
    return [CheckWarning("CLAMD_ADDRESS is unset: nothing is scanned for viruses.", id="portal.W001")]


@register(Tags.security, deploy=True)
def check_mail(**kwargs: Any) -> list[CheckMessage]:
    """The catcher of docker-compose.yml shows every message, links for passwords too, to whoever opens it."""
    if settings.EMAIL_HOST != "mail" and settings.EMAIL_PORT != 1025:
        return []
    text = "EMAIL_URL names the mail catcher for trying the service: set the real mail server."
    return [CheckWarning(text, id="portal.W002")]
