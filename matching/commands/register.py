"""`register OUT.csv --extract DIR --rows N`: draw a customer's register from an extract."""

import argparse
from pathlib import Path

from matching.commands import options
from matching.progress import steps
from matching.register import outputs
from matching.synth.draw import draw_register

NAME = "register"
HELP = "draw a customer's register from an extract, with a column of the truth"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("output", metavar="OUT.csv", type=Path)
    parser.add_argument("--extract", metavar="DIR", type=Path, required=True)
    parser.add_argument("--rows", type=options.whole(), required=True, metavar="N")
    parser.add_argument("--seed", type=options.whole(), default=1, metavar="S")
    parser.add_argument(
        "--without-id",
        type=options.number,
        metavar="SHARE",
        help="share of rows without a code (0.05; with --clean 0)",
    )
    parser.add_argument(
        "--clean",
        action="store_true",
        help="every row right and up to date, all of them in the extract; without it 2 %% are not",
    )


def run(arguments: argparse.Namespace) -> int:
    outputs.refuse_overwriting([arguments.output], [arguments.extract])
    with steps(arguments.progress, total=1) as on_step:
        on_step("draw")
        draw_register(
            arguments.output,
            arguments.extract,
            arguments.rows,
            seed=arguments.seed,
            without_id=arguments.without_id,
            clean=arguments.clean,
            threads=arguments.threads,
            memory=arguments.memory,
        )
    return 0
