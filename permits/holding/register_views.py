"""The public register of permits: a page to search, and the whole as CSV and JSON."""

from collections.abc import Callable, Iterator

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from permits.holding import register
from permits.serializers import RegisterEntrySerializer
from portal.paging import Keyset

BY_NUMBER = Keyset(("number", "version"), (str, int))
MAX_AGE = 3600
"""For how many seconds the register may be kept by caches: it changes with decisions and with the day."""

LANGUAGE = OpenApiParameter(
    "language",
    str,
    enum=["fi", "sv", "en"],
    description="Language of the words; Finnish where none is named.",
)


class RegisterForm(forms.Form):
    """What is looked for in the register."""

    organisation = forms.CharField(label=_("Organisation or business ID"), max_length=100, required=False)
    purpose = forms.CharField(label=_("Word of the purpose"), max_length=100, required=False)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The permits in force, by number; anyone can read and search."""
    form = RegisterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = BY_NUMBER.page(register.in_force(**wanted), request)
    context = {
        "form": RegisterForm(initial=wanted),
        "searched": any(wanted.values()),
        "page": found,
        "entries": [register.entry(permit) for permit in found.items],
    }
    return render(request, "permits/permits/register.html", context)


class _Whole(APIView):
    """The whole register for anyone, the same for all who ask in one language, so that caches may keep it."""

    authentication_classes: tuple[type, ...] = ()
    permission_classes = (AllowAny,)

    def whole(self, request: Request, form: str, write: Callable[[str], Iterator[bytes]]) -> HttpResponse:
        language = request.query_params.get("language", "")
        language = language if language in dict(settings.LANGUAGES) else "fi"
        response = StreamingHttpResponse(write(language), content_type=f"{form}; charset=utf-8")
        response["Cache-Control"] = f"public, max-age={MAX_AGE}"
        response["Content-Language"] = language
        return response  # type: ignore[return-value]


class RegisterJson(_Whole):
    @extend_schema(
        operation_id="permit_register_json",
        summary="Public register of permits in force",
        parameters=[LANGUAGE],
        responses=RegisterEntrySerializer(many=True),
    )
    def get(self, request: Request) -> HttpResponse:
        return self.whole(request, "application/json", register.as_json)


class RegisterCsv(_Whole):
    @extend_schema(
        operation_id="permit_register_csv",
        summary="Public register of permits in force, as CSV with the same fields",
        parameters=[LANGUAGE],
        responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request) -> HttpResponse:
        response = self.whole(request, "text/csv", register.as_csv)
        response["Content-Disposition"] = 'attachment; filename="register.csv"'
        return response
