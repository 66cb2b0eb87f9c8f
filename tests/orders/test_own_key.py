"""An organisation's own key: only its managers register it, and only its holder opens what is made for it."""

import csv
import io

import pyrage
import pytest
from django.db import IntegrityError
from django.test import Client
from pyrage import x25519

from orders.deletion import purge
from orders.delivery import files as delivery_files
from orders.delivery import own_keys
from orders.models import OrderFile, OrganisationKey
from portal import shelves, storage
from portal.access import Denied
from portal.models import AuditEvent
from portal.roles import Role
from tests import factories
from tests.orders.deliveries import newest, page_of

ENGLISH = {"accept-language": "en"}


@pytest.fixture
def manager(cast):  # type: ignore[no-untyped-def]
    return factories.user("Maija Vastuuhenkilö", cast.school, Role.MANAGER)


@pytest.fixture
def identity() -> x25519.Identity:
    return x25519.Identity.generate()


def page(cast) -> str:  # type: ignore[no-untyped-def]
    return f"/organisations/{cast.school.pk}/key/"


def give(client: Client, cast, text: object):  # type: ignore[no-untyped-def]
    return client.post(page(cast), {"key": str(text)}, headers=ENGLISH)


def test_a_manager_registers_a_key_and_the_page_shows_its_fingerprint(
    cast, manager, identity, sign_in
) -> None:
    client = sign_in(manager)
    assert give(client, cast, f"  {identity.to_public()} ").status_code == 302
    key = OrganisationKey.objects.get()
    assert (key.recipient, key.added_by) == (str(identity.to_public()), manager)
    assert key.fingerprint in client.get(page(cast)).content.decode()
    assert AuditEvent.objects.filter(event="organisation.own_key_set").count() == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("ssh-ed25519 AAAA", "not an age public key"),
        ("age1" + "q" * 58, "typing error"),
        ("age1short", "not an age public key"),
        ("", "Enter the public key."),
    ],
)
def test_what_is_no_age_key_is_refused_in_words(cast, manager, sign_in, text: str, told: str) -> None:
    response = give(sign_in(manager), cast, text)
    assert told in response.content.decode()
    assert not OrganisationKey.objects.exists()


def test_a_private_key_is_refused_and_never_shown_again(cast, manager, identity, sign_in) -> None:
    response = give(sign_in(manager), cast, identity)
    text = response.content.decode()
    assert "This is the private key." in text
    assert str(identity)[15:40] not in text
    assert 'value="AGE-SECRET' not in text
    assert not OrganisationKey.objects.exists()


def test_the_registrys_own_key_is_refused(cast, manager, sign_in) -> None:
    assert "own key. Send" in give(sign_in(manager), cast, storage.delivery_key().recipient).content.decode()


def test_a_key_is_replaced_and_removed_and_stays_on_record(cast, manager, identity, sign_in) -> None:
    client, other = sign_in(manager), x25519.Identity.generate()
    give(client, cast, identity.to_public())
    give(client, cast, other.to_public())
    first = OrganisationKey.objects.get(recipient=str(identity.to_public()))
    assert (first.removed_by, own_keys.in_use(cast.school).recipient) == (manager, str(other.to_public()))
    client.post(f"{page(cast)}remove/")
    assert own_keys.in_use(cast.school) is None
    assert OrganisationKey.objects.count() == 2


def test_an_organisation_has_one_key_in_use(cast, manager) -> None:
    for last in (False, True):
        key = OrganisationKey(organisation=cast.school, recipient="age1", added_by=manager)
        if last:
            with pytest.raises(IntegrityError):
                key.save()
        else:
            key.save()


def test_who_does_not_manage_the_organisation_reads_and_changes_nothing(
    cast, manager, identity, sign_in
) -> None:
    assert sign_in(cast.secretary).get(page(cast)).status_code == 200
    assert give(sign_in(cast.secretary), cast, identity.to_public()).status_code == 403
    assert sign_in(cast.secretary).post(f"{page(cast)}remove/").status_code == 403
    assert give(sign_in(cast.outsider), cast, identity.to_public()).status_code == 404
    assert give(sign_in(cast.official), cast, identity.to_public()).status_code == 403
    assert not OrganisationKey.objects.exists()


def delivered(cast, manager, identity):  # type: ignore[no-untyped-def]
    own_keys.register(cast.school, by=manager, text=str(identity.to_public()))
    return factories.delivered_order(cast.secretary, cast.official)


def test_the_delivery_is_for_the_key_alone_and_comes_as_it_lies(
    cast, manager, identity, store, sign_in
) -> None:
    order = delivered(cast, manager, identity)
    client = sign_in(cast.secretary)
    response = client.get(page_of(order))
    sealed = response.getvalue()
    assert response["Content-Disposition"].endswith('.csv.age"')
    assert int(response["Content-Length"]) == len(sealed)
    rows = list(csv.DictReader(io.StringIO(pyrage.decrypt(sealed, [identity]).decode())))
    assert rows[0]["vtj_street"] == "Uusikatu 7 B 12"
    with pytest.raises(pyrage.DecryptError):
        list(storage.decrypted_blocks(newest(order).files.get(kind="csv").name, storage.delivery_key()))
    with pytest.raises(pyrage.DecryptError):
        list(storage.decrypted_blocks(newest(order).files.get(kind="csv").name, storage.upload_key()))
    middle = client.get(page_of(order), headers={"range": "bytes=50-99"})
    assert (middle.status_code, middle.getvalue()) == (206, sealed[50:100])


def test_the_page_says_for_which_key_and_the_report_can_be_read(
    cast, manager, identity, store, sign_in
) -> None:
    order = delivered(cast, manager, identity)
    client = sign_in(cast.secretary)
    assert OrganisationKey.objects.get().fingerprint in client.get(f"/orders/{order.pk}/").content.decode()
    assert client.get(f"/orders/{order.pk}/report/").status_code == 200
    assert client.get(page_of(order, "report")).getvalue().startswith(b"%PDF")


def test_a_key_changed_while_the_delivery_is_made_delivers_nothing_for_the_old_one(
    cast, manager, identity, store, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = factories.ready_order(cast.secretary)
    own_keys.register(cast.school, by=manager, text=str(identity.to_public()))
    store_whole = delivery_files.keep

    def keep_and_remove(*args, **kwargs):  # type: ignore[no-untyped-def]
        own_keys.remove(cast.school, by=manager)
        return store_whole(*args, **kwargs)

    monkeypatch.setattr(delivery_files, "keep", keep_and_remove)
    factories.release(order, cast.official)
    assert order.status == "released"
    assert not OrderFile.objects.filter(kind="csv").exists()


def test_a_change_of_the_portals_keys_leaves_such_files_alone_and_the_purge_takes_them(
    cast, manager, identity, store, settings
) -> None:
    order = delivered(cast, manager, identity)
    new = x25519.Identity.generate()
    settings.DELIVERY_IDENTITIES = [str(new), *settings.DELIVERY_IDENTITIES]
    settings.DELIVERY_RECIPIENT = str(new.to_public())
    sealed = [shelf for shelf in shelves.SHELVES if shelf.title == "deliveries for customers' own keys"]
    assert [shelf.key().identities for shelf in sealed] == [()]
    (own,) = [shelf for shelf in shelves.SHELVES if shelf.title == "deliveries"]
    assert shelves.rotate(own) == 3  # the report, and what the check of the material made
    order.deliveries.update(expires_on="2026-01-01")
    purge.queue_due()
    factories.run_jobs()
    assert not order.files.filter(purged_at=None).exists()


def test_a_key_is_checked_whoever_hands_it_in(cast, manager) -> None:
    with pytest.raises(Denied):
        own_keys.register(cast.school, by=manager, text="age1nokey")
