/* Text as `mysqlbinlog` 9.7.4 writes it, in pieces from which a test builds a log. */

const UUID = '68e09b4e-ea66-11f1-86a0-02fc00000001';

/** The beginning of every text, with the event that describes the format. */
export const HEAD = `# The proper term is pseudo_replica_mode, but we use this compatibility alias
# to make the statement usable on server versions 8.0.24 and older.
/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=1*/;
/*!50003 SET @OLD_COMPLETION_TYPE=@@COMPLETION_TYPE,COMPLETION_TYPE=0*/;
DELIMITER /*!*/;
# at 4
#261127 13:28:19 server id 1  end_log_pos 127 CRC32 0x7075ba2d \tStart: binlog v 4, server v 9.7.4-2 created 261127 13:28:19 at startup
ROLLBACK/*!*/;
BINLOG '
c4UJaw8BAAAAewAAAH8AAAABAAQAOS43LjQtMgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
CigAAAEtunVw
'/*!*/;
# at 127
#261127 13:28:19 server id 1  end_log_pos 158 CRC32 0xdeae652e \tPrevious-GTIDs
# [empty]
`;

export const TAIL = `SET @@SESSION.GTID_NEXT= 'AUTOMATIC' /* added by mysqlbinlog */ /*!*/;
DELIMITER ;
# End of log file
/*!50003 SET COMPLETION_TYPE=@OLD_COMPLETION_TYPE*/;
/*!50530 SET @@SESSION.PSEUDO_SLAVE_MODE=0*/;
`;

/** What stands before a transaction that begins at that byte. `committedAt` in microseconds since the Unix epoch. */
export const gtid = (at: number, number: number, committedAt = 1_795_786_104_016_145): string => `# at ${at}
#261127 13:28:24 server id 1  end_log_pos ${at + 77} CRC32 0xe2af6572 \tGTID\tlast_committed=0\tsequence_number=${number}\trbr_only=no\toriginal_committed_timestamp=${committedAt}\timmediate_commit_timestamp=${committedAt}\ttransaction_length=182
# original_commit_timestamp=${committedAt} (2026-11-27 13:28:24.016145 UTC)
/*!80001 SET @@session.original_commit_timestamp=${committedAt}*//*!*/;
SET @@SESSION.GTID_NEXT= '${UUID}:${number}'/*!*/;
`;

export const use = (schema: string): string => `use \`${schema}\`/*!*/;\n`;

/** A statement, as it stands in the log. */
export const statement = (text: string): string =>
  `#261127 13:28:24 server id 1  end_log_pos 340 CRC32 0x6ffc7962 \tQuery\tthread_id=10\texec_time=0\terror_code=0\nSET TIMESTAMP=1795786104/*!*/;\n${text}\n/*!*/;\n`;

/** Rows of these tables, each as \`schema\`.\`name\`, in one BINLOG statement. */
export const rows = (tables: readonly string[], base64: readonly string[]): string =>
  `${tables
    .map(
      (table, index) =>
        `#261127 13:28:24 server id 1  end_log_pos 500 CRC32 0x1 \tTable_map: ${table} mapped to number ${90 + index}\n`,
    )
    .join(
      '',
    )}#261127 13:28:24 server id 1  end_log_pos 600 CRC32 0x2 \tWrite_rows: table id 90 flags: STMT_END_F\n\nBINLOG '\n${base64.map((line) => `${line}\n`).join('')}'/*!*/;\n`;

export const COMMIT = `# at 800\n#261127 13:28:24 server id 1  end_log_pos 831 CRC32 0x3 \tXid = 706\nCOMMIT/*!*/;\n`;
