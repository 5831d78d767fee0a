#!/usr/bin/env bash
# Loads one checked dump, from standard input, into an empty database. Runs in the restore pod, where the database is
# reachable; tested against a real server.
#
# The database itself remembers what was loaded, in pilotlight.restores. So a second run of the same correlation id does
# nothing, a load that was cut off is done again from the start, and data that users have written since an earlier restore
# are never thrown away without a person's word (REPLACE_DATA=true).
set -euo pipefail
scripts="$(dirname "${BASH_SOURCE[0]}")"

fail() {
  printf '##vso[task.logissue type=error]%s: %s\n' "$1" "$2"
  exit 1
}

require() {
  [[ "${!1-}" =~ ^($2)$ ]] || fail INVALID_INPUT "$1 is $(printf '%q' "${!1-}"), expected $3."
}

DATABASE_HOST="${DATABASE_HOST-}"
require DATABASE_HOST '[A-Za-z0-9.:-]+' 'a host name'
require ADMINISTRATOR_USER '[A-Za-z][A-Za-z0-9_]{0,31}' 'a user name'
require APPLICATION_USER '[A-Za-z][A-Za-z0-9_]{0,31}' 'a user name'
require DATABASE '[A-Za-z][A-Za-z0-9_]{0,63}' 'a database name'
require CORRELATION_ID '[A-Za-z0-9-]{1,64}' '1 to 64 of A-Z, a-z, 0-9 and -'
require BACKUP_SHA256 '[0-9a-f]{64}' 'the sha256 of the dump'
require BACKUP_CREATED_AT '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z' 'a UTC time'
DATABASE_PORT="${DATABASE_PORT:-3306}"
REPLACE_DATA="${REPLACE_DATA:-false}"
require DATABASE_PORT '[0-9]{1,5}' 'a port'
require REPLACE_DATA 'true|false' 'true or false'

# Filled by the functions below, which set a variable by its name.
administrator_password='' application_password='' finished=0 same=0 started=0 objects=0 restored='' charset=''

# read_password VARIABLE FILE : both characters would need quoting twice, in the option file and in SQL.
read_password() {
  local found
  [[ -r "$2" ]] || fail NO_PASSWORD "no password file $2. The secrets driver mounts it; look at the events of this pod."
  found="$(<"$2")"
  [[ "$found" =~ ^[^\'\"\\]{8,}$ ]] || fail NO_PASSWORD "the password in $2 is shorter than 8 or has a quote or a backslash. Set another one in the vault."
  printf -v "$1" '%s' "$found"
}
read_password administrator_password "${ADMINISTRATOR_PASSWORD_FILE:?}"
read_password application_password "${APPLICATION_PASSWORD_FILE:?}"

# An option file, because a password in the arguments could be read in the process list.
umask 077
options="$(mktemp)"
errors="$(mktemp)"
trap 'rm -f "$options" "$errors"' EXIT
printf '[client]\nhost=%s\nport=%s\nprotocol=tcp\nuser=%s\npassword="%s"\nloose-ssl-mode=%s\nconnect-timeout=15\ndefault-character-set=utf8mb4\n' \
  "$DATABASE_HOST" "$DATABASE_PORT" "$ADMINISTRATOR_USER" "$administrator_password" "${DATABASE_SSL_MODE:-REQUIRED}" >"$options"

sql() { mysql --defaults-file="$options" --batch --skip-column-names "$@"; }

# The line to show. A stream that was cut off comes first, since the client then meets half a statement; and a client may warn before it fails.
first_error() {
  grep -m 1 '^gzip: stdin' "$errors" || grep -m 1 'ERROR' "$errors" || grep -m 1 . "$errors" || echo 'no reason was given'
}

# The answer is read by `case` or compared, so an error of the client has to stop us first.
ask() {
  local answered
  answered="$(sql --execute="$2" 2>"$errors")" || fail DATABASE_REFUSED "$DATABASE_HOST answered: $(first_error). Is the server ready, and is the administrator's password in the vault the server's?"
  printf -v "$1" '%s' "$answered"
}

ask _ "CREATE DATABASE IF NOT EXISTS pilotlight;
  CREATE TABLE IF NOT EXISTS pilotlight.restores (
    correlation_id VARCHAR(64) NOT NULL PRIMARY KEY, backup_sha256 CHAR(64) NOT NULL, backup_created_at CHAR(20) NOT NULL,
    started_at DATETIME NOT NULL, finished_at DATETIME NULL)"
ask finished "SELECT COUNT(*) FROM pilotlight.restores WHERE finished_at IS NOT NULL"
ask same "SELECT COUNT(*) FROM pilotlight.restores WHERE finished_at IS NOT NULL AND correlation_id = '$CORRELATION_ID'"
ask started "SELECT COUNT(*) FROM pilotlight.restores WHERE finished_at IS NULL"
ask objects "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$DATABASE'"
ask charset "SELECT COALESCE(MAX(CONCAT('CHARACTER SET ', default_character_set_name, ' COLLATE ', default_collation_name)), 'CHARACTER SET utf8mb4')
  FROM information_schema.schemata WHERE schema_name = '$DATABASE'"

if ((same > 0)); then
  echo "Correlation id $CORRELATION_ID is already restored; the data are left as they are."
  exit 0
fi
if [[ "$REPLACE_DATA" != true ]]; then
  ((finished == 0)) ||
    fail DATABASE_IN_USE "$DATABASE on $DATABASE_HOST holds an earlier restore, and perhaps what users have written since. Nothing was changed. If those data may go, run again with replaceData=true; if not, bring them home first (failback)."
  ((objects == 0 || started > 0)) ||
    fail DATABASE_IN_USE "$DATABASE on $DATABASE_HOST has $objects tables or views that no restore put there. Nothing was changed. If they may go, run again with replaceData=true."
fi

# One session does it all, so that one lock covers it all. SQL outside a procedure has no `if`; a subquery that gives two rows
# where one is allowed is its way to stop, and the client stops at the first error.
# Tables come back as they were: Azure's default would give one without a primary key an invisible one, and refuse it if it counts by itself.
# The application's login goes first and comes back last: whoever can log in finds data that are complete.
load() {
  cat <<SQL
SELECT IF(GET_LOCK('pilotlight-restore', 0) = 1, 'locked', (SELECT 'another restore is running' UNION SELECT ''));
SELECT IF((SELECT COUNT(*) FROM pilotlight.restores WHERE finished_at IS NOT NULL) = $finished, 'unchanged', (SELECT 'another restore came first' UNION SELECT ''));
DROP USER IF EXISTS '$APPLICATION_USER'@'%';
REPLACE INTO pilotlight.restores VALUES ('$CORRELATION_ID', '$BACKUP_SHA256', '$BACKUP_CREATED_AT', UTC_TIMESTAMP(), NULL);
DROP DATABASE IF EXISTS \`$DATABASE\`;
CREATE DATABASE \`$DATABASE\` $charset;
USE \`$DATABASE\`;
/*!80030 SET SESSION sql_generate_invisible_primary_key = OFF */;
SQL
  gzip -dc | LC_ALL=C awk -f "$scripts/azure-dump.awk" || return 1
  cat <<SQL

SELECT IF((SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = '$DATABASE' AND table_type = 'BASE TABLE') > 0, 'loaded', (SELECT 'the dump made no table' UNION SELECT ''));
DELETE FROM pilotlight.restores WHERE finished_at IS NULL AND correlation_id <> '$CORRELATION_ID';
UPDATE pilotlight.restores SET finished_at = UTC_TIMESTAMP() WHERE correlation_id = '$CORRELATION_ID';
CREATE USER '$APPLICATION_USER'@'%' IDENTIFIED BY '$application_password';
GRANT SELECT, INSERT, UPDATE, DELETE, EXECUTE ON \`$DATABASE\`.* TO '$APPLICATION_USER'@'%';
SQL
}

if ! { load | sql >/dev/null; } 2>"$errors"; then
  if grep -q 'ERROR 1242' "$errors"; then
    fail RESTORE_BUSY "another restore into $DATABASE_HOST is running or came first, or the dump made no table. This one changed nothing that counts as finished. Wait for the other run, then start this one again."
  fi
  fail RESTORE_FAILED "the dump did not load into $DATABASE: $(first_error). The restore is marked as unfinished and the application has no login; a new run with the same correlation id begins again from an empty database."
fi
ask restored "SELECT CONCAT(COALESCE(SUM(table_type = 'BASE TABLE'), 0), ' tables and ', COALESCE(SUM(table_type = 'VIEW'), 0), ' views')
  FROM information_schema.tables WHERE table_schema = '$DATABASE'"
echo "Restored: $restored in $DATABASE, from the backup of $BACKUP_CREATED_AT."
