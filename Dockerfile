# One image for every role: web (the default command), worker, beat and the one-shot preparations.
# docker-compose.yml names the commands.

FROM python:3.11.14-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements/ requirements/
RUN /venv/bin/pip install --require-hashes --no-deps --only-binary :all: -r requirements/base.txt

# What compiles the translations is needed here alone; its versions and hashes are those of the tests.
RUN awk '/^(babel|polib)==/ {take=1} take {print} take && !/\\$/ {take=0}' requirements/dev.txt > tools.txt \
    && python -m venv /tools \
    && /tools/bin/pip install --require-hashes --no-deps --only-binary :all: -r tools.txt \
    && rm tools.txt

COPY manage.py ./
COPY portal/ portal/
COPY permits/ permits/
COPY orders/ orders/
COPY matching/ matching/
COPY templates/ templates/
COPY locale/ locale/
RUN PYTHONPATH=/venv/lib/python3.11/site-packages /tools/bin/python -m portal.translations --compile
# The settings are strict: they want to be named, though collecting files uses none of these.
RUN SECRET_KEY=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build \
    UPLOAD_RECIPIENT=build DELIVERY_RECIPIENT=build STATIC_ROOT=/app/staticfiles \
    /venv/bin/python manage.py collectstatic --noinput \
    && /venv/bin/python -m compileall -q /app \
    && rm -r requirements


FROM python:3.11.14-slim-trixie
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/staticfiles
# The folders exist so that volumes mounted on them belong to the user.
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app \
    && install --directory --owner app --group app --mode 0700 /store /spool /copies
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
# Slow uploads hold a thread, never the worker: threads have no time limit, a worker that hangs has.
CMD ["gunicorn", "portal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "8", \
     "--timeout", "60", "--graceful-timeout", "30", "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://localhost:8000/health/', timeout=4)"]
