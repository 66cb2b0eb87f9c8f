"""`python -m bench`: the benchmarks as tables of figures, those of linkage unless parts are named."""

import argparse
import compileall
import importlib
import os
from pathlib import Path

import matching
from bench.options import Options
from bench.page import PAGE, measured, write_section

# Title in docs/benchmarks.md and module, whose `run` measures and gives Markdown.
PARTS = {
    "matching": ("Matching by code", "bench.code_match"),
    "mixed": ("A mixed register", "bench.mixed"),
    "splink": ("Without a code, beside Splink 5", "bench.beside_splink"),
    "accuracy": ("Accuracy", "bench.accuracy"),
    "febrl": ("FEBRL", "bench.febrl"),
    "pseudopeople": ("pseudopeople", "bench.pseudopeople"),
    "growth": ("Growth and small orders", "bench.growth"),
    "orders": ("Orders", "bench.orders"),
    "permits": ("Permits that end overnight", "bench.permits"),
    "lists": ("Lists", "bench.lists"),
    "disclosures": ("Disclosure register", "bench.disclosures"),
    "upload": ("A large upload", "bench.upload"),
    "clearing": ("Clearing doubtful rows", "bench.clearing"),
}
OF_THE_PORTAL = ("orders", "permits", "lists", "disclosures", "upload", "clearing")
LINKAGE = tuple(name for name in PARTS if name not in OF_THE_PORTAL)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"all, or of {', '.join(PARTS)}")
    parser.add_argument("--persons", type=int, default=int(os.environ.get("BENCH_PERSONS", 5_000_000)))
    parser.add_argument("--rows", type=int, help="rows of the register (each part has its own number)")
    parser.add_argument("--applications", type=int, default=100_000, help="as many permits and orders")
    parser.add_argument("--seed", type=int, default=101, help="of the population and the register")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="keeps what is made")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE}")
    args = parser.parse_args()
    images = PAGE.parent / "images" if args.write else args.folder
    sizes = (args.persons, args.rows, args.applications)
    options = Options(*sizes, args.seed, args.threads, args.folder, images)
    chosen = PARTS if "all" in args.parts else args.parts or LINKAGE
    if unknown := set(chosen) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    # As the image has it, and as pip leaves what it installs: no run pays for reading the sources.
    compileall.compile_dir(Path(matching.__file__).parent, quiet=1)
    for name in chosen:
        title, module = PARTS[name]
        text = f"{measured()}\n\n{importlib.import_module(module).run(options)}"
        print(f"## {title}\n\n{text}\n", flush=True)
        if args.write:
            write_section(title, text)


if __name__ == "__main__":
    main()
