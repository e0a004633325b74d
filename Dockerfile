# GWS Observatory: `docker build -t gws-observatory .`
ARG BASE=python:3.11-slim

FROM ${BASE} AS builder
RUN python3 -m venv --without-pip /opt/venv
COPY requirements.lock /tmp/requirements.lock
# pip stays outside the environment: what runs has no installer in it.
RUN python3 -m pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-compile --only-binary=:all: --require-hashes -r /tmp/requirements.lock
WORKDIR /opt/gws-observatory
COPY app app
COPY collectors collectors
COPY layouts layouts
# The root file system may be read-only at run time, so byte code is made now.
RUN /opt/venv/bin/python -m compileall -q -j 0 /opt/venv/lib /opt/gws-observatory

FROM ${BASE}
LABEL org.opencontainers.image.title="GWS Observatory" \
      org.opencontainers.image.description="Watches a Genesys Web Services deployment and paints the truth on its architecture picture, live" \
      org.opencontainers.image.documentation="docs/index.md"
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /opt/gws-observatory /opt/gws-observatory
# Group 0 may write, so that a platform which picks its own uid (OpenShift) can too.
RUN mkdir -p /var/lib/gws-observatory \
    && chown 10001:0 /var/lib/gws-observatory \
    && chmod 0770 /var/lib/gws-observatory
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/opt/gws-observatory \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    GWS_OBSERVATORY__SERVER__HOST=0.0.0.0 \
    GWS_OBSERVATORY__SERVER__PORT=8050
WORKDIR /var/lib/gws-observatory
USER 10001:0
EXPOSE 8050
VOLUME ["/var/lib/gws-observatory"]
# http.client rather than urllib: a proxy in the environment must not be asked for 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['GWS_OBSERVATORY__SERVER__PORT']), timeout=2); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["python", "-m", "app"]
CMD ["--help"]
