# The server alone in an image: no shell, no package manager, not root.
#
#   docker build -t media-origin .
#   docker run --rm -p 8080:8080 -v "$PWD/media:/srv/media:ro" media-origin
#
# /srv/config/media-origin.toml is read; mount your own over it. The control listener stays on the loopback address
# inside the container, where the health check asks it.

FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bin media-origin \
    && install -D target/release/media-origin /image/usr/bin/media-origin \
    && install -d -o 65532 -g 65532 /image/var/cache/media-origin

FROM gcr.io/distroless/cc-debian12:nonroot
LABEL org.opencontainers.image.title="media-origin" \
      org.opencontainers.image.description="A caching-aware origin for the media behind WhatsApp links" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /image /
COPY config/media-origin.toml /srv/config/media-origin.toml
COPY media /srv/media
WORKDIR /srv
ENV CACHE_DIRECTORY=/var/cache/media-origin
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=4s --start-period=5s --retries=3 \
    CMD ["/usr/bin/media-origin", "health"]
ENTRYPOINT ["/usr/bin/media-origin"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
