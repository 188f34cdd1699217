# One image for worker, beat, Flower and the standup command. The target `sandbox` adds what the sandbox needs.
#   docker build -t standup .          docker build --target sandbox -t standup-sandbox .
ARG PYTHON_IMAGE=python:3.13-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
# build the package with the setuptools version that the tests use, not with the newest one
COPY requirements-dev.lock ./
RUN sed -n '/^setuptools==/,/^ *# via/p' requirements-dev.lock > build.lock \
    && python -m venv /opt/build \
    && /opt/build/bin/python -m pip install --require-hashes -r build.lock
# dependencies before sources, so that a change of the sources does not install them again
COPY requirements.lock ./
RUN python -m venv /opt/standup \
    && /opt/standup/bin/python -m pip install --require-hashes -r requirements.lock
COPY setup.cfg pyproject.toml README.md LICENSE beat_schedule.py ./
COPY worker worker
COPY tasks tasks
COPY renderers renderers
RUN /opt/build/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && /opt/standup/bin/python -m pip install --no-deps /wheels/*.whl

FROM build AS build-sandbox
COPY requirements-sandbox.lock ./
RUN /opt/standup/bin/python -m pip install --require-hashes -r requirements-sandbox.lock
COPY sandbox sandbox
RUN /opt/build/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /sandbox-wheels ./sandbox \
    && /opt/standup/bin/python -m pip install --no-deps /sandbox-wheels/*.whl

FROM ${PYTHON_IMAGE} AS base
# a font for names in Chinese, Japanese and Korean: docs/languages.md
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 10001 standup \
    && useradd --uid 10001 --gid standup --no-create-home --home-dir /var/lib/standup standup \
    && install -d -o standup -g standup /var/lib/standup /var/lib/standup/artifacts /var/lib/standup/sandbox
ENV PATH=/opt/standup/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STANDUP_ARTIFACTS=/var/lib/standup/artifacts \
    STANDUP_ALERTS_FILE=/var/lib/standup/artifacts/alerts.jsonl \
    STANDUP_BEAT_FILE=/tmp/beat/schedule
WORKDIR /var/lib/standup
USER standup
# on SIGTERM Celery takes no new tasks and finishes the steps in progress
STOPSIGNAL SIGTERM

FROM base AS sandbox
COPY --from=build-sandbox /opt/standup /opt/standup
CMD ["python", "-m", "sandbox", "--help"]

FROM base AS standup
COPY --from=build /opt/standup /opt/standup
CMD ["standup", "--help"]
