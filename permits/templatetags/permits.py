"""Texts of permits in templates: each is there in one language or several, and says which it is in."""

from collections.abc import Mapping

from django import template
from django.template.defaultfilters import linebreaks_filter
from django.utils.html import format_html
from django.utils.safestring import SafeString

from permits.models import in_language, language_of

register = template.Library()


@register.filter
def spoken(texts: Mapping[str, str]) -> SafeString:
    """The text in the reader's language, else in the one it has, marked as that."""
    return format_html('<span lang="{}">{}</span>', language_of(dict(texts)), in_language(dict(texts)))


@register.filter
def spoken_paragraphs(texts: Mapping[str, str]) -> SafeString:
    """The same of a long text: its paragraphs are apart by an empty line."""
    text: SafeString = linebreaks_filter(in_language(dict(texts)), autoescape=True)
    return format_html('<div lang="{}">{}</div>', language_of(dict(texts)), text)
