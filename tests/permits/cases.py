"""Applications for tests, made by walking the real workflow."""

import uuid
from typing import Any

from permits import form_spec, workflow
from permits.models import Application
from portal.models import User
from tests.permits.answers import COMPLETE


def draft(by: User, **changes: Any) -> Application:
    """An application that has just been begun for the user's organisation."""
    return workflow.create(by=by, organisation=by.organisations.get(), token=uuid.uuid4(), **changes)


def filled(by: User, **answers: Any) -> Application:
    """A draft whose every section is saved, complete but for `answers`."""
    application = draft(by)
    for section in form_spec.SECTIONS:
        names = {question.name for question in section.questions}
        given = {name: value for name, value in (COMPLETE | answers).items() if name in names}
        workflow.save_section(application, by=by, section=section.name, answers=given)
    return application


def submitted(by: User, **answers: Any) -> Application:
    application = filled(by, **answers)
    workflow.submit(application, by=by, committed_by=by.name)
    application.refresh_from_db()
    return application
