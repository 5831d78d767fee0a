import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readConfig } from '../../core/config/read.ts';
import { warningsOf } from '../../core/config/rules.ts';
import { isAboutExamples } from '../../core/config/rules/examples.ts';
import { alarmsOf } from '../../core/watch/detection.ts';
import { defaultScenarioFor } from '../../drill/default-scenario.ts';
import { refuseUnfit } from '../../drill/fit.ts';
import { readScenario } from '../../drill/scenario.ts';
import { REPOSITORY, runScenario } from '../drill/fixture.ts';
import { azureWordsIn, templatesOf } from '../lib/synthesized.ts';

/*
 * Goal: the worked example of a standby that is somebody else's is right as it stands: it is accepted, becomes stacks without
 * a word of Azure, and the drill that its page tells to run fails it over.
 */

const FOLDER = path.join(REPOSITORY, 'examples', 'external');
const fileOf = (name: string): string => readFileSync(path.join(FOLDER, name), 'utf8');
const config = readConfig(fileOf('pilotlight.config.yaml'));
const shop = config.workloads['shop']!;

describe('the example of an external standby', () => {
  it('has no warning but that its names are made up', () => {
    expect(warningsOf(config).filter((warning) => !isAboutExamples(warning))).toEqual([]);
  });

  it('counts the alarms that its comment counts', () => {
    const speaking = alarmsOf('shop', shop, config.controller.region).filter(
      ({ region }) => region !== shop.primary.region,
    );
    expect(speaking.map(({ region }) => region)).toEqual(['eu-central-1', 'us-east-1', 'us-east-1']);
  });

  it('becomes stacks in which nothing of Azure is', () => {
    const templates = templatesOf(config);
    expect([...templates.keys()].filter((name) => name.startsWith('PilotlightController'))).toHaveLength(1);
    expect(azureWordsIn(templates)).toEqual([]);
  }, 60_000);

  it.each([1, 2, 3])(
    'is failed over by the drill that fits it, with seed %d',
    async (seed) => {
      const name = defaultScenarioFor(config);
      refuseUnfit(name, readScenario(name).scenario, config);
      const { report, unexpected } = await runScenario(name, seed, { config });
      const broken = report.rules.filter(({ held }) => !held);
      expect({ outcome: report.outcome, unexpected, broken }).toEqual({
        outcome: 'FailedOver',
        unexpected: [],
        broken: [],
      });
      expect(report.users.splitBrainWrites).toBe(0);
    },
    60_000,
  );

  it('has an nginx that answers under the name of the standby, and names itself', () => {
    const nginx = fileOf('nginx.conf');
    expect(nginx).toContain(`server_name ${shop.standby.domainName};`);
    expect(nginx).toContain('add_header x-pilotlight-origin standby always;');
    expect(nginx).toContain('$http_x_pilotlight_origin_secret');
    const { data } = shop;
    const lag = data.mode === 'none' ? new URL(data.probe?.url ?? '') : null;
    expect(nginx).toContain(`location = ${lag?.pathname ?? '?'} {`);
  });
});
