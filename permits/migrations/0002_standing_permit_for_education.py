"""The first terms, and the standing permit of educational institutions for their student registers."""

from datetime import date

from django.db import migrations

FIELDS = [
    "hetu", "surname", "given_names", "call_name", "former_surnames", "death_date", "municipality", "street",
    "postal_code", "post_office", "country", "address_kind", "postal_address", "contact_address", "mother_tongue",
    "moved_on", "absence",
]
TERMS = {
    "fi": """Tietoja saa käyttää vain luvassa mainittuun tarkoitukseen, ja niitä saavat käsitellä vain ne, jotka tarvitsevat niitä tehtävissään.

Tietoja ei saa luovuttaa kolmannelle ilman rekisteriviranomaisen tapauskohtaista lupaa.

Tiedot on suojattava asiattomalta käsittelyltä. Niiden käytöstä on pidettävä lokia, ja lokit on säilytettävä viisi vuotta.

Turvakiellon alaiset tiedot on pidettävä salassa kaikissa vaiheissa.

Tiedot, joita ei enää tarvita, on hävitettävä tietoturvallisesti.

Tietoturvaloukkauksesta on ilmoitettava viipymättä rekisteriviranomaiselle.""",
    "sv": """Uppgifterna får användas endast för det ändamål som anges i tillståndet och behandlas endast av dem som behöver uppgifterna i sitt arbete.

Uppgifterna får inte lämnas till tredje part utan registermyndighetens tillstånd i det enskilda fallet.

Uppgifterna ska skyddas mot obehörig behandling. Användningen ska loggas, och loggarna ska bevaras i fem år.

Uppgifter som omfattas av spärrmarkering ska hållas hemliga i alla skeden.

Uppgifter som inte längre behövs ska förstöras på ett säkert sätt.

En personuppgiftsincident ska utan dröjsmål anmälas till registermyndigheten.""",
    "en": """The data may be used only for the purpose named in the permit, and only by those who need them in their work.

The data must not be given to a third party without the registry's permission in each case.

The data must be protected from unauthorised processing. Their use must be logged, and the logs kept for five years.

Data under a non-disclosure order must be kept secret at every stage.

Data that are no longer needed must be destroyed securely.

A personal data breach must be reported to the registry without delay.""",
}
PURPOSES = {
    "fi": "Oppilaitoksen nykyisten tai entisten opiskelijoiden rekisterin pitäminen ajan tasalla.",
    "sv": "Att hålla läroanstaltens register över nuvarande eller tidigare studerande aktuellt.",
    "en": "Keeping an educational institution's register of current or former students up to date.",
}


def seed(apps, schema_editor):
    terms = apps.get_model("permits", "Terms").objects.create(
        version="2026-1", published_on=date(2026, 1, 1), texts=TERMS
    )
    apps.get_model("permits", "Permit").objects.create(
        number="TL-OPPILAITOKSET", organisation_kinds=["education_degree", "education_other"], subject="person",
        register_kind="students", fields=FIELDS, purposes=PURPOSES,
        legal_basis="Laki väestötietojärjestelmästä ja varmennepalveluista 661/2009", terms=terms,
        decided_on=date(2026, 1, 1), valid_from=date(2026, 1, 1),
    )


class Migration(migrations.Migration):
    dependencies = [("permits", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
