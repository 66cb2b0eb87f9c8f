"""The customer corrects how the file is read, and sees what is understood."""

import json

import pytest
from django.urls import reverse

from orders import states, workflow
from orders.check import mapping_workflow, mappings, samples
from orders.models import Material, Order, OrderFile, SavedMapping
from portal import storage
from portal.models import AuditEvent, Job
from tests import factories

ENGLISH = {"accept-language": "en"}
ODD = """Avain;Kuka;Milloin;Missä
010594Y9032;Esimerkki;1.5.1994;Vanhatie 1
020594X903P;Malli;2.5.1994;Vanhatie 2
"""


def page_of(order: Order, page: str = "mapping") -> str:
    return reverse(f"orders:{page}", args=[order.pk])


def posted(order: Order, *fields: str, **others: str) -> dict[str, str]:
    """What the form sends: the field of each column in order."""
    seen = str(Material.objects.get(order=order).sample_id)
    columns = {f"column_{place}": field for place, field in enumerate(fields)}
    return {"seen": seen, "header": "yes", "delimiter": "", "encoding": "", **columns, **others}


def read_again(client, order: Order, *fields: str, **others: str):  # type: ignore[no-untyped-def]
    response = client.post(page_of(order), posted(order, *fields, **others), headers=ENGLISH)
    factories.run_jobs()
    return response


@pytest.fixture
def odd(cast) -> Order:
    return factories.checked_order(cast.secretary, ODD)


def test_a_file_whose_headers_say_nothing_is_shown_to_be_mapped(odd, cast, sign_in) -> None:
    assert odd.material.state == "refused"
    response = sign_in(cast.secretary).get(page_of(odd), headers=ENGLISH)
    shown = [(column.header, column.cells[0]) for column in response.context["form"].columns]
    assert shown[:2] == [("Avain", "010594Y9032"), ("Kuka", "Esimerkki")]
    assert "as detected: semicolon" in response.content.decode()


def test_columns_mapped_by_hand_are_understood(odd, cast, sign_in) -> None:
    client = sign_in(cast.secretary)
    response = read_again(client, odd, "hetu", "surname", "birth_date", "street")
    assert response["Location"] == page_of(odd, "check")
    material = Material.objects.get()
    assert (material.state, material.origin, material.mapped_by) == ("checked", "customer", cast.secretary)
    page = client.get(page_of(odd, "check"), headers=ENGLISH)
    assert ("Avain", "personal identity code") in page.context["recognised"]
    assert page.context["code_bars"]
    assert AuditEvent.objects.get(event="material.mapped").details["columns"] == 4


def test_the_mapping_goes_the_whole_way_to_the_delivery(cast, store, odd, sign_in) -> None:
    read_again(sign_in(cast.secretary), odd, "hetu", "surname", "", "")
    workflow.place(odd, by=cast.secretary, accepted_by="Sari", attested=factories.ATTESTED)
    factories.run_jobs()
    odd.refresh_from_db()
    factories.release(odd, cast.official)
    assert [row["vtj_result"] for row in factories.delivered_rows(odd)] == ["match_id", "match_id"]


def test_a_large_order_is_cut_by_its_mapping(cast, store, odd, sign_in, settings) -> None:
    settings.MATCH_CHUNK_ROWS = 1
    read_again(sign_in(cast.secretary), odd, "hetu", "surname", "", "")
    workflow.place(odd, by=cast.secretary, accepted_by="Sari", attested=factories.ATTESTED)
    factories.run_jobs()
    odd.refresh_from_db()
    assert (odd.status, odd.results) == (states.READY, {"match_id": 2})


def test_two_columns_read_as_one_field_are_refused_in_words(odd, cast, sign_in) -> None:
    response = read_again(sign_in(cast.secretary), odd, "hetu", "surname", "surname", "")
    (error,) = response.context["form"].errors["column_2"]
    assert "“surname” is already read from the column “Kuka”" in error
    assert Material.objects.get().mapping == {}


@pytest.mark.parametrize(
    ("fields", "others", "name"),
    [
        (["", "", "", ""], {}, "__all__"),
        (["hetu", "password", "", ""], {}, "column_1"),
        (["hetu", "", "", ""], {"delimiter": "x"}, "delimiter"),
        (["hetu", "", "", ""], {"encoding": "rot13"}, "encoding"),
        (["hetu", "", "", ""], {"header": "maybe"}, "header"),
        (["hetu", "", "", ""], {"save": "on", "save_as": " "}, "save_as"),
        (["hetu", "", "", ""], {"seen": "another"}, "__all__"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_read_again(
    odd, cast, sign_in, fields: list[str], others: dict[str, str], name: str
) -> None:
    response = read_again(sign_in(cast.secretary), odd, *fields, **others)
    assert response.status_code == 200
    assert name in response.context["form"].errors
    assert Material.objects.get().state == "refused"


def test_an_encoding_that_the_file_is_not_in_is_told_as_such(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, ODD)
    read_again(sign_in(cast.secretary), order, encoding="utf-16", delimiter=";")
    material = Material.objects.get()
    assert (material.state, [one["code"] for one in material.problems]) == ("refused", ["wrong_encoding"])


def test_a_file_sent_anew_is_not_read_in_a_wrong_encoding_chosen_before(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, ODD)
    read_again(sign_in(cast.secretary), order, encoding="utf-16", delimiter=";")
    workflow.send_material(order, by=cast.secretary, upload=factories.upload(ODD.replace("Malli", "Muu")))
    factories.run_jobs()
    material = Material.objects.latest("received_at")
    assert (material.origin, [one["code"] for one in material.problems]) == ("detected", ["no_known_column"])


def test_a_damaged_workbook_is_not_said_to_be_read_in_a_wrong_way(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, b"PK\x03\x04" + b"0" * 500)
    page = sign_in(cast.secretary).get(page_of(order, "check"), headers=ENGLISH)
    assert page.context["problems"]
    assert not page.context["can_map"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 100, b"hetu;nimi\n010594Y9032;a\x00b\n"])
def test_a_file_that_no_reading_would_mend_is_sent_anew(cast, sign_in, content: bytes) -> None:
    order = factories.checked_order(cast.secretary, content)
    page = sign_in(cast.secretary).get(page_of(order, "check"))
    assert page.context["problems"]
    assert page_of(order) not in page.content.decode()
    assert f'class="button button-primary" href="{page_of(order, "upload")}"' in page.content.decode()


def test_nothing_is_kept_for_the_organisation_unless_one_says_so(odd, cast, sign_in) -> None:
    form = sign_in(cast.secretary).get(page_of(odd)).context["form"]
    assert not form["save"].value()
    assert form["save_as"].value() == odd.register_name


def test_another_delimiter_makes_other_columns(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, "hetu|x,sukunimi|y\n010594Y9032,Esi|z\n")
    client = sign_in(cast.secretary)
    read_again(client, order, delimiter=",")
    sample = samples.sample(Material.objects.get())
    assert sample is not None
    assert sample["names"] == ["hetu|x", "sukunimi|y"]
    read_again(client, order, "hetu", "surname", delimiter=",")
    assert Material.objects.get().report["recognised"] == {"hetu|x": "hetu", "sukunimi|y": "surname"}


def test_a_file_without_headers_is_known_for_one_and_its_first_row_counts(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, "010594Y9032;Esimerkki\n020594X903P;Malli\n")
    client = sign_in(cast.secretary)
    form = client.get(page_of(order)).context["form"]
    assert form["header"].value() == "no"
    assert [column.cells[0] for column in form.columns] == ["010594Y9032", "Esimerkki"]
    read_again(client, order, "hetu", "surname", header="no")
    material = Material.objects.get()
    assert (material.rows, material.mapping["reading"]) == (2, {"header": False})


def test_a_person_is_no_header_and_is_not_stored_as_one(cast, sign_in) -> None:
    order = factories.checked_order(cast.secretary, "010594Y9032;Esimerkki\n020594X903P;Malli\n")
    client = sign_in(cast.secretary)
    read_again(client, order, "hetu", "surname", header="yes")  # other columns: recognised anew
    response = read_again(client, order, "hetu", "surname", header="yes")
    assert "identity code" in str(response.context["form"].errors["__all__"])
    assert "010594Y" not in json.dumps(list(Material.objects.values("mapping", "report", "problems")))


def test_the_sheet_is_chosen_where_there_are_several(cast, sign_in) -> None:
    from io import BytesIO

    from openpyxl import Workbook

    book, target = Workbook(), BytesIO()
    book.active.append(["Henkilötunnus"])
    book.active.append(["010594Y9032"])
    other = book.create_sheet("Toiset")
    other.append(["Henkilötunnus", "Sukunimi"])
    other.append(["020594X903P", "Malli"])
    other.append(["010594Y9032", "Esi"])
    book.save(target)
    order = factories.checked_order(cast.secretary, target.getvalue())
    assert Material.objects.get().rows == 2
    client = sign_in(cast.secretary)
    assert "Toiset" in client.get(page_of(order)).content.decode()
    told = client.get(page_of(order, "check"), headers=ENGLISH).content.decode()
    assert "Toiset (the workbook has 1 other sheet, which was not read)" in told
    read_again(client, order, sheet="Sheet")
    material = Material.objects.get()
    assert (material.rows, material.mapping) == (1, {"reading": {"sheet": "Sheet"}})


def test_the_sample_is_encrypted_for_the_delivery_key_and_goes_with_the_material(odd, cast) -> None:
    file = odd.files.get(kind="sample")
    with storage.default_storage.open(file.name) as stored:
        assert stored.read(21) == b"age-encryption.org/v1"
    assert file.key_id == storage.delivery_key().id
    workflow.cancel(odd, by=cast.secretary)
    factories.run_jobs()
    assert not OrderFile.objects.filter(purged_at=None).exists()


def test_an_earlier_sample_goes_when_the_file_is_read_again(odd, cast, sign_in) -> None:
    read_again(sign_in(cast.secretary), odd, "hetu", "surname", "", "")
    kept = set(odd.files.filter(purged_at=None).values_list("kind", flat=True))
    assert kept == {"material", "sample"} | ({"check_report"} if odd.material.findings else set())
    assert odd.files.filter(kind="sample", purged_at=None).count() == 1


@pytest.mark.parametrize("name", ["mapping", "check"])
def test_each_page_that_shows_rows_is_audited_with_their_number_and_no_cell(
    odd, cast, sign_in, name: str
) -> None:
    assert "Esimerkki" in sign_in(cast.colleague).get(page_of(odd, name)).content.decode()
    event = AuditEvent.objects.get(event="material.sample_read")
    assert (event.actor, event.object_id) == (str(cast.colleague.pk), str(odd.pk))
    assert event.details == {"file": str(odd.material.sample_id), "rows": 2}


def test_an_official_sees_no_sample_and_may_not_map_and_an_outsider_gets_404(odd, cast, sign_in) -> None:
    client = sign_in(cast.official)
    assert client.get(page_of(odd)).status_code == 403
    assert client.post(page_of(odd, "layout")).status_code == 403
    text = client.get(page_of(odd, "check")).content.decode()
    assert "Esimerkki" not in text
    assert not AuditEvent.objects.filter(event="material.sample_read").exists()
    assert sign_in(cast.outsider).get(page_of(odd)).status_code == 404


def test_while_the_file_is_being_read_and_after_placing_nothing_can_be_mapped(cast, sign_in) -> None:
    order = factories.described_order(cast.secretary)
    workflow.send_material(order, by=cast.secretary, upload=factories.upload())
    client = sign_in(cast.secretary)
    assert client.get(page_of(order))["Location"] == page_of(order, "check")
    factories.run_jobs()
    workflow.place(order, by=cast.secretary, accepted_by="Sari", attested=factories.ATTESTED)
    assert client.post(page_of(order), posted(order, "hetu"))["Location"] == page_of(order, "check")
    assert Job.objects.filter(task="orders.check").count() == 1


@pytest.mark.parametrize(
    "mapping",
    [
        {"columns": {"A": "password"}},
        {"columns": {"A": "hetu", "B": "hetu"}},
        {"columns": ["hetu"]},
        {"columns": {"": "hetu"}},
        {"reading": {"delimiter": "\x00"}},
        {"reading": {"header": 1}},
        {"reading": {"path": "/etc/passwd"}},
        {"fixed_width": [{"name": "a", "start": -1, "length": 2}]},
        {"fixed_width": [{"name": "a", "start": 1, "length": True}]},
        {"fixed_width": [{"name": "a", "start": 1, "length": 2, "sql": "x"}]},
        {"sheet": "x"},
        {"columns": {f"c{number}": None for number in range(501)}},
        [],
    ],
)
def test_a_mapping_of_another_shape_is_never_stored(odd, cast, mapping) -> None:
    with pytest.raises(mappings.NoMapping):
        mapping_workflow.read_again(odd, by=cast.secretary, mapping=mapping)
    assert Material.objects.get().mapping == {}


def test_hostile_headers_and_cells_are_shown_as_text_cut_and_without_unseen_signs(cast, sign_in) -> None:
    headers = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202eabc", "Pitkä"]
    cells = ["010594Y9032", "x", "y", "ä" * 1_000_000]
    content = "\t".join(headers) + "\n" + "\t".join(cells) + "\n"
    order = factories.checked_order(cast.secretary, content.encode())
    response = sign_in(cast.secretary).get(page_of(order))
    text = response.content.decode()
    assert "<script>alert" not in text
    assert "\u202e" not in text
    assert len(text) < 60_000
    assert response.context["form"].columns[3].cells == ["ä" * 59 + "…"]


def test_ten_thousand_columns_are_refused_in_words_and_the_page_still_opens(cast, sign_in) -> None:
    content = ";".join(f"c{number}" for number in range(10_000)) + "\n" + ";" * 9_999 + "\n"
    order = factories.checked_order(cast.secretary, content)
    client = sign_in(cast.secretary)
    assert "500" in client.get(page_of(order, "check")).content.decode()
    assert "cannot be shown" in client.get(page_of(order), headers=ENGLISH).content.decode()
    assert not SavedMapping.objects.exists()
