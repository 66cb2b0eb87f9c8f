"""Our model as Splink's settings, and a model that Splink saved as ours. Nothing of a file is executed."""

from typing import Any

from matching.weighing.comparisons import PERSON, Comparison, Level
from matching.weighing.model import Model
from matching.weighing.splink_read import sided


def to_splink(model: Model, persons: int) -> dict[str, Any]:
    """Settings that Splink 5 reads: link_only, DuckDB; left is a row of `sought`, right a person of `trait`.

    Both tables need every column of either (NULL where it has none), `unique_id`, and for the frequencies
    `tf_<share>` (`tf_surname_share`, …) on the left. Left out, since no comparison of Splink's adds them:
    what is taken off for a family's agreement (`scoring.household`) and for names in another order
    (`penalty`).
    """
    return {
        "link_type": "link_only",
        "sql_dialect": "duckdb",
        "unique_id_column_name": "unique_id",
        # Splink's prior is of odds, ours the bits themselves.
        "probability_two_random_records_match": 1 / (1 + 2.0 ** -model.prior(persons)),
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "comparisons": [_comparison(model, comparison) for comparison in PERSON],
    }


def _comparison(model: Model, comparison: Comparison) -> dict[str, Any]:
    missing = {
        "sql_condition": sided(comparison.missing),
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    chances = model.chances[comparison.name]
    levels = [
        {
            "sql_condition": "ELSE" if level is comparison.levels[-1] else sided(level.condition),
            "label_for_charts": level.name,
            "m_probability": chances[level.name].m,
            "u_probability": chances[level.name].u,
            **_frequency(level),
        }
        for level in comparison.levels
    ]
    return {"output_column_name": comparison.name, "comparison_levels": [missing, *levels]}


def _frequency(level: Level) -> dict[str, Any]:
    if not level.share:
        return {}
    return {
        "tf_adjustment_column": level.share.removeprefix("s."),
        "tf_adjustment_weight": 1.0,
        "disable_tf_exact_match_detection": True,  # the level's own u gives way, not that of another
    }
