"""What the components say to a reader of the screen, and to one who sees no colour."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import engines
from django.utils import translation

from portal import ui
from portal.forms import FormRenderer
from portal.templatetags.components import file_size, percent


@pytest.fixture(autouse=True)
def _in_english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


def draw(source: str, **context: Any) -> str:
    html = engines["django"].from_string(source).render(context)
    return re.sub(r"[ \n]+", " ", html)


class OrderForm(forms.Form):
    default_renderer = FormRenderer
    name = forms.CharField(label="Name", help_text="First and last.")
    who = forms.ChoiceField(
        label="Who", choices=[("c", "Current"), ("f", "Former")], widget=forms.RadioSelect
    )
    wanted = forms.MultipleChoiceField(
        label="Fields", choices=[("Names", [("s", "Surname")])], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="Note", required=False)
    file = forms.FileField(label="Register")


def test_a_field_is_tied_to_its_label_hint_and_error() -> None:
    html = draw("{% field form.name %}", form=OrderForm({}))
    assert '<label class="label" for="id_name">Name' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_radios_are_a_group_with_a_name_and_each_its_label() -> None:
    html = draw("{% field form.who %}", form=OrderForm())
    assert re.search(r"<fieldset[^>]*> <legend[^>]*>Who", html)
    assert '<label for="id_who_1">Former</label>' in html


def test_grouped_choices_tell_their_group() -> None:
    html = draw("{% field form.wanted %}", form=OrderForm({"wanted": ["s"]}))
    assert re.search(r'role="group" aria-labelledby="(\S+)"> <p id="\1">Names</p>', html)
    assert re.search(r'type="checkbox"[^>]*value="s"[^>]*checked', html)


def test_only_an_optional_field_is_marked() -> None:
    form = OrderForm()
    assert "(optional)" in draw("{% field form.note %}", form=form)
    assert "(optional)" not in draw("{% field form.name %}", form=form)


def test_the_error_summary_takes_the_focus_and_leads_to_the_inputs() -> None:
    form = OrderForm({})
    html = draw("{% error_summary form %}", form=form)
    assert 'role="alert" tabindex="-1" autofocus' in html
    targets = re.findall(r'href="#(\w+)"', html)
    inputs = re.findall(r'<input[^>]*\sid="(\w+)"', draw("{{ form }}", form=form))
    assert len(targets) == 4
    assert set(targets) < set(inputs)


def test_a_question_has_no_colon_after_its_mark_in_the_summary() -> None:
    form = OrderForm({})
    form.fields["file"].label, form.fields["name"].label = "Whose data?", "Name"
    html = draw("{% error_summary form %}", form=form)
    assert ">Whose data? " in html
    assert ">Name: " in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert draw("{% error_summary form %}", form=OrderForm()).strip() == ""


def test_an_upload_states_its_types_and_limit_beforehand() -> None:
    html = draw('{% file_upload form.file formats="CSV, XLSX" max_bytes=5242880 %}', form=OrderForm())
    assert "File types: CSV, XLSX. Largest size: 5\N{NO-BREAK SPACE}MB." in html
    assert 'aria-describedby="id_file_limits"' in html


def test_a_button_that_is_off_says_why_and_sends_nothing() -> None:
    html = draw('{% action_button "Place" reason=reason name="act" %}', reason="Send a register first.")
    assert '<button type="button"' in html
    assert 'aria-disabled="true"' in html
    described = re.search(r'aria-describedby="(\S+)"', html)
    assert described
    assert f'id="{described[1]}">Send a register first.' in html


def test_a_button_without_a_reason_is_on() -> None:
    html = draw('{% action_button "Place" reason=None name="act" value="place" %}')
    assert "aria-disabled" not in html
    assert 'name="act" value="place"' in html


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 tavua"),
        (1, "1 tavu"),
        (440, "440 tavua"),
        (4062, "4 kt"),
        (1536, "2 kt"),
        (500 * 1024**2, "500 Mt"),
    ],
)
def test_a_size_is_told_in_bytes_when_small_and_else_to_the_nearest_unit(size: int, text: str) -> None:
    with translation.override("fi"):
        assert file_size(size).replace("\N{NO-BREAK SPACE}", " ") == text


def test_a_link_without_an_address_never_becomes_a_button_that_sends() -> None:
    with pytest.raises(ValueError, match="Back"):
        draw('{% action_button "Back" href=forgotten_url variant="plain" %}')


def test_a_step_tells_its_state_in_words() -> None:
    steps = [
        ui.Step("Placed", "done", date(2026, 11, 3)),
        ui.Step("Match", "current"),
        ui.Step("Sent", "late"),
    ]
    html = draw("{% steps steps %}", steps=steps)
    assert [word for word in ("Done", "In progress", "Late") if f"– {word}<" in html] == [
        "Done",
        "In progress",
        "Late",
    ]
    assert html.count('aria-current="step"') == 1
    assert "3 November 2026" in html


@pytest.mark.parametrize(
    ("today", "words"), [(date(2026, 11, 20), "1 day left"), (date(2026, 11, 24), "3 days late")]
)
def test_a_timeline_says_in_words_how_many_days_are_left(today: date, words: str) -> None:
    html = draw(
        "{% timeline start opens closes today=today %}",
        start=date(2026, 11, 1),
        opens=date(2026, 11, 11),
        closes=date(2026, 11, 21),
        today=today,
    )
    assert f"<span>{words}</span>" in html
    assert ('class="over"' in html) == ("late" in words)


def test_a_timeline_draws_the_window_to_scale() -> None:
    line = ui.draw_timeline(date(2026, 11, 1), date(2026, 11, 11), date(2026, 11, 21), date(2026, 11, 6))
    assert (line.elapsed, line.opens, line.window, line.today, line.over) == (25, 50, 50, 25, 0)


def test_a_chart_is_a_table_whose_bars_are_as_long_as_their_shares() -> None:
    html = draw('{% bar_chart "Results" bars %}', bars=[ui.Bar("Found", 1500), ui.Bar("Not found", 500)])
    assert "<caption>Results</caption>" in html
    assert "1\N{NO-BREAK SPACE}500" in html
    assert "(75.0%)" in html
    assert re.findall(r'width="([\d.]+)" height="8"', html) == ["75.0", "25.0"]


@pytest.mark.parametrize(("language", "text"), [("fi", "12,5 %"), ("sv", "12,5 %"), ("en", "12.5%")])
def test_a_percentage_has_its_space_but_in_english(language: str, text: str) -> None:
    with translation.override(language):
        assert percent(12.5).replace("\N{NO-BREAK SPACE}", " ") == text


def test_numbers_of_a_drawing_keep_their_point_in_finnish() -> None:
    with translation.override("fi"):
        html = draw('{% bar_chart "Tulos" bars %}', bars=[ui.Bar("a", 2), ui.Bar("b", 1)])
    assert 'width="33.3"' in html


def test_a_share_too_small_to_see_is_drawn_all_the_same_and_none_is_not() -> None:
    drawn = ui.draw_bars([ui.Bar("a", 1), ui.Bar("b", 0)], total=1_000_000)
    assert [bar.length for bar in drawn] == [ui.SHORTEST, 0.0]


def test_what_a_message_holds_is_escaped_in_its_notice() -> None:
    html = draw('{% include "components/messages.html" %}', messages=[Message(SUCCESS, "<b>")])
    assert 'role="status"' in html
    assert 'class="notice success"' in html
    assert "<p>&lt;b&gt;</p>" in html


def test_a_change_link_tells_what_it_changes() -> None:
    html = draw("{% summary_list rows %}", rows=[ui.SummaryRow("School", "Metsola", "/change/")])
    assert 'Change<span class="hidden-text">: School</span>' in html


@pytest.mark.parametrize(("language", "text"), [("fi", "23.11."), ("sv", "23.11."), ("en", "23 Nov")])
def test_a_day_of_an_axis_is_short_in_each_language(language: str, text: str) -> None:
    with translation.override(language):
        assert draw("{{ day|short_day }}", day=date(2026, 11, 23)) == text


@pytest.mark.parametrize(
    ("language", "text"), [("fi", "3.11.2026"), ("sv", "3.11.2026"), ("en", "3 November 2026")]
)
def test_a_day_is_written_as_the_language_does(language: str, text: str) -> None:
    with translation.override(language):
        assert draw("{{ day|day }}", day=date(2026, 11, 3)) == text


@pytest.mark.parametrize(
    ("language", "text"), [("fi", "1\N{NO-BREAK SPACE}234,05\N{NO-BREAK SPACE}€"), ("en", "€1,234.05")]
)
def test_money_is_written_as_the_language_does(language: str, text: str) -> None:
    with translation.override(language):
        assert draw("{{ cents|euros }}", cents=123405) == text


@pytest.mark.parametrize(("value", "shown"), [(12.34, "+12.3"), (0.0, "+0.0"), (-3.26, "−3.3")])
def test_a_signed_number_has_a_minus_sign_and_no_hyphen(value: float, shown: str) -> None:
    assert draw("{{ value|signed }}", value=value) == shown
