"""A personal identity code in written text is found by its form and its check character."""

import pytest

from portal.identity_codes import holds_identity_code


@pytest.mark.parametrize(
    "text",
    [
        "131052-308T",
        "Rivillä on 131052-308T.",
        "hetu:131052-308t, toinen",
        "131052\u2013308T",
        "Uusi välimerkki (010594Y9032)",
        "Keinotekoinen 131052-930V",
    ],
)
def test_a_sound_code_is_found(text: str) -> None:
    assert holds_identity_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "131052-308U",
        "321352-308T",
        "TLH-2026-000119",
        "1131052-308T",
        "131052-308TA",
        "131052 308T",
        "\u0661\u0663\u0661\u0660\u0665\u0662-308T",
    ],
)
def test_what_is_no_code_is_not(text: str) -> None:
    assert not holds_identity_code(text)
