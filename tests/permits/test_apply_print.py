"""On paper: the whole application, and the blank form with every question."""

from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from permits.form import form_spec
from portal.events import Event
from portal.models import AuditEvent
from tests import permit_factories


def test_the_printed_application_has_every_answer(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    page = sign_in(cast.secretary).get(reverse("permits:print", args=[application.pk])).content.decode()
    typed = [answer for answer in application.answers.values() if isinstance(answer, str) and " " in answer]
    assert [answer for answer in typed if answer not in unescape(page)] == []


def test_an_officials_reading_is_audited(cast, sign_in) -> None:
    application = permit_factories.submitted_application(cast.secretary)
    sign_in(cast.official).get(reverse("permits:print", args=[application.pk]))
    assert AuditEvent.objects.filter(event=Event.APPLICATION_READ, actor=cast.official.pk).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_anybody_may_take_the_blank_form_with_every_question(language: str) -> None:
    client = Client(headers={"Accept-Language": language})
    page = unescape(client.get(reverse("permits:blank_form")).content.decode())
    with translation.override(language):
        labels = [str(question.label) for question in form_spec.QUESTIONS.values()]
    assert [label for label in labels if label not in page] == []


@pytest.mark.django_db
def test_the_blank_form_tells_when_a_question_is_asked() -> None:
    client = Client(headers={"Accept-Language": "en"})
    page = unescape(client.get(reverse("permits:blank_form")).content.decode())
    assert "If the answer to “Does somebody process the data on your behalf?” is “Yes”:" in page
