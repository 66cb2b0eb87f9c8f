"""Is the service well: for the load balancer and the watch, without personal data."""

from django.db import DatabaseError
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.models import Job


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """`database`: "ok", or "away" with status 503; the seconds that the oldest job waits, or null."""
    now = timezone.now()
    waiting = Job.objects.filter(done_at=None, failed_at=None, run_after__lte=now)
    try:
        oldest = waiting.aggregate(oldest=Min("run_after"))["oldest"]
    except DatabaseError:
        return JsonResponse({"database": "away", "oldest_waiting_job_seconds": None}, status=503)
    age = None if oldest is None else round((now - oldest).total_seconds())
    return JsonResponse({"database": "ok", "oldest_waiting_job_seconds": age})
