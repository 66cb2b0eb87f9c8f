"""The addresses of organisations and their members."""

from django.urls import path

from portal import organisation_staff_views as staff
from portal import organisation_views as views

app_name = "organisations"
urlpatterns = [
    path("organisations/", views.my_organisations, name="list"),
    path("organisations/register/", views.register, name="register"),
    path("organisations/join/", views.join, name="join"),
    path("organisations/<uuid:pk>/", views.detail, name="detail"),
    path("organisations/<uuid:pk>/edit/", views.edit, name="edit"),
    path("organisations/<uuid:pk>/invite/", views.invite, name="invite"),
    path("organisations/<uuid:pk>/leave/", views.leave, name="leave"),
    path("organisations/<uuid:pk>/invitations/<uuid:invitation>/", views.withdraw, name="withdraw"),
    path("organisations/<uuid:pk>/requests/<uuid:asked>/", views.answer, name="answer"),
    path("organisations/<uuid:pk>/members/<uuid:user>/", views.member, name="member"),
    path("invitations/<uuid:pk>/accept/", views.accept, name="accept"),
    path("invitations/<str:token>/", views.invitation, name="invitation"),
    path("staff/organisations/", staff.staff_list, name="staff_list"),
    path("staff/organisations/<uuid:pk>/", staff.verify, name="verify"),
]
