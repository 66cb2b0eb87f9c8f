"""The demo's cases: applications of a made-up municipality, one at each stage, by the real verbs."""

import uuid
from datetime import date, timedelta
from typing import Any

from permits import granting, handling, workflow
from permits.form import form_spec
from permits.models import Application, Permit
from portal.access import organisations_of
from portal.calendar import due_day
from portal.models import User

ANSWERS: dict[str, Any] = {
    "register_name": "Vesihuoltolaitoksen asiakasrekisteri",
    "controller": "Metsälän kunta",
    "purpose": "Vesilaskujen ja häiriötiedotteiden lähettäminen asiakkaille oikeaan osoitteeseen.",
    "law": "Vesihuoltolaki (119/2001)",
    "law_section": "20 a §",
    "legal_account": "Kunnan vesihuoltolaitos laskuttaa asiakkaitaan ja tiedottaa heille häiriöistä.",
    "subjects": ["person"],
    "package": "A",
    "reasons_common": "Ilman ajantasaista nimeä ja osoitetta lasku menee väärälle henkilölle.",
    "protected_needed": "no",
    "register_size": 8400,
    "register_source": "Asiakkailta itseltään liittymissopimusta tehtäessä.",
    "identifiers": ["hetu", "name_birth_date"],
    "frequency": "repeated",
    "how_often": "yearly",
    "valid_until_kind": "until_further",
    "processing_who": "Laskutuksen kolme toimistosihteeriä.",
    "processing_where": "Kunnan asiakastietojärjestelmässä kunnan konesalissa.",
    "access_control": "Henkilökohtaiset tunnukset ja kaksivaiheinen tunnistautuminen.",
    "logs": "Katselut ja muutokset kirjataan; lokit säilytetään viisi vuotta.",
    "retention": "Kymmenen vuotta asiakkuuden päättymisestä.",
    "disposal": "Tietueet poistetaan järjestelmästä vuosittain, siirtotiedostot heti päivityksen jälkeen.",
    "has_processors": "no",
    "transfers": "no",
    "third_party": "no",
    "admin_name": "Helmi Hakija",
    "admin_email": "hakija@metsala.example",
    "admin_phone": "+358 9 0000 0001",
    "technical_name": "Teppo Tekninen",
    "technical_email": "tekninen@metsala.example",
    "billing_name": "Metsälän kunta",
    "billing_address": "Kunnantie 1, 00000 Metsälä",
    "signing_name": "Jouni Johtaja",
    "signing_title": "Kunnanjohtaja",
    "signing_email": "johtaja@metsala.example",
}
DAY_CARE: dict[str, Any] = {
    "register_name": "Varhaiskasvatuksen perherekisteri",
    "purpose": "Varhaiskasvatuksen päätösten ja laskujen lähettäminen lasten huoltajille.",
    "law": "Varhaiskasvatuslaki (540/2018)",
    "law_section": "5 §",
    "legal_account": "Kunta järjestää varhaiskasvatuksen ja päättää paikoista ja maksuista.",
    "reasons_common": "Ilman ajantasaista osoitetta päätös ei tavoita huoltajaa.",
    "register_source": "Huoltajilta varhaiskasvatuspaikkaa haettaessa.",
    "processing_who": "Varhaiskasvatuksen palveluohjaajat.",
    "retention": "Kymmenen vuotta varhaiskasvatuksen päättymisestä.",
}
LIBRARY: dict[str, Any] = {
    "register_name": "Kirjaston asiakasrekisteri",
    "purpose": "Palautuspyyntöjen ja saapumisilmoitusten lähettäminen kirjaston asiakkaille.",
    "law": "Laki yleisistä kirjastoista (1492/2016)",
    "law_section": "5 §",
    "legal_account": "Kunta järjestää yleisen kirjaston toiminnan ja lainaa aineistoa asiakkaille.",
    "reasons_common": "Ilman ajantasaista osoitetta palautuspyyntö menee väärälle henkilölle.",
    "register_source": "Asiakkailta itseltään kirjastokorttia annettaessa.",
    "processing_who": "Kirjaston asiakaspalvelijat.",
    "retention": "Kaksi vuotta viimeisestä lainasta.",
}
MEALS: dict[str, Any] = {
    "register_name": "Ruokahuollon asiakasrekisteri",
    "purpose": "Kouluaterioita ja erityisruokavalioita koskevien tiedotteiden lähettäminen huoltajille.",
    "law": "Perusopetuslaki (628/1998)",
    "law_section": "31 §",
    "legal_account": "Kunta järjestää oppilaille maksuttoman aterian jokaisena koulupäivänä.",
    "reasons_common": "Ilman ajantasaista osoitetta tiedote ei tavoita huoltajaa.",
    "register_source": "Huoltajilta oppilasta kouluun ilmoitettaessa.",
    "processing_who": "Ruokapalvelun kaksi toimistosihteeriä.",
    "retention": "Kaksi vuotta koulun päättymisestä.",
}
"""What the other registers of the municipality have of their own."""
REASONS = (
    "Hakija on osoittanut lakiin perustuvan tehtävän, jonka hoitamiseksi haetut tiedot ovat tarpeen. "
    "Tietojen käsittely ja suojaus on kuvattu riittävästi."
)


def seed(*, applicant: User, signatory: User, preparer: User, decider: User) -> Permit:
    """A draft, a new case, one that waits for the applicant, one for a decision, and a permit in force.

    Under it, and under the schools' standing permit, the customer may complete doubtful rows.
    """
    let_schools_complete(preparer, decider)
    _draft(applicant)
    _submitted(applicant, **DAY_CARE)
    asked = _submitted(applicant, **LIBRARY)
    handling.take(asked, by=preparer)
    handling.ask_information(
        asked,
        by=preparer,
        text="Kuvatkaa tarkemmin, kuka pääsee tietoihin ja miten käyttöä valvotaan.",
        sections=["protection"],
        answer_by=due_day(granting.today() + timedelta(days=14)),
    )
    _proposed(applicant, preparer, **MEALS)
    decided = _proposed(applicant, preparer, customer_completes=True)
    decision = handling.decide(decided, by=decider)
    permit = Permit.objects.get(decision=decision)
    granting.accept(permit, by=signatory, name=signatory.name)
    return permit


def _last_day() -> date:
    """Until when the demo's permits are applied for and granted."""
    return granting.today() + timedelta(days=3 * 365)


def _draft(applicant: User) -> Application:
    case = workflow.create(by=applicant, organisation=organisations_of(applicant)[0], token=uuid.uuid4())
    for section in ("register", "legal"):
        workflow.save_section(case, by=applicant, section=section, answers=ANSWERS)
    return case


def _submitted(applicant: User, **changes: Any) -> Application:
    case = workflow.create(by=applicant, organisation=organisations_of(applicant)[0], token=uuid.uuid4())
    until = {"valid_until_kind": "date", "valid_until": _last_day().isoformat()}
    for section in form_spec.SECTIONS:
        workflow.save_section(case, by=applicant, section=section.name, answers=ANSWERS | until | changes)
    workflow.submit(case, by=applicant, committed_by=applicant.name)
    return case


def _proposed(
    applicant: User, preparer: User, *, customer_completes: bool = False, **changes: Any
) -> Application:
    case = _submitted(applicant, **changes)
    handling.take(case, by=preparer)
    handling.propose(
        case,
        by=preparer,
        outcome="approve",
        reasons=REASONS,
        scopes=form_spec.wanted_scopes(case.answers),
        customer_completes=customer_completes,
        valid_to=_last_day(),
    )
    return case


def let_schools_complete(preparer: User, decider: User) -> Permit:
    """The next version of the standing permit of educational institutions, with that term alone changed."""
    old = Permit.objects.get(number="TL-OPPILAITOKSET")
    same = (
        *("number", "organisation_kinds", "register_kind", "scopes", "entitled_to_protected"),
        *("purposes", "legal_bases", "conditions", "terms", "valid_to"),
    )
    content = {name: getattr(old, name) for name in same}
    draft = granting.prepare_standing(
        by=preparer, replaces=old, valid_from=granting.today(), customer_completes=True, **content
    )
    return granting.decide_standing(draft, by=decider)
