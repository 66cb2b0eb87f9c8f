"""The pages that anybody may open: in three languages, readable by machines and under a strict policy."""

import re
from datetime import date

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from orders.models import PriceList
from portal import views
from portal.access import Denied

PAGES = ["home", "service", "accessibility", "privacy", "account_login"]
INLINE = re.compile(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)

pytestmark = pytest.mark.django_db


def page(client: Client, name: str, language: str) -> str:
    client.cookies["django_language"] = language
    response = client.get(reverse(name))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_tells_its_language_and_has_one_heading_and_one_title(
    client: Client, name: str, language: str
) -> None:
    html = page(client, name, language)
    assert f'<html lang="{language}">' in html
    assert len(re.findall(r"<h1[\s>]", html)) == 1
    assert re.search(r"<title>\s*\S.* – ", html)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(client: Client, name: str) -> None:
    html = page(client, name, "fi")
    assert not INLINE.search(html)
    assert not re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//', html)


@pytest.mark.parametrize("name", PAGES)
def test_every_id_is_there_once_and_every_label_names_one(client: Client, name: str) -> None:
    html = page(client, name, "fi")
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]*)"', html)) <= set(ids)


def test_the_policy_allows_only_what_the_service_itself_serves(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy


def test_finnish_is_the_language_when_none_is_chosen(client: Client) -> None:
    html = client.get("/").content.decode()
    assert '<html lang="fi">' in html
    assert "Pidä rekisterisi ajan tasalla" in html


def test_a_language_is_chosen_by_a_plain_form(client: Client) -> None:
    response = client.post(reverse("set_language"), {"language": "sv", "next": "/service/"}, follow=True)
    assert '<html lang="sv">' in response.content.decode()
    assert response.request["PATH_INFO"] == "/service/"


def test_the_present_page_is_marked_in_the_navigation(client: Client) -> None:
    html = page(client, "service", "en")
    assert re.search(r'href="/service/" aria-current="page"', html)


def test_the_navigation_follows_the_role(cast, sign_in) -> None:  # type: ignore[no-untyped-def]
    applicant = sign_in(cast.secretary).get("/").content.decode()
    assert 'href="/orders/"' in applicant
    assert 'href="/staff/deadlines/"' not in applicant
    official = sign_in(cast.official).get("/").content.decode()
    assert 'href="/staff/deadlines/"' in official
    assert 'href="/orders/"' in official


def test_the_service_page_tells_the_prices_in_force_and_the_limit(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPLOAD_MAX_BYTES = 7 * 1024 * 1024
    PriceList.objects.all().delete()
    PriceList.objects.create(
        valid_from=date(2026, 1, 1), base_cents=10_000, per_thousand_cents=1_050, free_kinds=["state"]
    )
    html = page(client, "service", "en")
    assert "7\N{NO-BREAK SPACE}MB" in html
    assert "€100.00 for an order, and €10.50" in html
    assert "State authority or court" in html


def test_the_service_page_demands_no_identity_codes_and_tells_every_form_of_file(client: Client) -> None:
    html = page(client, "service", "fi")
    assert "Rekisteri, jossa ei ole tunnuksia" in html
    assert "CSV, XLSX, TXT, Parquet tai ZIP." in html
    assert "Työkirja tai ZIP-tiedosto enintään 512\N{NO-BREAK SPACE}Mt." in html
    assert "Tarvittava sarake" not in html


def test_the_service_page_stands_without_a_price_list(client: Client) -> None:
    PriceList.objects.all().delete()
    assert "Ask us for the price list" in page(client, "service", "en")


def test_an_unknown_address_gets_404_with_the_way_back(client: Client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Sivua ei löytynyt" in response.content.decode()


def test_a_refusal_shows_its_reason(rf: RequestFactory) -> None:
    request = rf.get("/orders/")
    refused = views.forbidden(request, Denied("The permit has ended."))
    assert refused.status_code == 403
    assert "The permit has ended." in refused.content.decode()


def test_another_refusal_keeps_its_text_to_itself(rf: RequestFactory) -> None:
    refused = views.forbidden(rf.get("/orders/"), PermissionError("row 12 of table x"))
    assert "table x" not in refused.content.decode()


def test_a_form_without_its_token_explains_itself(settings) -> None:  # type: ignore[no-untyped-def]
    response = Client(enforce_csrf_checks=True).post("/accounts/login/?next=/orders/", {})
    assert response.status_code == 403
    assert 'href="/accounts/login/?next=/orders/"' in response.content.decode()


def test_a_fault_is_told_without_the_database(rf: RequestFactory, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    with django_assert_num_queries(0):
        response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Jokin meni vikaan" in response.content.decode()
