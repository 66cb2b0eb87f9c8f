"""Lists of the API. Apart from `portal.api`, which the framework's own lists read while they are made."""

from typing import Any, ClassVar

from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from portal.api import user_of
from portal.audit import record
from portal.events import Event


class AuditedList(ListAPIView):
    # A list of which every page that is read is an event of the audit trail. No docstring: the API's schema
    # would give it as each list's own description.
    event: ClassVar[Event]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().list(request, *args, **kwargs)
        user = user_of(request)
        record(self.event, by=user, about=user, rows=len(response.data["results"]))
        return response
