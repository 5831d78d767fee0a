import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ScriptBench } from './script-bench.ts';

/** What terraform/azure/always hands over, as far as the scripts read it. */
export const goodPilot = {
  names: {
    standby_group: 'rg-petclinic-standby',
    pilot_group: 'rg-petclinic-pilot',
    cluster: 'aks-petclinic',
    mysql_server: 'mysql-petclinic-1',
    database: 'petclinic',
  },
  subnet_cidrs: { database: '10.42.32.0/24', gateway: '10.42.16.0/24' },
  ingress_ip: '10.42.15.246',
  vault_id:
    '/subscriptions/s/resourceGroups/rg-petclinic-pilot/providers/Microsoft.KeyVault/vaults/kv-petclinic-1',
  tenant_id: 'bbbbbbbb-0000-0000-0000-000000000001',
  identities: {
    application: { client_id: 'bbbbbbbb-0000-0000-0000-000000000002' },
    restore: {
      client_id: 'bbbbbbbb-0000-0000-0000-000000000003',
      id: '/subscriptions/s/resourceGroups/rg-petclinic-pilot/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-petclinic-restore',
    },
  },
};

/** Puts a file into the folder that stands for Azure; tests change what is there. */
export const putAnswer = (bench: ScriptBench, name: string, text: string): void => {
  const file = join(bench.folder, 'azure', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

export const answerOf = (bench: ScriptBench, name: string): string =>
  readFileSync(join(bench.folder, 'azure', name), 'utf8').trim();

/** A standby that is there: a database that is ready and not yet prepared, and a cluster that is trusted. */
export const putStandby = (bench: ScriptBench): void => {
  putAnswer(
    bench,
    'blobs/petclinic/always.tfstate',
    JSON.stringify({ outputs: { pilot: { value: goodPilot } } }),
  );
  putAnswer(
    bench,
    'server',
    '{"state":"Ready","host":"mysql-petclinic-1.mysql.database.azure.com","login":"pilotlight"}',
  );
  putAnswer(bench, 'database', 'petclinic');
  putAnswer(
    bench,
    'cluster',
    '{"state":"Succeeded","power":"Running","issuer":"https://koreacentral.oic.prod-aks.azure.com/t/1/"}',
  );
  putAnswer(bench, 'trusted', 'https://koreacentral.oic.prod-aks.azure.com/t/1/');
  putAnswer(bench, 'parameters/enforce_gtid_consistency', 'OFF');
  putAnswer(bench, 'parameters/gtid_mode', 'OFF');
};

/**
 * An `az` that answers from the folder `azure` of the bench. What is not there is "not found", as with Azure. The server changes gtid_mode
 * by one step at a time and refuses anything else; a file `busy` with a number in it makes it refuse so many changes first.
 */
export const azStandIn = `
A="$BENCH/azure" name='' file='' value=''
for ((i = 1; i < $#; i++)); do
  next=$((i + 1))
  case "\${!i}" in --name | --database-name) name="\${!next}" ;; --file) file="\${!next}" ;; --value) value="\${!next}" ;; esac
done
answer() { cat "$A/$1" 2>/dev/null || { echo 'ERROR: (ResourceNotFound) it was not found.' >&2; exit 3; }; }
case "$*" in
  'storage blob exists'*) if [[ -e "$A/blobs/$name" ]]; then echo true; else echo false; fi ;;
  'storage blob upload'*)
    [[ ! -e "$A/blobs/$name" || "$*" == *--overwrite* ]] || { echo BlobAlreadyExists >&2; exit 1; }
    mkdir -p "$(dirname "$A/blobs/$name")"; cp "$file" "$A/blobs/$name" ;;
  'storage blob download'*) cp "$A/blobs/$name" "$file" 2>/dev/null || { echo 'ERROR: The specified blob does not exist.' >&2; exit 3; } ;;
  'storage blob delete'*) rm "$A/blobs/$name" ;;
  'mysql flexible-server show'*) answer server ;;
  'mysql flexible-server db show'*) answer database ;;
  'mysql flexible-server parameter show'*) answer "parameters/$name" ;;
  'mysql flexible-server parameter set'*)
    left="$(cat "$A/busy" 2>/dev/null || echo 0)"
    if ((left > 0)); then echo $((left - 1)) >"$A/busy"; echo 'ERROR: (ServerIsBusy) Please retry later.' >&2; exit 1; fi
    case "$name $(cat "$A/parameters/$name") $value" in
      'enforce_gtid_consistency OFF ON' | 'gtid_mode OFF OFF_PERMISSIVE' | 'gtid_mode OFF_PERMISSIVE ON_PERMISSIVE' | 'gtid_mode ON_PERMISSIVE ON') ;;
      *) echo 'ERROR: (InvalidParameterValue) one step at a time.' >&2; exit 1 ;;
    esac
    [[ "$name" != gtid_mode || "$(cat "$A/parameters/enforce_gtid_consistency")" == ON ]] || { echo 'ERROR: (InvalidParameterValue) consistency first.' >&2; exit 1; }
    echo "$value" | tee "$A/parameters/$name" ;;
  'aks show'*) answer cluster ;;
  'aks get-credentials'*) ;;
  'identity federated-credential show'*) answer trusted ;;
  'account show'*) echo 11111111-2222-3333-4444-555555555555 ;;
  *) echo "az: unexpected: $*" >&2; exit 64 ;;
esac
exit 0`;
