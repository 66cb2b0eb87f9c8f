"""How every form of the portal is drawn: `{{ form.field.as_field_group }}` with label, hint and error."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
