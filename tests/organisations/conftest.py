"""A municipality with a manager, an applicant and a signing official, and one that waits for verification."""

from types import SimpleNamespace

import pytest

from portal import organisations
from portal.models import Organisation, OrganisationKind
from portal.roles import Role
from tests import factories

FACTS = {
    "name": "Metsälän kunta",
    "business_id": factories.business_id(9_700_000),
    "kind": "municipality",
    "street": "Kuntatie 1",
    "postal_code": "00100",
    "post_office": "Metsälä",
    "signing_official_name": "Jouni Johtaja",
    "signing_official_title": "Kunnanjohtaja",
}


@pytest.fixture
def town(cast: SimpleNamespace) -> SimpleNamespace:
    """A verified municipality and its people; `newcomer` is a member of nothing."""
    made = factories.organisation("Koivulan kunta", OrganisationKind.MUNICIPALITY)
    return SimpleNamespace(
        organisation=made,
        manager=factories.user("Mari Manageri", made, Role.APPLICANT, Role.MANAGER),
        applicant=factories.user("Heli Hakija", made),
        signatory=factories.user("Simo Signeeraa", made, Role.SIGNATORY),
        newcomer=factories.newcomer("Uuno Uusi"),
    )


@pytest.fixture
def registered(town: SimpleNamespace) -> Organisation:
    """An organisation that the newcomer has registered and no official has verified."""
    return organisations.register(by=town.newcomer, **FACTS)
