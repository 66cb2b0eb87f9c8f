"""The API's orders: listed and shown by the same rules of access as the pages."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.access import get_order_for, visible_orders
from orders.models import OrderQuerySet
from orders.serializers import OrderSerializer
from portal.api import user_of
from portal.audit import record
from portal.audited_list import AuditedList
from portal.events import Event


@extend_schema_view(
    get=extend_schema(operation_id="list_orders", summary="Orders that you may read, newest first")
)
class OrderList(AuditedList):
    event = Event.ORDERS_LISTED
    serializer_class = OrderSerializer

    def get_queryset(self) -> OrderQuerySet:
        return visible_orders(user_of(self.request)).prefetch_related("deliveries")


class OrderDetail(APIView):
    @extend_schema(operation_id="show_order", summary="One order", responses=OrderSerializer)
    def get(self, request: Request, pk: Any) -> Response:
        order = get_order_for(user_of(request), pk)
        record(Event.ORDER_READ, by=user_of(request), about=order)
        return Response(OrderSerializer(order).data)


urlpatterns = [
    path("", OrderList.as_view(), name="list"),
    path("<uuid:pk>/", OrderDetail.as_view(), name="detail"),
]
