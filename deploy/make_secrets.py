"""Make the secrets that docker-compose.yml reads: `python deploy/make_secrets.py [FOLDER]`.

Each is a file in FOLDER (by default `deploy/secrets`, which git and the image leave out). What is there is
kept: a second run only adds what is missing. Nobody but the owner can enter the folder; the files in it are
readable, since a container's user, who has another number, reads the ones that are mounted for it.
"""

import json
import secrets
import sys
from pathlib import Path

from pyrage import x25519

FOLDER = Path(__file__).resolve().parent / "secrets"
BUCKET = "paivityspalvelu"


def new_secrets() -> dict[str, str]:
    """A whole new set: the content of each file by its name."""
    upload, delivery = x25519.Identity.generate(), x25519.Identity.generate()
    database, redis = secrets.token_hex(24), secrets.token_hex(24)
    access, secret = secrets.token_hex(10), secrets.token_hex(24)
    return {
        "secret_key": secrets.token_urlsafe(64),
        "disclosure_key": secrets.token_hex(32),
        "upload_recipient": str(upload.to_public()),
        "upload_identities": str(upload),
        "delivery_recipient": str(delivery.to_public()),
        "delivery_identities": str(delivery),
        "database_password": database,
        "database_url": f"postgresql://portal:{database}@postgres:5432/portal",
        "redis_auth": f"requirepass {redis}",
        "redis_url": f"redis://:{redis}@redis:6379/0",
        "s3_identities": json.dumps(s3_identities(access, secret)),
        "files_options": json.dumps(files_options(access, secret)),
    }


def files_options(access: str, secret: str, endpoint: str = "http://objects:8333") -> dict[str, object]:
    """Options of django-storages' S3Storage."""
    return {
        "bucket_name": BUCKET,
        "endpoint_url": endpoint,
        "access_key": access,
        "secret_key": secret,
        "region_name": "us-east-1",
        "addressing_style": "path",
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,
        # a file that is read goes to disk above this size; by default it stays in memory as a whole
        "max_memory_size": 16 * 1024 * 1024,
    }


def s3_identities(access: str, secret: str) -> dict[str, object]:
    """The object store's accounts: one, for one bucket."""
    return {
        "identities": [
            {
                "name": "portal",
                "credentials": [{"accessKey": access, "secretKey": secret}],
                "actions": [f"{action}:{BUCKET}" for action in ("Admin", "Read", "Write", "List")],
            }
        ]
    }


# What belongs together: half of a pair is never made anew.
PAIRS = (
    ("upload_recipient", "upload_identities"),
    ("delivery_recipient", "delivery_identities"),
    ("database_password", "database_url"),
    ("redis_auth", "redis_url"),
    ("s3_identities", "files_options"),
)


def write(folder: Path) -> list[str]:
    """Add what is missing in the folder; returns the names of the files made.

    Raises SystemExit where only half of a pair is there: making the other anew could lose a key.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    for pair in PAIRS:
        there = [name for name in pair if (folder / name).exists()]
        if len(there) == 1:
            raise SystemExit(
                f"{folder} has {there[0]} without its counterpart. Bring it back, or remove both."
            )
    made = []
    for name, content in new_secrets().items():
        path = folder / name
        if not path.exists():
            path.write_text(content)
            path.chmod(0o444)
            made.append(name)
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    added = write(target)
    print(f"{target}: {', '.join(added) if added else 'nothing was missing'}")
