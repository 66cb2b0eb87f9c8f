"""Every address of the service is in one of the lists below, and refuses whoever the list keeps out.

A new address that is in no list fails the first test: decide who may open it, and add it.
"""

import uuid
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.middleware import OPEN_WITHOUT_TOTP
from portal.models import User
from tests import factories, permit_factories

PUBLIC = {
    "home", "service", "accessibility", "privacy", "set_language", "health", "schema",
    "account_login", "account_logout", "account_inactive", "account_signup",
    "account_email_verification_sent", "account_confirm_email",
    "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "organisations:invitation",  # the link of a message; to accept it one signs in
    "permits:document_check", "permits:blank_form",
    "permits:register", "permits:register_csv", "permits:register_json",
    "mfa_authenticate",  # for who has typed the password; others are sent to sign in
}  # fmt: skip
SIGNED_IN = {
    "account_reauthenticate", "account_change_password", "mfa_index", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
    "organisations:list", "organisations:register", "organisations:join", "organisations:accept",
    "orders:list", "orders:new", "orders:form", "orders:form_upload", "api:list",
    "permits:applications", "permits:new", "permits:permits",
    "api_permits:applications", "api_permits:permits",
}  # fmt: skip
OF_AN_ORDER = {
    "orders:detail", "orders:describe", "orders:upload", "orders:check", "orders:place", "orders:cancel",
    "orders:download", "api:detail",
    "orders:deletions", "orders:deletions_csv",
    "orders:ask_third_party", "orders:third_party", "orders:withdraw_third_party",
    "orders:third_party_decision",
    "orders:again", "orders:confirmation",
    "orders:uploads", "orders:upload_part", "orders:discard_upload",
    "orders:mapping", "orders:layout", "orders:saved_mapping", "orders:findings",
    "orders:duties", "orders:report", "orders:reissue", "orders:own_rows", "orders:own_row",
}  # fmt: skip
OF_AN_ORGANISATION = {
    "organisations:detail", "organisations:edit", "organisations:invite", "organisations:leave",
    "organisations:withdraw", "organisations:answer", "organisations:member",
    "orders:organisation_key", "orders:remove_key",
}  # fmt: skip
OF_AN_APPLICATION = {
    "permits:application", "permits:form", "permits:section", "permits:autosave", "permits:attachments",
    "permits:attachment", "permits:remove_attachment", "permits:check", "permits:submit", "permits:receipt",
    "permits:message", "permits:withdraw", "permits:print", "permits:share", "permits:end_share",
    "api_permits:application",
}  # fmt: skip
OF_A_DOCUMENT = {"permits:document"}
STAFF = {"orders:deadlines", "organisations:staff_list", "permits:queue", "permits:paper"} | {
    "permits:staff_permits", "permits:standing_permits", "permits:prepare_standing",
    "orders:oversight", "orders:retention", "orders:holds", "orders:search_disclosures",
    "orders:all_searches", "orders:third_parties",
}  # fmt: skip
ADMIN = {
    "orders:price_lists", "orders:add_price_list", "orders:withdraw_price_list",
    "orders:invoicing", "orders:invoice_rows", "orders:invoice_messages",
}  # fmt: skip
STAFF |= ADMIN
OF_A_PERMIT = {"permits:permit", "permits:accept", "api_permits:permit"}
STAFF_OF_A_PERMIT = {"permits:suspend", "permits:resume", "permits:revoke"}
STAFF_OF_A_DRAFT = {"permits:standing_draft", "permits:decide_standing", "permits:discard_standing"}
STAFF_OF_AN_ORDER = {
    "orders:release", "orders:retry", "orders:place_hold", "orders:lift_hold", "orders:staff_reissue",
    "orders:clearing", "orders:clearing_group", "orders:clearing_next", "orders:clearing_close",
    "orders:clearing_row", "orders:clearing_take_back",
}  # fmt: skip
STAFF_OF_A_SEARCH = {"orders:search", "orders:search_csv"}
STAFF_OF_A_THIRD_PARTY = {"orders:decide_third_party"}
STAFF |= {"orders:clearing_queue", "orders:clearing_agreement"}
STAFF_OF_AN_ORGANISATION = {"organisations:verify"}
STAFF_OF_AN_APPLICATION = {
    "permits:review", "permits:review_submission", "permits:take", "permits:ask_information",
    "permits:go_on", "permits:note", "permits:checklist", "permits:ask_statement", "permits:give_statement",
    "permits:cancel_statement", "permits:propose", "permits:return_proposal", "permits:decide",
}  # fmt: skip
OWNED = OF_AN_ORDER | OF_AN_ORGANISATION | OF_AN_APPLICATION | OF_A_DOCUMENT | OF_A_PERMIT
STAFF_OWNED = STAFF_OF_AN_ORDER | STAFF_OF_AN_ORGANISATION | STAFF_OF_AN_APPLICATION
STAFF_OWNED |= STAFF_OF_A_PERMIT | STAFF_OF_A_DRAFT | STAFF_OF_A_SEARCH | STAFF_OF_A_THIRD_PARTY
OF_A_PART = {
    "organisations:withdraw", "organisations:answer", "organisations:member", "organisations:accept",
    "permits:attachment", "permits:remove_attachment",
    "orders:upload_part", "orders:discard_upload",
}  # fmt: skip
"""Those whose address names a second thing too."""
FURTHER_PARTS: dict[str, list[object]] = {
    "permits:section": ["register"],
    "permits:autosave": ["register"],
    "permits:end_share": [1],
    "orders:withdraw_price_list": [1],
    "permits:review_submission": [1],
    "permits:give_statement": [1],
    "orders:clearing_row": [1],
    "orders:own_row": [1],
    "orders:clearing_take_back": [1],
    "permits:cancel_statement": [1],
    "orders:third_party": [1],
    "orders:withdraw_third_party": [1],
    "orders:third_party_decision": [1],
}

SignIn = Callable[[User], Client]


def every_address() -> set[str]:
    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield f"{prefix}{pattern.name}"
            else:
                yield from walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)

    return set(walk(get_resolver(), ""))


def path_of(name: str, pk: uuid.UUID) -> str:
    """The address of a page about the order or the organisation `pk`, or about none."""
    if name in {"orders:download", "orders:findings"}:
        return reverse(name, args=[pk, "csv"])
    parts: list[object] = [uuid.uuid4()] if name in OF_A_PART else []
    parts = parts or FURTHER_PARTS.get(name, [])
    return reverse(name, args=[*([pk] if name in OWNED | STAFF_OWNED else []), *parts])


def owned(cast: SimpleNamespace, name: str) -> uuid.UUID:
    """The id of the secretary's order or organisation, as the address asks for."""
    if name in STAFF_OF_A_DRAFT:
        return uuid.UUID(str(permit_factories.standing_draft(cast.official).pk))
    if name in STAFF_OF_A_SEARCH:
        return uuid.UUID(str(factories.search(cast.official).pk))
    if name in OF_A_PERMIT | STAFF_OF_A_PERMIT:
        return uuid.UUID(str(factories.permit(cast.school).pk))
    if name in OF_AN_ORGANISATION | STAFF_OF_AN_ORGANISATION:
        return uuid.UUID(str(cast.school.pk))
    if name in OF_A_DOCUMENT:
        return uuid.UUID(str(permit_factories.document(cast.secretary).pk))
    if name in OF_AN_APPLICATION | STAFF_OF_AN_APPLICATION:
        return uuid.UUID(str(permit_factories.application(cast.secretary).pk))
    return uuid.UUID(str(factories.draft_order(cast.secretary).pk))


def answers(client: Client, path: str) -> list[HttpResponse]:
    """What GET and POST give, leaving out a method that the address does not have."""
    responses = [client.get(path), client.post(path)]
    return [response for response in responses if response.status_code != 405]


def test_every_address_is_in_one_list() -> None:
    lists = [PUBLIC, SIGNED_IN, OWNED, STAFF, STAFF_OWNED]
    assert every_address() == set().union(*lists)
    assert sum(map(len, lists)) == len(set().union(*lists))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(SIGNED_IN | OWNED | STAFF | STAFF_OWNED))
def test_who_is_not_signed_in_is_refused(client: Client, name: str) -> None:
    responses = answers(client, path_of(name, uuid.uuid4()))
    assert responses
    for response in responses:
        to_sign_in = response.status_code == 302 and response["Location"].startswith("/accounts/login/?next=")
        assert to_sign_in or response.status_code in {401, 403}


@pytest.mark.parametrize("name", sorted(OWNED | STAFF_OWNED))
def test_a_stranger_gets_404_or_on_staff_pages_403(cast: SimpleNamespace, sign_in: SignIn, name: str) -> None:
    pk = owned(cast, name)
    responses = answers(sign_in(cast.outsider), path_of(name, pk))
    expected = {403, 404} if name in STAFF_OWNED else {404}
    assert responses
    assert {response.status_code for response in responses} <= expected


@pytest.mark.parametrize("name", sorted(OWNED))
def test_a_stranger_cannot_tell_what_is_anothers_from_what_is_not(
    cast: SimpleNamespace, sign_in: SignIn, name: str
) -> None:
    pk = owned(cast, name)
    client = sign_in(cast.outsider)
    theirs, none = (answers(client, path_of(name, one)) for one in (pk, uuid.uuid4()))
    assert [response.status_code for response in theirs] == [response.status_code for response in none]


@pytest.mark.parametrize("name", sorted(STAFF | STAFF_OWNED))
def test_a_customer_is_refused_on_staff_pages_even_for_what_is_the_own(
    cast: SimpleNamespace, sign_in: SignIn, name: str
) -> None:
    pk = owned(cast, name)
    responses = answers(sign_in(cast.secretary), path_of(name, pk))
    assert responses
    assert {response.status_code for response in responses} == {403}


@pytest.mark.parametrize("name", sorted((SIGNED_IN | OWNED | STAFF | STAFF_OWNED) - OPEN_WITHOUT_TOTP))
def test_staff_without_the_second_factor_are_refused(
    cast: SimpleNamespace, client: Client, name: str
) -> None:
    client.force_login(cast.official)
    responses = [client.get(path_of(name, uuid.uuid4())), client.post(path_of(name, uuid.uuid4()))]
    for response in responses:
        to_set_up = response.status_code == 302 and response["Location"] == reverse("mfa_activate_totp")
        assert to_set_up or (name.startswith("api") and response.status_code == 403)


@pytest.mark.parametrize("name", sorted(ADMIN))
def test_an_official_who_is_no_administrator_is_refused(
    cast: SimpleNamespace, sign_in: SignIn, name: str
) -> None:
    responses = answers(sign_in(cast.official), path_of(name, uuid.uuid4()))
    assert responses
    assert {response.status_code for response in responses} == {403}
