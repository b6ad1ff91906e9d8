ARG BASE_IMAGE=docker.io/airbyte/python-connector-base:4.1.0@sha256:1d1aa21d34e851df4e8a87b391c27724c06e2597608e7161f4d167be853bd7b6
FROM ${BASE_IMAGE}

WORKDIR /airbyte/integration_code

# An environment of its own: what the base image brings for building connectors can neither be mixed up with the locked
# versions nor be changed by them. The bytecode stays in: it costs 18 MB and saves a second at each command. The packages'
# executables go: only Python, which is a link, is ever started.
COPY requirements.lock ./
RUN python -m venv --without-pip /opt/connector \
    && pip --python /opt/connector/bin/python install --no-cache-dir --no-deps --only-binary=:all: --require-hashes \
        --requirement requirements.lock \
    && find /opt/connector/bin -type f -delete

COPY main.py ./
COPY schemas ./schemas
COPY source_consolidated_stats ./source_consolidated_stats

LABEL io.airbyte.name="airbyte/source-consolidated-stats" \
      io.airbyte.version="0.1.0" \
      org.opencontainers.image.title="Saleshandy Consolidated Stats" \
      org.opencontainers.image.description="Airbyte source for the consolidated statistics of Saleshandy sequences" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="source-consolidated-stats contributors" \
      org.opencontainers.image.url="https://developer.saleshandy.com/api-reference/analytics/consolidated-stats"

USER airbyte
ENV AIRBYTE_ENTRYPOINT="/opt/connector/bin/python /airbyte/integration_code/main.py"
ENTRYPOINT ["/opt/connector/bin/python", "/airbyte/integration_code/main.py"]
