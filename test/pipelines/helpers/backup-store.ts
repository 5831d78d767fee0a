import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { minutesFromNow, type ScriptBench } from './script-bench.ts';

/** A dump as mysqldump writes it: tables, rows, and its closing line. */
export const goodDump = [
  '-- MySQL dump',
  'DROP TABLE IF EXISTS `owners`;',
  'CREATE TABLE `owners` (`id` int NOT NULL AUTO_INCREMENT, `last_name` varchar(30), PRIMARY KEY (`id`));',
  'LOCK TABLES `owners` WRITE;',
  "INSERT INTO `owners` VALUES (1,'Franklin'),(2,'Davis; DROP'),(3,'Müller');",
  'UNLOCK TABLES;',
  '-- Dump completed on 2026-11-22  3:00:04',
  '',
].join('\n');

/** What a backup in the store looks like; each field can be made wrong on its own. */
export interface BackupPlan {
  readonly timestamp?: string;
  readonly dump?: Buffer;
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** The manifest as raw text, in place of a JSON object. */
  readonly manifestText?: string;
  readonly withManifest?: boolean;
}

/** The sha256 of the bytes, in hexadecimal. */
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Puts one backup into the folder that stands for the container `backups`. */
export const putBackup = (bench: ScriptBench, plan: BackupPlan = {}): Buffer => {
  const dump = plan.dump ?? gzipSync(goodDump);
  const folder = join(bench.folder, 'backups/petclinic', plan.timestamp ?? '20261122T030000Z');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'dump.sql.gz'), dump);
  const manifest = {
    schemaVersion: 1,
    sha256: sha256(dump),
    size: dump.length,
    createdAt: minutesFromNow(-10),
    sourceServer: 'petclinic-replica.eu-west-1.example.com',
    ...plan.manifest,
  };
  if (plan.withManifest !== false) {
    writeFileSync(join(folder, 'manifest.json'), plan.manifestText ?? JSON.stringify(manifest));
  }
  return dump;
};

/** An `az` that lists and serves the files of the bench's folder `backups`, as the storage commands would. */
export const azWithBackups = `
case "$*" in
  'storage blob list'*) cd "$BENCH/backups" 2>/dev/null && find petclinic -type f ;;
  'storage blob download'*)
    name='' file=''
    while (($#)); do
      case "$1" in --name) name="$2" ;; --file) file="$2" ;; esac
      shift
    done
    cp "$BENCH/backups/$name" "$file" 2>/dev/null || { echo 'ERROR: The specified blob does not exist.' >&2; exit 3; } ;;
  'storage blob exists'*) if [[ -e "$BENCH/marker" ]]; then echo true; else echo false; fi ;;
  'storage blob upload'*) touch "$BENCH/marker" ;;
  'account show'*) echo 11111111-2222-3333-4444-555555555555 ;;
  'aks get-credentials'*) ;;
  *) echo "az: unexpected: $*" >&2; exit 64 ;;
esac
exit 0`;

/** Reads what the script left in its folder. */
export const selected = (bench: ScriptBench): unknown =>
  JSON.parse(readFileSync(join(bench.folder, 'out/selected.json'), 'utf8'));
