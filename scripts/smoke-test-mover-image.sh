#!/usr/bin/env bash
# Looks at an image of the mover as both sides run it: not as root, with nothing to write to but what is mounted.
#
#   scripts/smoke-test-mover-image.sh IMAGE PLATFORM       PLATFORM is linux/amd64 or linux/arm64
set -euo pipefail

image="${1:?usage: scripts/smoke-test-mover-image.sh IMAGE PLATFORM}"
platform="${2:?usage: scripts/smoke-test-mover-image.sh IMAGE PLATFORM}"

inside() {
  docker run --rm --platform "$platform" --network none --read-only --user 10001:10001 --cap-drop ALL --security-opt no-new-privileges \
    --tmpfs /tmp:rw,mode=1777 --entrypoint "$1" "$image" "${@:2}"
}
fail() {
  printf '%s on %s: %s\n' "$image" "$platform" "$1" >&2
  exit 1
}

inside mover --help | grep -q '^The mover of Pilotlight' || fail 'mover --help says something else'
for command in dump ship apply verify prove status; do
  inside mover "$command" --help | grep -q "^mover $command" || fail "mover $command --help says something else"
done
inside node --version | grep -q '^v24\.' || fail 'node is not of version 24'
for program in mysql mysqldump mysqlbinlog mysqld; do
  inside "$program" --version | grep -q ' 8\.4\.' || fail "$program is not of MySQL 8.4"
done
# What a proof begins with: `mysqld --version` is good without the files that a server needs to make its data.
inside mysqld --no-defaults --initialize-insecure --datadir=/tmp/data --user=mover --secure-file-priv= --lower-case-table-names=1 --innodb-redo-log-capacity=8M \
  >/dev/null 2>&1 || fail 'mysqld cannot make the data of a private server'
[[ "$(inside id -u)" == 10001 ]] || fail 'it does not run as 10001'
# What the manifests and the units name.
inside test -s /usr/local/share/pilotlight/rds-ca.pem || fail 'the certificates of RDS are missing'
inside test -s /etc/ssl/certs/ca-certificates.crt || fail 'the public certificates are missing'
inside /usr/bin/test -d /var/lib/pilotlight-mover || fail 'there is no folder for what is on its way'
status=0
inside mover apply 2>/dev/null || status=$?
((status == 2)) || fail "a command without options ended with $status, expected 2"
printf '%s on %s is as it should be\n' "$image" "$platform"
