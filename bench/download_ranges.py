"""What a download costs that goes on from the middle: age is read from its start, and the rest is dropped.

`python -m bench.download_ranges --megabytes 1000` prints, for a file of that size, the seconds to the first
byte of a part that starts at each tenth of it, and the most memory held. Needs no server.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from django.conf import settings
from pyrage import x25519

MEGABYTE = 1024 * 1024
STARTS = (0.0, 0.25, 0.5, 0.75, 0.999)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    size = parser.parse_args().megabytes * MEGABYTE
    with tempfile.TemporaryDirectory() as folder:
        backend = "django.core.files.storage.FileSystemStorage"
        settings.configure(
            STORAGES={"default": {"BACKEND": backend, "OPTIONS": {"location": folder}}}, WORK_DIR=folder
        )
        measure(Path(folder), size)


def measure(folder: Path, size: int) -> None:
    from portal import storage  # once the settings are there

    identity = x25519.Identity.generate()
    key = storage.Key(str(identity.to_public()), (str(identity),))
    plain = folder / "plain"
    block = b"0123456789abcdef" * (MEGABYTE // 16)
    with plain.open("wb") as target:
        for _ in range(size // MEGABYTE):
            target.write(block)
    with plain.open("rb") as source:
        stored = storage.store(source, key, folder="bench")
    print(f"{size // MEGABYTE} MB")
    for share in STARTS:
        first, begin = int(size * share), time.perf_counter()
        blocks = storage.decrypted_range(stored.name, key, first, size - 1)
        next(blocks)
        seconds = time.perf_counter() - begin
        blocks.close()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"from {share:6.1%}: first byte after {seconds:5.2f} s, peak memory {peak} MB")


if __name__ == "__main__":
    main()
