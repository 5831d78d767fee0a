# Makes a dump loadable with the rights that Azure gives an administrator (no SUPER, no SET_ANY_DEFINER), on the stream, line by line.
#
# Views, triggers, routines and events lose their DEFINER, so that they belong to whoever restores; statements about GTIDs and the
# binary log are left out, since they need rights that nobody has there, or would keep the data from replicas. So is MariaDB's line about
# its client's sandbox, which the client of MySQL takes for a command of its own that it does not know.
#
# The pod has awk: the start script of the official image of MySQL reads the server's settings with it.
#
# A row is never touched: mysqldump writes a line break inside a value as \n, so no line of data begins like these. The body of a
# routine keeps its line breaks: there only the first line after `DELIMITER ;;` and such settings can be a statement of the dump.
BEGIN { account = "(`([^`]|``)*`|[^` @]+)@(`([^`]|``)*`|[^` *]+)" }

in_gtids { if (/;[ \t]*$/) in_gtids = 0; next }

/^DELIMITER ;;$/ { in_body = 1; first = 1; print; next }
/^DELIMITER ;$/ { in_body = 0; print; next }
in_body && !first { print; next }

!in_body && /^\/\*M?!999999\\- enable the sandbox mode \*\// { next }
!in_body && /^SET @@GLOBAL\.GTID_PURGED *=/ { if (!/;[ \t]*$/) in_gtids = 1; next }
!in_body && /^SET (@MYSQLDUMP_TEMP_LOG_BIN *=|@@SESSION\.SQL_LOG_BIN *=)/ { next }

# An event comes after the settings of its session, each whole on a line of its own.
in_body && /^\/\*!50003 SET .*\*\/ *;;$/ { print; next }

{ first = 0 }
/^\/\*!50013 DEFINER=/ { sub("DEFINER=" account " ", "") }
/^\/\*!50003 CREATE\*\/ \/\*!50017 DEFINER=/ { sub("/\\*!50017 DEFINER=" account "\\*/ ", "") }
/^\/\*!50106 CREATE\*\/ \/\*!50117 DEFINER=/ { sub("/\\*!50117 DEFINER=" account "\\*/ ", "") }
/^CREATE DEFINER=/ { sub("DEFINER=" account " ", "") }
{ print }
