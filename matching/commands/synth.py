"""`synth OUT_DIR --persons N`: write a synthetic population extract."""

import argparse
from pathlib import Path

from matching.commands import options
from matching.progress import steps
from matching.synth import population as synth

NAME = "synth"
HELP = "write a synthetic population extract (artificial codes only; same seed, same bytes)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "out_dir", metavar="OUT_DIR", type=Path, help="folder to make; must be empty or not exist"
    )
    parser.add_argument("--persons", type=options.whole(), required=True, metavar="N")
    parser.add_argument("--seed", type=options.whole(), default=1, metavar="S")
    parser.add_argument("--format", choices=sorted(synth.FORMATS), default="csv", dest="file_format")
    parser.add_argument(
        "--as-of",
        type=options.extract_day,
        default=synth.AS_OF,
        metavar="YYYY-MM-DD",
        help="day of the extract",
    )


def run(arguments: argparse.Namespace) -> int:
    with steps(arguments.progress, total=12) as on_step:
        synth.synthesise(
            arguments.out_dir,
            arguments.persons,
            seed=arguments.seed,
            file_format=arguments.file_format,
            as_of=arguments.as_of,
            threads=arguments.threads,
            memory=arguments.memory,
            on_step=on_step,
        )
    return 0
