#!/usr/bin/env bash
# Unpacks a real MySQL server and its clients for the tests of the restore and of the mover. MariaDB, which Debian's stable suite has instead,
# differs just where the restore must be right: rights, GTIDs, invisible primary keys, the dump program.
#
#   scripts/mysql-for-tests.sh node_modules/.cache/mysql      about 110 MB to fetch, half a minute; once
#
# Nothing is installed and nothing is started: packages of Debian's unstable suite, from the mirror that this machine uses already, are
# unpacked with the libraries that they need, and FOLDER/bin gets a wrapper for each program. Exit 3: not possible on this machine.
set -euo pipefail

folder="${1:?usage: scripts/mysql-for-tests.sh FOLDER}"
programs=(mysql mysqladmin mysqlbinlog mysqldump mysqld)

without() {
  printf '%s\n' "$1" >&2
  exit 3
}

is_whole() {
  local program
  for program in "${programs[@]}"; do
    [[ -x "$folder/bin/$program" ]] || return 1
  done
}
is_whole && exit 0

# wrap BIN: makes a wrapper in BIN for each program below $folder/unpacked; ends with 1 at the first that is not there.
wrap() {
  local program file loader libraries
  loader="$(find "$folder/unpacked" \( -name 'ld-linux-x86-64.so.2' -o -name 'ld-linux-aarch64.so.1' \) | head -n 1)"
  libraries="$(find "$folder/unpacked/usr/lib" -maxdepth 2 -type d -name '*-linux-gnu' | paste -sd :)"
  for program in "${programs[@]}"; do
    file="$(find "$folder/unpacked/usr/bin" "$folder/unpacked/usr/sbin" -type f -name "$program" 2>/dev/null | head -n 1)" || true
    [[ -n "$file" && -n "$loader" ]] || return 1
    printf '#!/bin/sh\nexec %q --library-path %q %q "$@"\n' "$loader" "$libraries" "$file" >"$1/$program"
    chmod +x "$1/$program"
  done
}

# The wrappers come last and together: a run that is cut off leaves nothing that looks whole.
replace_wrappers() {
  rm -rf "${folder:?}/bin"
  mv "$1" "$folder/bin"
}

# A folder of an earlier version has the programs and lacks a wrapper: nothing has to be fetched.
if [[ -d "$folder/unpacked/usr/lib" ]]; then
  folder="$(cd "$folder" && pwd)"
  mkdir -p "$folder/bin.new"
  if wrap "$folder/bin.new"; then
    replace_wrappers "$folder/bin.new"
    exit 0
  fi
  rm -rf "${folder:?}/bin.new"
fi

for program in apt-get dpkg-deb; do
  command -v "$program" >/dev/null || without "this machine has no $program"
done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -r "$keyring" ]] || without "this machine has no $keyring, so it is not a Debian"
mirror="$(cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
  sed -nE 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | head -n 1)" || true
[[ -n "$mirror" ]] || without "no mirror of Debian is in this machine's apt sources"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,archives/partial,parts,unpacked,bin}
: >"$work/status"
printf 'deb [signed-by=%s] %s unstable main\n' "$keyring" "$mirror" >"$work/sources.list"

# apt with a state of its own, in which no package is installed: so it fetches every library too, and leaves the machine's state alone.
own_apt() {
  timeout 300 apt-get -qq -o "Dir::State=$work" -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status" \
    -o "Dir::Cache=$work" -o "Dir::Cache::archives=$work/archives" -o "Dir::Etc::sourcelist=$work/sources.list" \
    -o "Dir::Etc::sourceparts=$work/parts" -o "APT::Sandbox::User=$(id -un)" -o APT::Install-Recommends=false "$@" >/dev/null
}
own_apt update || without "$mirror does not give the lists of Debian's unstable suite"
own_apt install --download-only --yes mysql-server-core mysql-client-core || without "$mirror does not give MySQL's packages"
for package in "$work"/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work/unpacked" --wildcards --exclude='*/perl*' --exclude='*/gconv/*' --exclude='./usr/share/[!m]*' \
    --exclude='./usr/share/man' --exclude='./etc' --exclude='./var' || without "$mirror gave ${package##*/}, which cannot be unpacked"
done

mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"
rm -rf "${folder:?}/unpacked" "${folder:?}/bin"
mv "$work/unpacked" "$folder/unpacked"
wrap "$work/bin" || without "the packages of $mirror lack one of ${programs[*]} for this machine"
replace_wrappers "$work/bin"
