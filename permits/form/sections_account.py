"""What the application asks of protection, contact persons and the organisation: the form's last sections."""

from django.utils.translation import gettext_lazy as _

from permits.form.shapes import Choice, Question, Section, When

NO_OR_YES = (Choice("no", _("No")), Choice("yes", _("Yes")))

PROTECTION = Section(
    "protection",
    _("Processing and protection"),
    _("How the data are kept safe with you. Describe things as they are, in a few sentences each."),
    (
        Question(
            "processing_who",
            _("Who processes the data"),
            "long",
            _("The units and tasks, not names. For example: “Four secretaries of the study office.”"),
        ),
        Question(
            "processing_where",
            _("Where the data are processed"),
            "long",
            _("The systems and premises, and the country in which the servers are."),
        ),
        Question(
            "access_control",
            _("How access is restricted"),
            "long",
            _("How access rights are given and taken away, and how users are identified."),
        ),
        Question(
            "logs",
            _("How use is logged and watched"),
            "long",
            _("What the logs show, how long they are kept and who goes through them."),
        ),
        Question(
            "retention",
            _("How long the data are kept"),
            "long",
            _("The time and its ground. For example: “Two years after the end of the studies.”"),
        ),
        Question(
            "disposal",
            _("How the data are destroyed"),
            "long",
            _("Also the files in which they came."),
        ),
        Question(
            "has_processors",
            _("Does somebody process the data on your behalf?"),
            "one",
            _("For example a supplier who maintains your system, and its subcontractors."),
            choices=NO_OR_YES,
        ),
        Question(
            "processors",
            _("Processors and subcontractors"),
            "long",
            _("The name, the business ID and the task of each, and that there is an agreement."),
            when=(When("has_processors", ("yes",)),),
        ),
        Question(
            "transfers",
            _("Are data transferred outside the EU and the EEA?"),
            "one",
            _("Also when they can be looked at from there, as by a supplier’s support."),
            choices=NO_OR_YES,
        ),
        Question(
            "transfers_account",
            _("To where and on which ground"),
            "long",
            _("The country, who receives the data, and the ground of the transfer in the GDPR."),
            when=(When("transfers", ("yes",)),),
        ),
        Question(
            "third_party",
            _("Do you give the data on to somebody else?"),
            "one",
            _("Giving data on needs a permission of its own, which we decide on with this application."),
            choices=NO_OR_YES,
        ),
        Question(
            "third_party_account",
            _("To whom, which data and on which ground"),
            "long",
            _("Name each receiver, the data, the purpose and the law."),
            when=(When("third_party", ("yes",)),),
        ),
    ),
)

ADMIN, TECHNICAL, BILLING = _("Administrative contact"), _("Technical contact"), _("Billing")

CONTACTS = Section(
    "contacts",
    _("Contacts"),
    _("Whom we ask about the application, about the files, and where the invoice goes."),
    (
        Question("admin_name", _("Name of the administrative contact"), group=ADMIN, autocomplete="name"),
        Question(
            "admin_email",
            _("E-mail of the administrative contact"),
            "email",
            group=ADMIN,
            autocomplete="email",
        ),
        Question(
            "admin_phone",
            _("Phone of the administrative contact"),
            "phone",
            group=ADMIN,
            autocomplete="tel",
        ),
        Question(
            "technical_name",
            _("Name of the technical contact"),
            help=_("Who makes the file that you send. Can be the same person."),
            group=TECHNICAL,
        ),
        Question("technical_email", _("E-mail of the technical contact"), "email", group=TECHNICAL),
        Question(
            "technical_phone",
            _("Phone of the technical contact"),
            "phone",
            required=False,
            group=TECHNICAL,
        ),
        Question("billing_name", _("Name on the invoice"), group=BILLING),
        Question(
            "billing_address",
            _("Billing address"),
            help=_("The e-invoicing address and the operator, or the postal address."),
            group=BILLING,
        ),
        Question(
            "billing_reference",
            _("Your reference"),
            help=_("What must stand on the invoice for you, such as a cost centre."),
            required=False,
            group=BILLING,
        ),
    ),
)

ORGANISATION = Section(
    "organisation",
    _("Signing official"),
    _("Who may commit your organisation to the terms of the permit."),
    (
        Question("unit", _("Unit"), help=_("The part of the organisation that applies."), required=False),
        Question("signing_name", _("Name of the signing official")),
        Question("signing_title", _("Title"), help=_("For example: Principal.")),
        Question("signing_email", _("E-mail of the signing official"), "email"),
    ),
)
