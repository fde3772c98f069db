# The server as an image of one program: docker build -t baton .
#
# The Swift runtime is linked into the program; beside it there are the shared libraries that it loads, certificates, and
# no shell. It runs as a user who owns nothing and needs no writable file system.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libpq-dev libxml2-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /baton
# What others wrote changes seldom: it is fetched before our own sources come.
COPY Package.swift Package.resolve[d] ./
RUN swift package resolve
COPY Benchmarks Benchmarks
COPY Fuzz Fuzz
COPY Lab Lab
COPY Examples Examples
COPY Tests Tests
COPY sql sql
COPY Sources Sources
# Symbols are neither exported nor kept: the linker then leaves out what is not used.
RUN swift build -c release --static-swift-stdlib --product baton -Xlinker --no-export-dynamic -Xlinker --strip-all \
    && cp "$(swift build -c release --static-swift-stdlib --show-bin-path)/baton" /program
COPY deploy/image deploy/image
RUN deploy/image/collect /program /image

FROM scratch
ARG VERSION=unreleased
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Baton" \
    org.opencontainers.image.description="A BPMN 2.0 engine whose work is done outside it, on PostgreSQL" \
    org.opencontainers.image.version="$VERSION" \
    org.opencontainers.image.revision="$REVISION"
COPY --from=build /image/ /
ENV PATH=/usr/local/bin \
    BATON_HOST=0.0.0.0 \
    BATON_LOG_FORMAT=json
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# A node that drains or has lost its database is still alive: whether it gets requests is the balancer's to ask.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/baton", "health", "--live"]
ENTRYPOINT ["/usr/local/bin/baton"]
CMD ["serve"]
