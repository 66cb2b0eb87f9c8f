"""Addresses of permits and of their public register, from the root."""

from django.urls import path

from permits.holding import register_views, standing_views, views

urlpatterns = [
    path("permits/", views.permit_list, name="permits"),
    path("permits/<uuid:pk>/", views.detail, name="permit"),
    path("permits/<uuid:pk>/accept/", views.accept, name="accept"),
    path("staff/permits/", views.staff_list, name="staff_permits"),
    path("staff/permits/<uuid:pk>/suspend/", views.change, {"act": "suspend"}, name="suspend"),
    path("staff/permits/<uuid:pk>/resume/", views.change, {"act": "resume"}, name="resume"),
    path("staff/permits/<uuid:pk>/revoke/", views.change, {"act": "revoke"}, name="revoke"),
    path("staff/standing-permits/", standing_views.standing_list, name="standing_permits"),
    path("staff/standing-permits/new/", standing_views.prepare, name="prepare_standing"),
    path("staff/standing-permits/<uuid:pk>/", standing_views.draft, name="standing_draft"),
    path("staff/standing-permits/<uuid:pk>/decide/", standing_views.decide, name="decide_standing"),
    path("staff/standing-permits/<uuid:pk>/discard/", standing_views.discard, name="discard_standing"),
    path("register/", register_views.page, name="register"),
    path("register.csv", register_views.RegisterCsv.as_view(), name="register_csv"),
    path("register.json", register_views.RegisterJson.as_view(), name="register_json"),
]
