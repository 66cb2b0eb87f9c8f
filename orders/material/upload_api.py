"""Uploads over tus 1.0.0, for the upload page's script and for other clients alike.

Signing in is that of the API: a session's requests carry the CSRF token in X-CSRFToken. There is no limit of
requests a minute, for a large file takes many; what one may begin is bounded in `uploads.begin`.
"""

import uuid
from contextlib import suppress
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.access import get_own_order_for
from orders.material import tus, uploads
from orders.material.unfit import unfit_reason
from orders.models import Upload
from orders.serializers import UploadSerializer
from portal.access import Denied
from portal.api import user_of
from portal.states import Conflict
from portal.uploads import BLOCK, EncryptedPart, encrypted_part

DRAINED = 16 * 1024 * 1024


def header(name: str, description: str, *, required: bool = True) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, required=required, description=description)


RESUMABLE = header("Tus-Resumable", "1.0.0")


class TusView(APIView):
    """What both addresses have in common: the protocol's headers, and refusals with their reason."""

    throttle_classes = ()

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, tus.Refusal):
            return self._refused(exc.status, exc.reason, exc.headers)
        if isinstance(exc, uploads.OffsetConflict):
            reason = _("Byte %(offset)s is next.") % {"offset": exc.offset}
            return self._refused(409, reason, {"Upload-Offset": str(exc.offset)})
        if isinstance(exc, Conflict):
            return self._refused(409, _("This upload has ended."))
        if isinstance(exc, Denied):
            return self._refused(410 if isinstance(exc, uploads.Ended) else 403, exc.reason)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Tus-Resumable", tus.VERSION)
        response["Cache-Control"] = "no-store"
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        get_own_order_for(user_of(request), kwargs["pk"])
        return Response(status=204, headers=tus.options())

    def _refused(self, status: int, reason: Any, headers: dict[str, str] | None = None) -> Response:
        """`reason` beside `detail` tells a script that the refusal is ours, and final."""
        drain(self.request._request)
        return Response({"detail": str(reason), "reason": True}, status=status, headers=headers)


class Uploads(TusView):
    @extend_schema(
        operation_id="list_uploads",
        summary="Uploads that were begun for an order and can go on",
        responses=UploadSerializer(many=True),
    )
    def get(self, request: Request, pk: uuid.UUID) -> Response:
        order = get_own_order_for(user_of(request), pk)
        return Response(UploadSerializer(uploads.unfinished(order), many=True).data)

    @extend_schema(
        operation_id="begin_upload",
        summary="Begin an upload (tus creation); Location tells where to send it",
        request=None,
        responses={201: None},
        parameters=[
            RESUMABLE,
            header("Upload-Length", "bytes of the file"),
            header("Upload-Metadata", "filename and its name in Base64", required=False),
        ],
    )
    def post(self, request: Request, pk: uuid.UUID) -> Response:
        order = get_own_order_for(user_of(request), pk)
        tus.check_version(request.headers)
        length, described = tus.length(request.headers), tus.metadata(request.headers)
        upload = uploads.begin(order, by=user_of(request), length=length, **described)
        place = {"Location": reverse("orders:upload_part", args=[order.pk, upload.pk])}
        return Response(status=201, headers=place | tus.standing(upload))


class UploadDetail(TusView):
    @extend_schema(
        operation_id="show_upload",
        summary="How an upload stands, and what became of it",
        responses=UploadSerializer,
    )
    def get(self, request: Request, pk: uuid.UUID, upload: uuid.UUID) -> Response:
        return Response(UploadSerializer(self._upload(request)).data)

    def head(self, request: Request, pk: uuid.UUID, upload: uuid.UUID) -> Response:
        found = self._upload(request)
        tus.check_version(request.headers)
        if not (found.is_open or found.received_at):
            return Response(status=410)
        told = {"Upload-Length": str(found.length), "Upload-Metadata": tus.written_metadata(found)}
        return Response(headers=tus.standing(found) | told)

    @extend_schema(
        operation_id="continue_upload",
        summary="Send bytes from an offset on (tus core, checksum)",
        request={tus.CONTENT_TYPE: OpenApiTypes.BINARY},
        responses={204: None},
        parameters=[
            RESUMABLE,
            header("Upload-Offset", "where the bytes begin"),
            header("Upload-Checksum", "sha1 or sha256, and the digest in Base64", required=False),
        ],
    )
    def patch(self, request: Request, pk: uuid.UUID, upload: uuid.UUID) -> Response:
        """What arrives is kept also when the line breaks in the middle, unless a checksum vouches for all."""
        found = self._upload(request)
        tus.check_version(request.headers)
        tus.check_content_type(request.headers)
        offset, checksum = tus.offset(request.headers), tus.checksum(request.headers)
        uploads.check_can_continue(found)
        if offset != found.offset:
            raise uploads.OffsetConflict(found.offset)
        size = tus.content_length(request.headers, found.length - offset)
        algorithm = checksum.algorithm if checksum else "sha256"
        with encrypted_part(request._request.read, size, algorithm) as part:
            if checksum and part.digest != checksum.digest:
                raise tus.Refusal(tus.CHECKSUM_MISMATCH, _("What arrived does not have the checksum told."))
            self._append(request, found, part, offset)
        return Response(status=204, headers=tus.standing(found))

    @extend_schema(
        operation_id="cancel_upload",
        summary="Cancel an upload (tus termination)",
        responses={204: None},
        parameters=[RESUMABLE],
    )
    def delete(self, request: Request, pk: uuid.UUID, upload: uuid.UUID) -> Response:
        found = self._upload(request)
        tus.check_version(request.headers)
        uploads.cancel(found, by=user_of(request))
        return Response(status=204)

    @extend_schema(exclude=True)
    def post(self, request: Request, pk: uuid.UUID, upload: uuid.UUID) -> Response:
        """Another method for who can send no other than POST, named by the protocol's header."""
        self._upload(request)
        method = request.headers.get("X-HTTP-Method-Override", "")
        acts = {"PATCH": self.patch, "DELETE": self.delete}
        if method not in acts:
            raise MethodNotAllowed("POST")
        return acts[method](request, pk, upload)

    def _upload(self, request: Request) -> Upload:
        return uploads.get_upload_for(user_of(request), self.kwargs["pk"], self.kwargs["upload"])

    def _append(self, request: Request, upload: Upload, part: EncryptedPart, offset: int) -> None:
        if offset == 0 and (reason := unfit_reason(part.head, upload.length)):
            uploads.refuse(upload, by=user_of(request))
            raise tus.Refusal(415, reason)
        if part.size:
            uploads.append(upload, part, by=user_of(request), offset=offset)


def drain(request: HttpRequest) -> None:
    """Read what a refused request still sends, up to a bound: a client that is writing sees no answer."""
    with suppress(OSError):
        for _turn in range(DRAINED // BLOCK):
            if not request.read(BLOCK):
                return
