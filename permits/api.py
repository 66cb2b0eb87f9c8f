"""The API's applications and permits: listed and shown by the same rules of access as the pages."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from permits.access import get_permit_for, visible_applications, visible_permits
from permits.applying.views import get_readable
from permits.models import PermitQuerySet
from permits.models.application import ApplicationQuerySet
from permits.serializers import ApplicationSerializer, PermitSerializer
from portal.api import user_of
from portal.audit import record
from portal.audited_list import AuditedList
from portal.events import Event


@extend_schema_view(
    get=extend_schema(
        operation_id="list_applications", summary="Applications that you may read, newest first"
    )
)
class ApplicationList(AuditedList):
    event = Event.APPLICATIONS_LISTED
    serializer_class = ApplicationSerializer

    def get_queryset(self) -> ApplicationQuerySet:
        return visible_applications(user_of(self.request))


class ApplicationDetail(APIView):
    @extend_schema(
        operation_id="show_application", summary="One application", responses=ApplicationSerializer
    )
    def get(self, request: Request, pk: Any) -> Response:
        application = get_readable(user_of(request), pk)
        record(Event.APPLICATION_READ, by=user_of(request), about=application)
        return Response(ApplicationSerializer(application).data)


@extend_schema_view(
    get=extend_schema(operation_id="list_permits", summary="Permits that you may read, newest first")
)
class PermitList(AuditedList):
    event = Event.PERMITS_LISTED
    serializer_class = PermitSerializer

    def get_queryset(self) -> PermitQuerySet:
        return visible_permits(user_of(self.request)).select_related("terms", "acceptance")


class PermitDetail(APIView):
    @extend_schema(operation_id="show_permit", summary="One version of a permit", responses=PermitSerializer)
    def get(self, request: Request, pk: Any) -> Response:
        permit = get_permit_for(user_of(request), pk)
        record(Event.PERMIT_READ, by=user_of(request), about=permit)
        return Response(PermitSerializer(permit).data)


urlpatterns = [
    path("applications/", ApplicationList.as_view(), name="applications"),
    path("applications/<uuid:pk>/", ApplicationDetail.as_view(), name="application"),
    path("permits/", PermitList.as_view(), name="permits"),
    path("permits/<uuid:pk>/", PermitDetail.as_view(), name="permit"),
]
