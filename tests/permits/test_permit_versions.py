"""A permit's version never changes: the database itself refuses all but its status."""

from datetime import date

import pytest
from django.db import InternalError, transaction
from django.db.utils import DatabaseError

from permits.models import Permit, PermitAcceptance, PermitEvent
from tests import factories

CHANGES = {
    "scopes": {"person": ["hetu"]},
    "purposes": {"fi": "Muu"},
    "legal_bases": {"fi": "Muu laki"},
    "conditions": {"fi": "Ehto"},
    "entitled_to_protected": True,
    "customer_completes": True,
    "valid_from": date(2026, 1, 1),
    "valid_to": date(2030, 1, 1),
    "number": "TL-MUU",
    "version": 9,
    "decided_on": date(2026, 1, 1),
}


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_nothing_of_a_version_can_be_changed(cast, name: str) -> None:
    permit = factories.permit(cast.school)
    with pytest.raises(DatabaseError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).update(**{name: CHANGES[name]})
    assert getattr(Permit.objects.get(pk=permit.pk), name) == getattr(permit, name)


def test_a_version_cannot_be_deleted(cast) -> None:
    permit = factories.permit(cast.school, accepted=False)
    with pytest.raises(DatabaseError), transaction.atomic():
        Permit.objects.filter(pk=permit.pk).delete()
    assert Permit.objects.filter(pk=permit.pk).exists()


@pytest.mark.parametrize("model", [PermitAcceptance, PermitEvent])
def test_acceptances_and_events_stay_as_they_were_written(cast, model) -> None:
    permit = factories.permit(cast.school)
    PermitEvent.objects.create(permit=permit, status="in_force")
    for act in (lambda rows: rows.update(permit=permit), lambda rows: rows.delete()):
        with pytest.raises((DatabaseError, InternalError)), transaction.atomic():
            act(model.objects.filter(permit=permit))
    assert model.objects.filter(permit=permit).count() == 1
