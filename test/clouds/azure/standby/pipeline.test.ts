import { RestError } from '@azure/core-rest-pipeline';
import { rejection } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

import {
  BUILDS,
  NAME,
  RUN,
  START,
  TAG,
  TIMELINE,
  build,
  list,
  noTimeline,
  pipeline,
  started,
  web,
} from './pipeline-fixture.ts';

describe('finding the run of a correlation id', () => {
  it('asks for its build number and reads its timeline', async () => {
    const { port, sent, wire } = pipeline({
      [BUILDS]: list(build()),
      [TIMELINE]: {
        status: 200,
        body: {
          records: [{ id: 's', type: 'Stage', name: 'Apply', state: 'inProgress', result: null, order: 1 }],
        },
      },
    });
    expect(await port.find('exec-1')).toEqual({
      runner: 'azure-devops',
      id: 752,
      name: NAME,
      state: 'running',
      result: null,
      url: 'https://dev.azure.com/contoso/p/_build/results?buildId=752',
      stages: [{ name: 'Apply', state: 'running', result: null, errors: [] }],
      waits: null,
      begun: false,
    });
    expect(wire()).toEqual([
      `GET /contoso/Failover Site/_apis/build/builds?definitions=42&statusFilter=all&queryOrder=queueTimeDescending&buildNumber=${NAME}&$top=5&api-version=7.1`,
      'GET /contoso/Failover Site/_apis/build/builds/752/timeline?api-version=7.1',
    ]);
    expect(sent[0]?.authorization).toBe('Bearer token-for-499b84ac-1321-427f-aa17-267ca6975798/.default');
  });

  it('takes the run that was queued first where there are two', async () => {
    const { port } = pipeline({
      [BUILDS]: list(build({ id: 753 }), build(), build({ id: 754 })),
      [TIMELINE]: noTimeline,
    });
    expect((await port.find('exec-1'))?.id).toBe(752);
  });

  it.each<[string, Record<string, unknown>]>([
    ['the tag of its start', { tags: [NAME] }],
    [
      'the parameters of its start',
      {
        templateParameters: { action: 'apply', workload: 'petclinic', correlationId: 'exec-1', tier: 'cold' },
      },
    ],
  ])('finds a run that does not carry its name yet by %s', async (_name, rest) => {
    const { port, wire } = pipeline({
      [BUILDS]: [
        list(),
        list(build({ id: 800, buildNumber: '20261123.2' }), build({ buildNumber: '20261123.1', ...rest })),
      ],
      [TIMELINE]: noTimeline,
    });
    expect(await port.find('exec-1')).toMatchObject({ id: 752, name: '20261123.1' });
    expect(wire()[1]).toBe(
      'GET /contoso/Failover Site/_apis/build/builds?definitions=42&statusFilter=all&queryOrder=queueTimeDescending&$top=50&api-version=7.1',
    );
  });

  it.each<[string, Record<string, unknown>]>([
    ['another correlation id', { action: 'apply', workload: 'petclinic', correlationId: 'exec-2' }],
    ['another action', { action: 'destroy', workload: 'petclinic', correlationId: 'exec-1' }],
    ['another workload', { action: 'apply', workload: 'shop', correlationId: 'exec-1' }],
  ])('does not take a run of %s for its own', async (_name, templateParameters) => {
    const other = build({ buildNumber: '20261123.1', tags: ['other'], templateParameters });
    const { port } = pipeline({ [BUILDS]: [list(), list(other)] });
    expect(await port.find('exec-1')).toBeNull();
  });

  it.each<[string, Answer]>([
    ['204', { status: 204 }],
    ['404', { status: 404 }],
    ['null', { status: 200, body: 'null' }],
  ])('reads a timeline answered by %s as no stages yet', async (_name, answer) => {
    const { port } = pipeline({ [BUILDS]: list(build()), [TIMELINE]: answer });
    expect((await port.find('exec-1'))?.stages).toEqual([]);
  });

  it('calls a list in another shape unreadable', async () => {
    const { port } = pipeline({ [BUILDS]: { status: 200, body: { value: [{ id: 'x' }] } } });
    const error = await rejection(port.find('exec-1'));
    expect(error.name).toBe('CloudAnswerUnreadable');
    expect(error.message).toContain('value.0.id: got "x", expected number');
  });

  it('calls a body that is not JSON unreadable', async () => {
    const { port } = pipeline({ [BUILDS]: { status: 200, body: 'oops' } });
    expect((await rejection(port.find('exec-1'))).message).toContain(
      'a body that is not JSON and begins with "oops"',
    );
  });
});

describe('starting a run', () => {
  it('queues it on the branch with string parameters, and tags it with its name to be', async () => {
    const { port, sent, wire } = pipeline({
      [BUILDS]: list(),
      [START]: started,
      [TAG]: { status: 200, body: [NAME] },
    });
    expect(await port.start('exec-1', { tier: 'cold' })).toEqual({
      runner: 'azure-devops',
      id: 752,
      name: '20261123.1',
      state: 'queued',
      result: null,
      url: 'https://dev.azure.com/contoso/p/_build/results?buildId=752',
      stages: [],
      waits: null,
      begun: false,
    });
    expect(wire().slice(2)).toEqual([
      'POST /contoso/Failover Site/_apis/pipelines/42/runs?api-version=7.1',
      `PUT /contoso/Failover Site/_apis/build/builds/752/tags/${NAME}?api-version=7.1`,
    ]);
    expect(sent[2]?.body).toEqual({
      resources: { repositories: { self: { refName: 'refs/heads/main' } } },
      templateParameters: { tier: 'cold', action: 'apply', workload: 'petclinic', correlationId: 'exec-1' },
    });
  });

  it('answers the run that is there and queues nothing', async () => {
    const { port, wire } = pipeline({
      [BUILDS]: list(build({ status: 'notStarted' })),
      [TIMELINE]: noTimeline,
    });
    expect(await port.start('exec-1', { tier: 'cold' })).toMatchObject({ id: 752, state: 'queued' });
    expect(wire().filter((line) => line.startsWith('POST'))).toEqual([]);
  });

  it('does not fail where only the tag is refused, because the run is queued', async () => {
    const { port } = pipeline({
      [BUILDS]: list(),
      [START]: started,
      [TAG]: { status: 403, body: { message: 'no' } },
    });
    expect((await port.start('exec-1', {})).id).toBe(752);
  });

  it('tells every fault that the validation found', async () => {
    const { port } = pipeline({
      [BUILDS]: list(),
      [START]: {
        status: 400,
        body: {
          message: 'Could not queue the build because there were validation errors or warnings.',
          typeKey: 'BuildRequestValidationFailedException',
          customProperties: {
            ValidationResults: [
              { result: 'error', message: "A value for the 'tier' parameter must be provided." },
              { result: 'error', message: 'Unexpected value tierr.' },
              { result: 'ok', message: 'fine' },
            ],
          },
        },
      },
    });
    const error = await rejection(port.start('exec-1', {}));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain(
      'got 400 BuildRequestValidationFailedException: Could not queue the build because there were validation errors ' +
        "or warnings. | A value for the 'tier' parameter must be provided. | Unexpected value tierr. ",
    );
  });

  it('sends no second POST where the answer was lost; the repeated step finds the run', async () => {
    const lost = new RestError('socket hang up', { code: 'ECONNRESET' });
    const { port, wire } = pipeline({
      [BUILDS]: [list(), list(), list(build())],
      [START]: lost,
      [TIMELINE]: noTimeline,
    });
    expect((await rejection(port.start('exec-1', {}))).name).toBe('CloudUnavailable');
    expect((await port.start('exec-1', {})).id).toBe(752);
    expect(wire().filter((line) => line.startsWith('POST'))).toHaveLength(1);
  });

  it('calls a start answered without an id unreadable', async () => {
    const { port } = pipeline({
      [BUILDS]: list(),
      [START]: { status: 200, body: { name: 'x', _links: web } },
    });
    expect((await rejection(port.start('exec-1', {}))).name).toBe('CloudAnswerUnreadable');
  });
});

describe('what Azure DevOps answers instead', () => {
  it.each<[string, Answer]>([
    ['203', { status: 203, body: '<html>' }],
    ['302', { status: 302, headers: { location: 'https://spsprodcus1.vssps.visualstudio.com/_signin' } }],
    [
      '200 with HTML',
      { status: 200, body: '<html>', headers: { 'content-type': 'text/html; charset=utf-8' } },
    ],
  ])('takes %s for an identity that is not in the organization', async (_name, answer) => {
    const error = await rejection(pipeline({ [RUN]: answer }).port.read(752));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain(
      'Add the identity to the organization contoso as a user with an access level (Basic)',
    );
  });

  it('takes an HTML page with a 503 for an outage and not for a sign-in', async () => {
    const answer: Answer = { status: 503, body: '<html>', headers: { 'content-type': 'text/html' } };
    expect((await rejection(pipeline({ [RUN]: answer }).port.read(752))).name).toBe('CloudUnavailable');
  });

  it('names the missing permission of a 403', async () => {
    const answer: Answer = {
      status: 403,
      body: { message: 'TF401027: You need it.', typeKey: 'AccessDenied' },
    };
    const error = await rejection(pipeline({ [RUN]: answer }).port.read(752));
    expect(error.message).toBe(
      'Azure DevOps GET build/builds/752 failed: got 403 AccessDenied: TF401027: You need it. ' +
        'Give the identity the permission View builds on the pipeline in the project Failover Site.',
    );
  });

  it('tells a body of an error that is not JSON as it is', async () => {
    const error = await rejection(pipeline({ [RUN]: { status: 400, body: 'Bad Request' } }).port.read(752));
    expect(error.message).toContain('got 400: Bad Request');
  });

  it('refuses a run that does not exist and names the configuration', async () => {
    const error = await rejection(
      pipeline({ [RUN]: { status: 404, body: { message: 'gone' } } }).port.read(752),
    );
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain(
      'Check standby.pipeline (organization, project, pipelineId) in the configuration',
    );
  });
});
