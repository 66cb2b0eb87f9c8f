"""Attachments: taken, checked by the worker, shown to who may read, refused in words."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from permits import workflow
from permits.applying import attachments, office_files
from permits.models import Application, Attachment
from portal.events import Event
from portal.models import AuditEvent
from tests import factories, permit_factories

ODT_PARTS = ("mimetype", "content.xml", "META-INF/manifest.xml")
DOCX_PARTS = ("[Content_Types].xml", "word/document.xml")
VBA_TYPE = '<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vba&#80;roject"/>'
RELATIONS = "word/_rels/document.xml.rels"
VBA = '<Relationship Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/>'
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def page_of(application) -> str:
    return reverse("permits:attachments", args=[application.pk])


def file_of(attachment: Attachment) -> str:
    return reverse("permits:attachment", args=[attachment.application_id, attachment.pk])


def packed(*names: str, **contents: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, contents.get(name, "x"))
    return buffer.getvalue()


def attached(application: Application, by, content: bytes = PDF, name: str = "sopimus.pdf") -> Attachment:
    upload = factories.upload(content, name)
    made = workflow.add_attachment(application, by=by, upload=upload, description="Sopimus")
    factories.run_jobs()
    made.refresh_from_db()
    return made


def test_a_file_is_added_and_checked(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    data = {"description": "Sopimus", "attachment": SimpleUploadedFile("sopimus.pdf", PDF)}
    assert client.post(page_of(application), data)["Location"] == page_of(application)
    attachment = application.attachments.get()
    assert attachment.state == Attachment.State.RECEIVED
    factories.run_jobs()
    attachment.refresh_from_db()
    assert (attachment.state, attachment.media_type) == (Attachment.State.READY, "application/pdf")
    assert b"".join(client.get(file_of(attachment)).streaming_content) == PDF


def test_the_download_is_never_opened_as_a_page_and_is_audited(cast, sign_in) -> None:
    attachment = attached(permit_factories.application(cast.secretary), cast.secretary)
    response = sign_in(cast.secretary).get(file_of(attachment))
    assert response["Content-Disposition"] == 'attachment; filename="sopimus.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert AuditEvent.objects.filter(event=Event.ATTACHMENT_READ, actor=cast.secretary.pk).exists()


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (packed("[Content_Types].xml", "word/document.xml"), office_files.DOCX),
        (packed("[Content_Types].xml", "xl/workbook.xml"), office_files.XLSX),
        (packed(*ODT_PARTS, mimetype=office_files.ODT), office_files.ODT),
        ("Selvitys käsittelystä\r\n".encode(), "text/plain"),
    ],
)
def test_the_type_is_told_from_the_content(cast, content: bytes, media_type: str) -> None:
    attachment = attached(permit_factories.application(cast.secretary), cast.secretary, content, "liite.pdf")
    assert attachment.media_type == media_type
    assert attachments.file_name(attachment) == f"liite.{attachments.ENDINGS[media_type]}"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"MZ\x90\0program", "type"),
        (packed("readme.txt"), "type"),
        (b"PK\x03\x04broken", "type"),
        (packed(*ODT_PARTS, mimetype="application/pdf"), "type"),
        (packed("mimetype", mimetype="text/plain"), "type"),
        (packed("mimetype", mimetype=office_files.ODT), "type"),
        (packed(*ODT_PARTS, "Scripts/python/x.py", mimetype=office_files.ODT), "macros"),
        (packed(*ODT_PARTS, "BASIC/Standard/x.xml", mimetype=office_files.ODT), "macros"),
        (packed(*DOCX_PARTS, "word/vbaProject.bin"), "macros"),
        (packed(*DOCX_PARTS, "word/x.bin", **{"[Content_Types].xml": VBA_TYPE}), "macros"),
        (packed(*DOCX_PARTS, RELATIONS, **{RELATIONS: VBA}), "macros"),
        (packed(*DOCX_PARTS, **{"[Content_Types].xml": " " * (9 << 20)}), "type"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(cast, sign_in, content: bytes, reason: str) -> None:
    application = permit_factories.application(cast.secretary)
    attachment = attached(application, cast.secretary, content)
    assert (attachment.state, attachment.reason) == (Attachment.State.REFUSED, reason)
    client = sign_in(cast.secretary)
    assert str(attachments.REASONS[reason]) in client.get(page_of(application)).content.decode()
    assert client.get(file_of(attachment)).status_code == 404


def test_what_a_refused_file_held_is_not_kept(cast, files_folder, django_capture_on_commit_callbacks) -> None:
    application = permit_factories.application(cast.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        attached(application, cast.secretary, b"MZ\0")
    assert [path for path in files_folder.rglob("*") if path.is_file()] == []


def test_a_checked_file_is_kept_once(cast, files_folder, django_capture_on_commit_callbacks) -> None:
    application = permit_factories.application(cast.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        attachment = attached(application, cast.secretary)
    kept = [path for path in files_folder.rglob("*") if path.is_file()]
    assert [str(path.relative_to(files_folder)) for path in kept] == [attachment.name]


def test_too_large_a_file_is_told(cast, sign_in, monkeypatch) -> None:
    monkeypatch.setattr("portal.uploads.ATTACHMENT_MAX_BYTES", 10)
    application = permit_factories.application(cast.secretary)
    data = {"description": "Sopimus", "attachment": SimpleUploadedFile("sopimus.pdf", PDF)}
    page = sign_in(cast.secretary).post(page_of(application), data)
    assert "20" in page.context["form"].errors["attachment"][0]
    assert application.attachments.count() == 0


def test_it_is_removed_with_its_file(cast, sign_in, files_folder, django_capture_on_commit_callbacks) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        attachment = attached(application, cast.secretary)
        client.post(reverse("permits:remove_attachment", args=[application.pk, attachment.pk]))
    assert [path for path in files_folder.rglob("*") if path.is_file()] == []
    assert client.get(file_of(attachment)).status_code == 404


def test_an_official_reads_what_was_submitted(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    attachment = attached(application, cast.secretary)
    workflow.submit(application, by=cast.secretary, committed_by="Sari")
    assert sign_in(cast.official).get(file_of(attachment)).status_code == 200


def test_another_applications_file_is_not_found_through_the_own(cast, sign_in) -> None:
    theirs = attached(permit_factories.application(cast.outsider), cast.outsider)
    own = permit_factories.application(cast.secretary)
    address = reverse("permits:attachment", args=[own.pk, theirs.pk])
    assert sign_in(cast.secretary).get(address).status_code == 404


def test_a_check_that_fails_for_good_tells_so(cast) -> None:
    application = permit_factories.application(cast.secretary)
    upload = factories.upload(PDF, "sopimus.pdf")
    made = workflow.add_attachment(application, by=cast.secretary, upload=upload, description="Sopimus")
    attachments.give_up(str(made.pk))
    made.refresh_from_db()
    assert (made.state, made.reason) == (Attachment.State.REFUSED, "check_failed")


def test_an_official_does_not_fetch_what_has_not_been_submitted(cast, sign_in) -> None:
    case = permit_factories.asked_application(cast.secretary, cast.official)
    attachment = attached(case, cast.secretary)
    assert sign_in(cast.official).get(file_of(attachment)).status_code == 404
    permit_factories.answer(case, cast.secretary)
    assert sign_in(cast.colleague).get(file_of(attachment)).status_code == 200
