# What can be known from a dump before it is loaded. Prints `fault TEXT` for each thing that the standby's database would refuse, each
# with the object's name, `database` if the dump chooses a database of its own, and at last `last TEXT`, how its last line begins.
#
# Only where a statement begins: neither the body of a routine (between DELIMITER lines) nor a row is one, whatever its lines look like.
# The database: Azure's, with lower_case_table_names=1, InnoDB and MEMORY only, and no right to set a global variable.
function fault(text) { if (++faults <= 5) print "fault " text }

# name(): what stands in the line's first backquotes.
function name() {
  if (!match(line, /`([^`]|``)*`/)) return "without a name"
  return substr(line, RSTART, RLENGTH < 66 ? RLENGTH : 66)
}

# take_name(KIND, NAME): tables and views share their names, which the standby's database compares in lower case. The dump's own
# DROP TABLE IF EXISTS would then remove the first table in silence, with its rows.
function take_name(kind, one, folded) {
  folded = tolower(one)
  if (folded in taken && taken[folded] != one)
    fault(kind " " one " and " taken[folded] " differ only by case, which is one name there: rename one of them")
  taken[folded] = one
}

NF { last = substr($0, 1, 40) }

/^DELIMITER ;;/ { in_body = 1; next }
/^DELIMITER ;$/ { in_body = 0; inside = ""; next }
in_body || /^--/ || /^[ \t]*$/ { next }

# A statement ends with its line: mysqldump writes a line break inside a value as \n.
{
  begins = inside == ""
  line = substr($0, 1, 400)
  if (begins) inside = "statement"
}

!begins && inside == "table" && /^\) / {
  options = $0
  sub(/ COMMENT='.*/, "", options)
  if (match(options, / ENGINE=[A-Za-z_]+/)) {
    engine = substr(options, RSTART + 8, RLENGTH - 8)
    if (tolower(engine) !~ /^(innodb|memory)$/) fault("table " table " has ENGINE=" engine ": change it to InnoDB")
  }
  if (options ~ / COLLATE=[a-z0-9_]*uca1400/) fault("table " table " has a collation that only MariaDB knows: change it, for instance to utf8mb4_unicode_ci")
}

begins {
  upper = toupper(line)
  sub(/^\/\*!M?[0-9]+ /, "", upper)
  if (upper ~ /^(USE |CREATE DATABASE )/) { if (!database++) print "database" }
  else if (upper ~ /^SET +(@@)?GLOBAL[ .]/ && upper !~ /^SET @@GLOBAL\.GTID_PURGED/) {
    sub(/^SET +(@@)?GLOBAL[ .] */, "", upper)
    sub(/[ =:].*/, "", upper)
    fault("the dump sets the global variable " tolower(substr(upper, 1, 64)) ": leave that out of it")
  } else if (upper ~ /^CHANGE (MASTER|REPLICATION SOURCE) /) fault("the dump sets up replication: dump without --source-data, or with --source-data=2")
  else if (upper ~ /^CREATE TABLE /) {
    table = name()
    inside = "table"
    take_name("table", table)
  }
  # The final definition of a view begins with its algorithm, on a line that ends no statement.
  if (line ~ /^\/\*!50001 CREATE ALGORITHM/) inside = "view"
}

!begins && inside == "view" && line ~ /^\/\*!50001 VIEW / { take_name("view", name()) }

substr($0, length($0) - 1) ~ /; ?$/ { inside = "" }

END {
  if (faults > 5) print "fault and " (faults - 5) " more"
  print "last " last
}
