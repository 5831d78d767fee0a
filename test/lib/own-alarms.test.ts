import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fullConfig, templatesOf } from './synthesized.ts';

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly TreatMissingData: string;
}

/** The alarms that tell people, apart from those of the workloads, which start a run instead. */
const alarms = [...templatesOf(fullConfig()).values()].flatMap((template) =>
  Object.values(template.findResources('AWS::CloudWatch::Alarm') as Record<string, { Properties: Alarm }>)
    .map(({ Properties }) => Properties)
    .filter(({ AlarmActions }) => AlarmActions !== undefined),
);

const runbook = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
const sections = [...runbook.matchAll(/^## (?<heading>.+)$/gm)].map(
  ({ groups }) => groups?.['heading'] ?? '',
);
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

const DESCRIPTION = /^\[(?:critical|warning)\] [A-Z].*\. Runbook: docs\/runbook\.md#(?<anchor>[a-z-]+)$/;

describe('the alarms on Pilotlight itself', () => {
  it('are these, shaped like paths', () => {
    const names = [...new Set(alarms.map(({ AlarmName }) => AlarmName))];
    expect(names.filter((name) => !name.includes('/function/')).toSorted()).toEqual([
      'pilotlight/controller/dead-letters-forgotten',
      'pilotlight/controller/dead-letters-waiting',
      'pilotlight/controller/execution-aborted',
      'pilotlight/controller/execution-failed',
      'pilotlight/controller/execution-throttled',
      'pilotlight/controller/execution-timed-out',
      'pilotlight/controller/steps-failing',
      'pilotlight/data/dump-failed',
      'pilotlight/data/not-measured',
      'pilotlight/data/recovery-point-too-old',
      'pilotlight/data/recovery-point-unknown',
      'pilotlight/data/restore-unproven',
      'pilotlight/detection/dead-letters-forgotten',
      'pilotlight/detection/dead-letters-waiting',
      'pilotlight/edge/spread-slow',
      'pilotlight/watch/evidence-refused',
      'pilotlight/watch/failing',
      'pilotlight/watch/looks-failing',
      'pilotlight/watch/place-silent',
      'pilotlight/watch/stopped',
    ]);
  });

  it('are of one function alone only where no run waits for it: those around Slack, and the two that close runs', () => {
    const names = alarms.map(({ AlarmName }) => AlarmName).filter((name) => name.includes('/function/'));
    expect(names.toSorted()).toEqual([
      'pilotlight/controller/function/close-run/failing',
      'pilotlight/controller/function/follow-execution/failing',
      'pilotlight/controller/function/slack-gateway/failing',
      'pilotlight/controller/function/slack-worker/failing',
      'pilotlight/controller/function/watch-runs/failing',
    ]);
  });

  it.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
    '%s says how bad it is, what happened and where to read on',
    (_, alarm) => {
      expect(alarm.AlarmDescription).toMatch(DESCRIPTION);
      // Silence is good news for all but the alarms on silence.
      const ofSilence = ['pilotlight/watch/stopped', 'pilotlight/data/not-measured'].includes(
        alarm.AlarmName,
      );
      expect(alarm.TreatMissingData).toBe(ofSilence ? 'breaching' : 'notBreaching');
    },
  );
});

describe('the runbook', () => {
  const linked = alarms.map(({ AlarmDescription }) => DESCRIPTION.exec(AlarmDescription)?.groups?.['anchor']);

  it('has a section for every alarm, and no section without one', () => {
    expect(sections.map(anchorOf).toSorted()).toEqual([...new Set(linked)].toSorted());
  });

  it.each(sections)('says of "%s" what it is, how to look into it and what to do', (section) => {
    const text = runbook.split(/^## /m).find((part) => part.startsWith(`${section}\n`)) ?? '';
    const parts = [...text.matchAll(/^### (?<part>.+)$/gm)].map(({ groups }) => groups?.['part']);
    expect(parts).toEqual(['Description', 'Investigation', 'Resolution']);
  });
});
