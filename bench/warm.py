"""Link and disclose one register four times in one process, by a worker's own copy of the version.

Prints the seconds of the last three as JSON.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

from bench.code_match import FIELDS
from matching import engine
from matching.store.cache import cached
from matching.store.versions import open_version


def main(register: Path, store: Path, folder: Path, threads: int) -> None:
    version = open_version(store).version
    links, output, seconds = folder / "warm.parquet", folder / "warm.csv", []
    with cached(store, folder / "copies") as copy:
        for _ in range(4):
            start = perf_counter()
            engine.link(register, copy, links, version=version, threads=threads)
            engine.disclose(register, links, copy, output, version=version, fields=FIELDS, threads=threads)
            seconds.append(perf_counter() - start)
    print(json.dumps(seconds[1:]))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), int(sys.argv[4]))
