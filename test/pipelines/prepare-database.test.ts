import { answerOf, azStandIn, putAnswer, putStandby } from './helpers/azure-stand-in.ts';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

describeWith(['bash'], 'preparing the database for the replay', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', azStandIn);
    putStandby(bench);
  });
  afterEach(() => {
    bench.remove();
  });
  const prepare = () =>
    bench.run('pipelines/scripts/prepare-database.sh', { BUSY_PAUSE_SECONDS: '0' }, [
      'rg-petclinic-standby',
      'mysql-petclinic-1',
    ]);
  const changes = (): string[] =>
    bench
      .calls()
      .filter((line) => line.includes('parameter set'))
      .map((line) => /--name (\S+) --value (\S+)/.exec(line)?.slice(1).join('=') ?? line);

  it('takes the transaction ids into use one step at a time, consistency first', () => {
    expect(prepare()).toMatchObject({ status: 0, errors: [] });
    expect(changes()).toEqual([
      'enforce_gtid_consistency=ON',
      'gtid_mode=OFF_PERMISSIVE',
      'gtid_mode=ON_PERMISSIVE',
      'gtid_mode=ON',
    ]);
    expect(answerOf(bench, 'parameters/gtid_mode')).toBe('ON');
  });

  it('changes nothing where all is as it should be', () => {
    prepare();
    const before = changes().length;
    expect(prepare()).toMatchObject({ status: 0, errors: [] });
    expect(changes()).toHaveLength(before);
  });

  it('goes on from where an earlier run was cut off', () => {
    putAnswer(bench, 'parameters/enforce_gtid_consistency', 'ON');
    putAnswer(bench, 'parameters/gtid_mode', 'ON_PERMISSIVE');
    expect(prepare().status).toBe(0);
    expect(changes()).toEqual(['gtid_mode=ON']);
  });

  it('waits for a server that is busy with another change', () => {
    putAnswer(bench, 'busy', '3');
    expect(prepare()).toMatchObject({ status: 0, errors: [] });
    expect(answerOf(bench, 'parameters/gtid_mode')).toBe('ON');
  });

  it('does not wait where it is refused for good', () => {
    bench.program(
      'az',
      `case "$*" in *'parameter show'*) echo OFF ;; *) echo 'ERROR: (AuthorizationFailed) no.' >&2; exit 1 ;; esac`,
    );
    const { status, errors } = prepare();
    expect(status).toBe(1);
    expect(errors).toEqual([
      expect.stringMatching(
        /^DATABASE_NOT_PREPARED: the parameter enforce_gtid_consistency of mysql-petclinic-1 cannot be set to ON: .*AuthorizationFailed/,
      ),
    ]);
    expect(bench.calls().filter((line) => line.includes('parameter set'))).toHaveLength(1);
  });

  it('believes the value and not the answer of the operation', () => {
    bench.program('az', `case "$*" in *'parameter show'* | *'parameter set'*) echo OFF ;; esac`);
    expect(prepare().errors[0]).toMatch(
      /^DATABASE_NOT_PREPARED: the parameter enforce_gtid_consistency of mysql-petclinic-1 was set to ON and is OFF/,
    );
  });

  it('asks nothing again that the change itself has answered', () => {
    prepare();
    const reads = bench.calls().filter((line) => line.includes('parameter show'));
    expect(reads.map((line) => /--name (\S+)/.exec(line)?.[1])).toEqual([
      'enforce_gtid_consistency',
      'gtid_mode',
    ]);
    expect(bench.calls().filter((line) => line.includes('parameter set'))).toHaveLength(4);
  });

  it('stops at a mode that it does not know', () => {
    putAnswer(bench, 'parameters/gtid_mode', 'MAYBE');
    expect(prepare().errors[0]).toMatch(
      /^DATABASE_NOT_PREPARED: gtid_mode of mysql-petclinic-1 is 'MAYBE'; expected OFF, /,
    );
  });

  it('says so when the parameters cannot be read', () => {
    bench.program('az', `echo 'ERROR: (AuthorizationFailed) no.' >&2; exit 1`);
    expect(prepare().errors[0]).toMatch(
      /^DATABASE_NOT_PREPARED: the parameter enforce_gtid_consistency of mysql-petclinic-1 cannot be read: .*'Contributor' on rg-petclinic-standby/,
    );
  });
});
