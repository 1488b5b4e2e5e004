# The service, and the same image for its migrations: risk-register serve | migrate | ...
# No embedded PostgreSQL, no tools and no compiler get into the last stage; every package comes by its hash.

FROM python:3.13-slim-trixie AS tools
WORKDIR /srv/register
COPY requirements.lock ./
RUN python -m venv /opt/tools \
    && /opt/tools/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.lock
COPY package-lock.json pyproject.toml README.md ./
COPY tools tools
COPY app app
# An editable wheel carries the command and points at the folder where migrations and application lie side by side.
RUN /opt/tools/bin/python tools/web_assets.py /opt/tools/bin/npm \
    && /opt/tools/bin/hatchling build --target wheel:editable --directory /opt/wheels

FROM python:3.13-slim-trixie AS packages
WORKDIR /srv/register
COPY requirements.production.lock ./
RUN python -m venv /opt/register \
    && /opt/register/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.production.lock
COPY --from=tools /opt/wheels /opt/wheels
RUN /opt/register/bin/python -m pip install --no-cache-dir --no-index --no-deps /opt/wheels/*.whl \
    && /opt/register/bin/python -m pip uninstall --yes pip

FROM python:3.13-slim-trixie
RUN groupadd --system --gid 10001 register \
    && useradd --system --uid 10001 --gid register --no-create-home --shell /usr/sbin/nologin register
WORKDIR /srv/register
COPY --from=packages /opt/register /opt/register
COPY --from=tools /srv/register/app app
COPY alembic.ini ./
COPY alembic alembic
RUN /opt/register/bin/python -m compileall -q app
ENV PATH=/opt/register/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["risk-register"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
