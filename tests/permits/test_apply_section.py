"""A section's page: everything typed is stored, what is missing is told, conditions hold without a script."""

from django.urls import reverse

from portal.roles import Role
from tests import factories, permit_factories
from tests.permits.answers import COMPLETE

REGISTER = {"register_name": "Opiskelijat", "controller": "Koulu", "purpose": "Todistukset"}


def page_of(application, section: str = "register") -> str:
    return reverse("permits:section", args=[application.pk, section])


def answers_of(application) -> dict:
    application.refresh_from_db()
    return application.answers


def test_what_is_typed_is_stored_and_the_next_section_follows(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(application), REGISTER | {"act": "on"})
    assert response["Location"] == page_of(application, "legal")
    assert answers_of(application).items() >= REGISTER.items()


def test_an_incomplete_section_is_stored_and_told(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    response = client.post(page_of(application), {"register_name": "Opiskelijat", "act": "on"})
    assert response["Location"] == f"{page_of(application)}?check=1"
    assert answers_of(application)["register_name"] == "Opiskelijat"
    page = client.get(response["Location"])
    assert set(page.context["form"].errors) == {"controller", "purpose"}
    assert 'href="#id_purpose"' in page.content.decode()


def test_the_page_has_words_for_a_session_that_ends_while_one_types(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    page = sign_in(cast.secretary).get(page_of(application)).content.decode()
    assert 'data-ended="Ei tallennettu: istuntosi on päättynyt.' in page


def test_one_may_go_on_and_complete_it_later(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(application), {"act": "later"})
    assert response["Location"] == page_of(application, "legal")


def test_saving_to_come_back_leads_to_the_sections(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    response = sign_in(cast.secretary).post(page_of(application), {"act": "back"})
    assert response["Location"] == reverse("permits:form", args=[application.pk])


def test_a_number_that_is_none_stays_as_it_was_typed(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    response = client.post(page_of(application, "material"), {"register_size": "noin tuhat", "act": "on"})
    page = client.get(response["Location"])
    assert 'value="noin tuhat"' in page.content.decode()
    assert "register_size" in page.context["form"].errors


def test_what_an_answer_asks_for_is_told_after_saving(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    client = sign_in(cast.secretary)
    answers = {name: COMPLETE[name] for name in ("frequency", "how_often", "valid_until_kind")}
    response = client.post(page_of(application, "repeat"), answers | {"valid_until_kind": "date"})
    assert set(client.get(response["Location"]).context["form"].errors) == {"valid_until"}


def test_without_a_script_every_question_stands_with_its_condition(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    page = client.get(page_of(application, "protection"), headers={"Accept-Language": "en"}).content.decode()
    assert 'name="processors"' in page
    assert 'data-when="has_processors=yes"' in page
    assert "only-if" in page


def test_a_package_fills_the_own_choice_and_keeps_what_was_typed(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    typed = {"subjects": ["person"], "reasons_common": "Posti perille", "choose": "A"}
    page = sign_in(cast.secretary).post(page_of(application, "data"), typed).content.decode()
    assert "Posti perille" in page
    assert page.count("checked") == 1 + 1 + 7  # persons, own choice, the package's fields


def test_each_wanted_field_may_have_a_reason_of_its_own(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    client = sign_in(cast.secretary)
    answers = {name: COMPLETE[name] for name in ("subjects", "package", "protected_needed")}
    typed = answers | {"reason_person_street": "Kirjeitä varten", "reasons_common": "Muuten"}
    client.post(page_of(application, "data"), typed)
    assert answers_of(application)["reasons"] == {"person:street": "Kirjeitä varten"}
    client.post(page_of(application, "data"), answers | {"reason_person_street": ""})
    assert answers_of(application)["reasons"] == {}


def test_text_typed_when_the_session_had_ended_is_there_after_signing_in(cast, client, sign_in) -> None:
    factories.session_ended(client, cast.secretary)
    application = permit_factories.application(cast.secretary)
    long = "Pitkä teksti. " * 250
    client.post(page_of(application), REGISTER | {"purpose": long})
    page = sign_in(cast.secretary).get(page_of(application))
    assert page.context["kept"]
    assert long.strip() in page.content.decode()
    assert "purpose" not in answers_of(application)


def test_a_section_that_is_none_is_not_found(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    assert sign_in(cast.secretary).get(page_of(application, "nonsense")).status_code == 404


def test_the_task_list_tells_how_far_each_section_is(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    client = sign_in(cast.secretary)
    client.post(page_of(application), REGISTER)
    client.post(page_of(application, "legal"), {"law": "Laki"})
    tasks = client.get(reverse("permits:form", args=[application.pk])).context["tasks"]
    assert [task.tone for task in tasks[:3]] == ["success", "info", "neutral"]


def test_a_reader_of_the_organisation_cannot_fill_in(cast, sign_in) -> None:
    application = permit_factories.application(cast.secretary)
    manager = factories.user("Maija Manageri", cast.school, Role.MANAGER)
    assert sign_in(manager).post(page_of(application), REGISTER).status_code == 403
    assert "register_name" not in answers_of(application)


def test_a_last_day_in_the_past_is_told_in_the_section_and_hinders_the_submission(cast, sign_in) -> None:
    application = permit_factories.filled_application(cast.secretary)
    client = sign_in(cast.secretary)
    answers = {name: COMPLETE[name] for name in ("frequency", "how_often")}
    typed = answers | {"valid_until_kind": "date", "valid_until": "2020-01-31"}
    response = client.post(page_of(application, "repeat"), typed)
    assert set(client.get(response["Location"]).context["form"].errors) == {"valid_until"}
    for name in ("check", "submit"):
        page = client.get(reverse(f"permits:{name}", args=[application.pk]))
        assert [one["href"].endswith("#id_valid_until") for one in page.context["missing"]] == [True]
    assert page.context["reason"]
