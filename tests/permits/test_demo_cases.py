"""The demo's cases stand at every stage, and its permit can be ordered under."""

from collections import Counter

from django.core.management import call_command

from orders import demo
from permits.access import usable_permits
from permits.granting import today
from permits.models import Application
from portal.models import Organisation


def test_the_demo_has_a_case_at_each_stage_and_a_permit_that_is_accepted(db: None, capsys) -> None:
    demo.seed()
    call_command("demo_cases", **demo.CASE_PEOPLE)
    states = Counter(Application.objects.values_list("status", flat=True))
    assert states == {"draft": 1, "submitted": 1, "info_requested": 1, "proposed": 1, "approved": 1}
    every = list(Application.objects.values_list("answers", flat=True))
    for name in ("register_name", "purpose", "law"):
        assert (
            len({answers[name] for answers in every}) == len(every) - 1
        )  # the draft is of the permit's register
    permit = usable_permits(Organisation.objects.get(name="Metsälän kunta"), today()).get()
    assert str(permit) in capsys.readouterr().out
