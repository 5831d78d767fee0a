import { fill, type Draft } from '../../../cli/init/draft.ts';
import { fileText, NOTHING_FOUND, type Findings } from '../../../cli/init/file-text.ts';
import { defaultScenarioFor } from '../../../drill/default-scenario.ts';
import { readConfig } from '../../../core/config/read.ts';
import { runScenario } from '../../drill/fixture.ts';

/*
 * Goal: what `init` has written is drilled as it stands, examples and all. Method: the default scenario over files for sites
 * that have nothing in common with the shipped one.
 */

const OWN_IDS: Findings = {
  origins: {
    primary: { id: 'alb: dublin', domainName: 'lb.acme.org' },
    standby: null,
    maintenance: { id: 'blob', domainName: 'acme.z12.web.core.windows.net' },
  },
  alarms: null,
};

const you = (value: string) => ({ value, from: 'you' as const });
const drillOf = async (draft: Draft, findings: Findings = NOTHING_FOUND) => {
  const config = readConfig(fileText(fill(draft), findings));
  const { report, unexpected } = await runScenario(defaultScenarioFor(config), 1, { config });
  const broken = report.rules.filter(({ held }) => !held);
  return { outcome: report.outcome, unexpected, broken };
};

describe('the drill of a written file', () => {
  it.each<[string, Draft, Findings]>([
    ['in another Region, under another id', { 'primary-region': you('sa-east-1') }, NOTHING_FOUND],
    ['in the Region of the global alarms', { 'primary-region': you('us-east-1') }, NOTHING_FOUND],
    [
      'with a page of its own',
      {
        'primary-region': you('eu-west-1'),
        'deep-path': you('/orders?page=1'),
        'deep-text': you('My "orders"'),
      },
      NOTHING_FOUND,
    ],
    [
      'with a distribution that keeps its own origin ids',
      { 'primary-region': you('eu-west-1'), strategy: you('distribution') },
      OWN_IDS,
    ],
    [
      'with a standby that is somebody else’s',
      {
        'primary-region': you('eu-west-1'),
        tier: you('external'),
        'standby-domain': you('nginx.elsewhere.net'),
      },
      NOTHING_FOUND,
    ],
    ['with a parked standby', { 'primary-region': you('eu-west-1'), tier: you('parked') }, NOTHING_FOUND],
    [
      'without Azure DevOps',
      { 'primary-region': you('eu-west-1'), runner: you('container-job') },
      NOTHING_FOUND,
    ],
    [
      'that is not in AWS, with such a standby',
      { 'primary-region': you('none'), tier: you('external') },
      NOTHING_FOUND,
    ],
  ])(
    'fails over a site %s',
    async (_what, draft, findings) => {
      const site = { url: you('https://orders.acme.org'), ...draft };
      expect(await drillOf(site, findings)).toEqual({ outcome: 'FailedOver', unexpected: [], broken: [] });
    },
    60_000,
  );
});
