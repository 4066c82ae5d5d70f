# The server alone in an image: no shell, no package manager, not root, nothing written outside of its cache.
#
#   docker build -t media-origin:0.1.0 .
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -p 8080:8080 -v "$PWD/media:/srv/media:ro" -v media-origin-cache:/var/cache/media-origin media-origin:0.1.0
#
# /etc/media-origin/media-origin.toml is read; mount your own over it. /tmp is for links that are examined, and
# /var/cache/media-origin for digests of assets and slices of a bucket: both may be emptied at any time.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    CARGO_PROFILE_RELEASE_STRIP=symbols cargo build --release --locked --bin media-origin \
    && install -D target/release/media-origin /image/usr/bin/media-origin \
    && install -d /image/srv/media \
    && install -d -o 65532 -g 65532 /image/var/cache/media-origin

FROM gcr.io/distroless/cc-debian12:nonroot
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="media-origin" \
      org.opencontainers.image.description="The server behind WhatsApp media links" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.base.name="gcr.io/distroless/cc-debian12:nonroot"
COPY --from=build /image /
COPY packaging/container/media-origin.toml /etc/media-origin/media-origin.toml
# By number, so that Kubernetes can tell that it is not root.
USER 65532:65532
WORKDIR /srv
ENV CACHE_DIRECTORY=/var/cache/media-origin
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=7s --start-period=30s --retries=3 \
    CMD ["/usr/bin/media-origin", "health"]
ENTRYPOINT ["/usr/bin/media-origin"]
CMD ["serve", "--config", "/etc/media-origin/media-origin.toml"]
