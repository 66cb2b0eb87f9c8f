"""Keys of files at rest are changed: `manage.py rotate_keys`."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from pyrage import x25519

from orders.models import Order, OrderFile
from permits import workflow
from permits.models import Application, Attachment, Document
from portal import outbox, shelves, storage
from portal.models import AuditEvent, Job
from tests import factories, permit_factories


@pytest.fixture
def new_keys(settings) -> SimpleNamespace:  # type: ignore[no-untyped-def]
    """Puts new keys first, the old ones still there to read with."""

    def change(*names: str) -> None:
        for name in names:
            identity = x25519.Identity.generate()
            setattr(settings, f"{name}_RECIPIENT", str(identity.to_public()))
            old = getattr(settings, f"{name}_IDENTITIES")
            setattr(settings, f"{name}_IDENTITIES", [str(identity), *old])

    return SimpleNamespace(change=change)


def at_rest(order: Order) -> dict[str, OrderFile]:
    return {file.kind: file for file in order.files.filter(purged_at=None)}  # type: ignore[attr-defined]


def test_files_are_written_for_the_new_keys_and_readable_without_the_old(  # type: ignore[no-untyped-def]
    cast: SimpleNamespace, store, settings, new_keys
) -> None:
    order = factories.delivered_order(cast.secretary, cast.official)
    before = at_rest(order)
    new_keys.change("UPLOAD", "DELIVERY")
    call_command("rotate_keys")
    settings.UPLOAD_IDENTITIES = settings.UPLOAD_IDENTITIES[:1]
    settings.DELIVERY_IDENTITIES = settings.DELIVERY_IDENTITIES[:1]
    after = at_rest(order)
    read_by_web = {"csv", "xlsx", "report", "sample", "check_report"}
    assert after.keys() == before.keys() == {"material", "links"} | read_by_web
    for kind, file in after.items():
        key = storage.delivery_key() if kind in read_by_web else storage.upload_key()
        assert file.key_id == key.id
        assert len(b"".join(storage.decrypted_blocks(file.name, key))) == before[kind].size == file.size


def test_the_old_copies_are_gone_and_each_rotation_is_audited(  # type: ignore[no-untyped-def]
    cast: SimpleNamespace, new_keys, files_folder: Path
) -> None:
    order = factories.checked_order(cast.secretary)
    new_keys.change("UPLOAD")
    call_command("rotate_keys")
    names = {path.relative_to(files_folder).as_posix() for path in files_folder.rglob("*.age")}
    assert names == {file.name for file in at_rest(order).values()}
    assert AuditEvent.objects.filter(event="keys.rotated", object_id=str(order.pk)).count() == 1


def test_a_second_run_changes_nothing(cast: SimpleNamespace, new_keys) -> None:  # type: ignore[no-untyped-def]
    order = factories.checked_order(cast.secretary)
    new_keys.change("UPLOAD")
    call_command("rotate_keys")
    names = {file.name for file in at_rest(order).values()}
    call_command("rotate_keys")
    assert {file.name for file in at_rest(order).values()} == names


def test_a_process_without_the_private_key_leaves_the_files_alone(  # type: ignore[no-untyped-def]
    cast: SimpleNamespace, settings, new_keys, capsys
) -> None:
    order = factories.checked_order(cast.secretary)
    names = {file.name for file in at_rest(order).values()}
    new_keys.change("UPLOAD")
    settings.UPLOAD_IDENTITIES = []
    call_command("rotate_keys")
    assert {file.name for file in at_rest(order).values()} == names
    assert "uploads: no private key here" in capsys.readouterr().out


def test_attachments_and_documents_are_rotated_too(cast: SimpleNamespace, new_keys) -> None:  # type: ignore[no-untyped-def]
    case = permit_factories.application(cast.secretary)
    kept, removed = (_attached(case, cast) for _ in range(2))
    workflow.remove_attachment(case, by=cast.secretary, attachment=removed)
    workflow.submit(permit_factories.fill(case, cast.secretary), by=cast.secretary, committed_by="Reetta")
    factories.run_jobs()
    new_keys.change("UPLOAD", "DELIVERY")
    call_command("rotate_keys")
    document = Document.objects.get(submission__application=case)
    kept.refresh_from_db()
    for row in (kept, document):
        assert row.key_id == storage.delivery_key().id
        assert len(b"".join(storage.decrypted_blocks(row.name, storage.delivery_key()))) == row.size


def test_what_an_attachment_or_a_document_names_is_not_swept_away(  # type: ignore[no-untyped-def]
    cast: SimpleNamespace, files_folder: Path
) -> None:
    document = permit_factories.document(cast.secretary)
    attachment = _attached(permit_factories.application(cast.secretary), cast)
    for path in files_folder.rglob("*.age"):
        os.utime(path, (0, 0))
    shelves.remove_unnamed()
    names = {path.relative_to(files_folder).as_posix() for path in files_folder.rglob("*.age")}
    assert names == {document.name, attachment.name}


def _attached(case: Application, cast: SimpleNamespace) -> Attachment:
    upload = factories.upload(b"%PDF-1.7\n%%EOF\n", "liite.pdf")
    made = workflow.add_attachment(case, by=cast.secretary, upload=upload, description="")
    factories.run_jobs()
    made.refresh_from_db()
    return made


def test_the_pieces_of_an_order_that_is_being_matched_are_written_anew(  # type: ignore[no-untyped-def]
    cast: SimpleNamespace, store, settings, new_keys
) -> None:
    settings.MATCH_CHUNK_ROWS = 1
    order = factories.placed_order(cast.secretary)
    for task in ("orders.match", "orders.match_chunk"):
        outbox.run(Job.objects.filter(task=task).earliest("pk").pk)
    new_keys.change("UPLOAD")
    call_command("rotate_keys")
    settings.UPLOAD_IDENTITIES = settings.UPLOAD_IDENTITIES[:1]
    factories.run_jobs()
    order.refresh_from_db()
    assert order.status == "ready"
