"""What the application asks of the register, its legal basis and the data: the first sections of the form."""

from django.utils.translation import gettext_lazy as _

from matching.fields import output_fields
from permits.field_texts import grouped
from permits.form.shapes import Choice, Question, Section, When

PERSON = When("subjects", ("person",))


def _fields(subject: str) -> tuple[Choice, ...]:
    names = [field.name for field in output_fields(subject)]
    return tuple(
        Choice(name, text.label, text.help, group)
        for group, fields in grouped(names, subject)
        for name, text in fields
    )


REGISTER = Section(
    "register",
    _("Register and purpose"),
    _("Tell us which of your registers you want to update, and what you use it for."),
    (
        Question(
            "register_name",
            _("Name of the register"),
            help=_("The name that you use of it, for example “Student register”."),
        ),
        Question(
            "controller",
            _("Controller of the register"),
            help=_("The organisation that decides why and how the register is kept. Usually your own."),
            autocomplete="organization",
        ),
        Question(
            "purpose",
            _("Purpose of use"),
            "long",
            _(
                "What the data are used for, and why they must be current. For example: “The school sends"
                " certificates and decisions to its students, and needs their current addresses.”"
            ),
        ),
    ),
)

LEGAL = Section(
    "legal",
    _("Legal basis"),
    _("The law that gives your organisation the right to process the data for this purpose."),
    (
        Question(
            "law", _("Law"), help=_("For example: Act on Vocational Education and Training (531/2017).")
        ),
        Question("law_section", _("Section of the law"), help=_("For example: section 116.")),
        Question(
            "legal_account",
            _("How the law applies"),
            "long",
            _("In a few sentences: which task of yours the law lays down, and why it calls for the data."),
        ),
    ),
)

DATA = Section(
    "data",
    _("Data wanted"),
    _("Choose only what you need for the purpose. Every piece of data needs a reason."),
    (
        Question(
            "subjects",
            _("Whose or what data you need"),
            "several",
            choices=(
                Choice("person", _("Persons")),
                Choice("building", _("Buildings")),
                Choice("real_estate", _("Real estate")),
            ),
        ),
        Question(
            "package",
            _("Data on persons"),
            "one",
            _("A ready-made package is enough for most. You can also choose each piece of data yourself."),
            when=(PERSON,),
            choices=(
                Choice(
                    "A",
                    _("Address data"),
                    _("Names, mother tongue, municipality of residence and the address in Finland."),
                ),
                Choice(
                    "B",
                    _("Basic person data"),
                    _(
                        "The address data and also sex, date of death, country of the address and the date"
                        " of the latest move."
                    ),
                ),
                Choice("own", _("Our own choice")),
            ),
        ),
        Question(
            "fields_person",
            _("Our own choice of data on persons"),
            "several",
            when=(PERSON, When("package", ("own",))),
            choices=_fields("person"),
            subject="person",
        ),
        Question(
            "fields_building",
            _("Data on buildings"),
            "several",
            when=(When("subjects", ("building",)),),
            choices=_fields("building"),
            subject="building",
        ),
        Question(
            "fields_real_estate",
            _("Data on real estate"),
            "several",
            when=(When("subjects", ("real_estate",)),),
            choices=_fields("real_estate"),
            subject="real_estate",
        ),
        Question(
            "reasons_common",
            _("Why you need these data"),
            "long",
            _(
                "One reason is enough where it holds for all the data. For example: “Without a current"
                " address, mail goes to the wrong person.”"
            ),
            required=False,
        ),
        Question(
            "reasons",
            _("Reasons for single pieces of data"),
            "reasons",
            _("Write here where the common reason does not fit. What you leave empty has the common reason."),
            required=False,
        ),
        Question(
            "protected_needed",
            _("Do you need data that are under a non-disclosure order?"),
            "one",
            _(
                "Some persons have a non-disclosure order for personal safety. Their address is given only"
                " to authorities whose task requires it by law. Most answer no."
            ),
            choices=(Choice("no", _("No")), Choice("yes", _("Yes"))),
        ),
        Question(
            "protected_ground",
            _("Legal ground for the data under a non-disclosure order"),
            "long",
            _("The law and section, and the task that can’t be done without them."),
            when=(When("protected_needed", ("yes",)),),
        ),
    ),
)

MATERIAL = Section(
    "material",
    _("Your register"),
    _("What the register is like that you will send to be updated."),
    (
        Question(
            "register_size",
            _("Number of rows"),
            "number",
            _("An estimate is enough, for example 12 000."),
        ),
        Question(
            "register_source",
            _("Where the data in the register come from"),
            "long",
            _("For example: “From the students themselves at enrolment, and from the national application.”"),
        ),
        Question(
            "identifiers",
            _("How the rows can be identified"),
            "several",
            _("Choose all that the register holds."),
            choices=(
                Choice("hetu", _("Personal identity code")),
                Choice("name_birth_date", _("Name and date of birth")),
                Choice("name_address", _("Name and address")),
                Choice("building_id", _("Permanent building identifier")),
                Choice("real_estate_id", _("Real-estate code")),
            ),
        ),
    ),
)

REPEATED = When("frequency", ("repeated",))
REPEAT = Section(
    "repeat",
    _("How often and how long"),
    _("Whether you need the data once or time after time, and until when."),
    (
        Question(
            "frequency",
            _("How many times you need the data"),
            "one",
            choices=(Choice("once", _("Once")), Choice("repeated", _("Repeatedly"))),
        ),
        Question(
            "how_often",
            _("How often"),
            "one",
            when=(REPEATED,),
            choices=(
                Choice("yearly", _("Once a year")),
                Choice("half_yearly", _("Twice a year")),
                Choice("quarterly", _("Four times a year")),
                Choice("monthly", _("Every month")),
                Choice("other", _("In another rhythm")),
            ),
        ),
        Question(
            "how_often_other",
            _("In which rhythm"),
            help=_("For example: in August and in January, when the terms begin."),
            when=(REPEATED, When("how_often", ("other",))),
        ),
        Question(
            "valid_until_kind",
            _("For how long you apply for the permit"),
            "one",
            choices=(
                Choice("until_further", _("Until further notice")),
                Choice("date", _("Until a certain day")),
            ),
        ),
        Question("valid_until", _("Last day"), "date", when=(When("valid_until_kind", ("date",)),)),
    ),
)
