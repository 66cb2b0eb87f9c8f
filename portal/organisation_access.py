"""Who sees and handles which organisations: fetching and authorising are one call."""

import uuid

from django.http import Http404
from django.utils.translation import gettext as _

from portal.access import Denied
from portal.models import Organisation, OrganisationKind, User
from portal.roles import Role


def get_organisation_for(user: User, pk: uuid.UUID) -> Organisation:
    """A customer's organisation, for its members and for officials; 404 for a stranger."""
    customers = Organisation.objects.exclude(kind=OrganisationKind.REGISTRY)
    if not user.is_official:
        customers = customers.filter(memberships__user=user).distinct()
    try:
        return customers.get(pk=pk)
    except Organisation.DoesNotExist:
        raise Http404 from None


def is_manager(user: User, organisation: Organisation) -> bool:
    return organisation.memberships.filter(user=user, role=Role.MANAGER).exists()


def get_managed_organisation_for(user: User, pk: uuid.UUID) -> Organisation:
    """The organisation, for those who manage its members; others of its members get 403 with the reason."""
    organisation = get_organisation_for(user, pk)
    if not is_manager(user, organisation):
        raise Denied(_("Only those who manage the organisation’s members can do this."))
    return organisation


def get_own_organisation_for(user: User, pk: uuid.UUID) -> Organisation:
    """The organisation, for any of its members' acts; an official, who may only read it, gets 403."""
    organisation = get_organisation_for(user, pk)
    if not organisation.memberships.filter(user=user).exists():
        raise Denied(_("You are not a member of the organisation."))
    return organisation
