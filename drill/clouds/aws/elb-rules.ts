import { requestIds, signatureProblem, xmlAnswer, xmlError } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireResponse } from '../wire/wire-shape.ts';

/** What a rule is made to be. */
export interface ChangedRule {
  readonly paths: readonly string[];
  readonly status: number;
  readonly body: string;
}

/** The rules of load balancers, by ARN, and what is done when one is changed; and the servers of target groups, by ARN. */
export interface ElbRulesOptions {
  readonly rules: ReadonlyMap<string, (rule: ChangedRule) => void>;
  /** The state of each server, as the load balancer says it. */
  readonly targets: ReadonlyMap<string, () => readonly string[]>;
}

const NAMESPACE = 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/';
const HOST = /^elasticloadbalancing\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;
/** Source: Elastic Load Balancing API, RuleCondition and FixedResponseActionConfig. */
const PATH_LENGTH_MAX = 128;
const BODY_LENGTH_MAX = 1024;
const STATUS = /^(?:2|4|5)\d\d$/;

const listOf = (form: URLSearchParams, prefix: string): string[] => {
  const values: string[] = [];
  for (let n = 1; form.has(`${prefix}.${n}`); n += 1) values.push(form.get(`${prefix}.${n}`) ?? '');
  return values;
};

function readRule(form: URLSearchParams): ChangedRule | string {
  const condition = 'Conditions.member.1';
  const action = 'Actions.member.1';
  const paths = listOf(form, `${condition}.PathPatternConfig.Values.member`);
  const status = form.get(`${action}.FixedResponseConfig.StatusCode`) ?? '';
  const body = form.get(`${action}.FixedResponseConfig.MessageBody`) ?? '';
  if (form.get(`${condition}.Field`) !== 'path-pattern' || paths.length === 0)
    return 'A rule must have a condition';
  if (paths.some((path) => path.length > PATH_LENGTH_MAX))
    return `A path pattern has at most ${PATH_LENGTH_MAX} characters`;
  if (form.get(`${action}.Type`) !== 'fixed-response' || !STATUS.test(status))
    return 'The status code of a fixed response must be 2XX, 4XX or 5XX';
  if (body.length > BODY_LENGTH_MAX) return `A message body has at most ${BODY_LENGTH_MAX} characters`;
  return { paths, status: Number(status), body };
}

interface Wire {
  readonly namespace: string;
  readonly requestId: string;
}

/** Source: Elastic Load Balancing API, DescribeTargetHealth. */
function targetHealth(
  form: URLSearchParams,
  seen: { readonly targets: ElbRulesOptions['targets']; readonly region: string; readonly wire: Wire },
): WireResponse {
  const arn = form.get('TargetGroupArn') ?? '';
  const states = arn.split(':')[3] === seen.region ? seen.targets.get(arn) : undefined;
  if (states === undefined)
    return xmlError(
      { status: 400, code: 'TargetGroupNotFound', message: `Target groups '${arn}' not found` },
      seen.wire,
    );
  const members = states().map((state, index) => {
    const reason = state === 'healthy' ? '' : '<Reason>Target.FailedHealthChecks</Reason>';
    return (
      `<member><Target><Id>10.0.${index}.10</Id><Port>8080</Port></Target>` +
      `<TargetHealth><State>${state}</State>${reason}</TargetHealth></member>`
    );
  });
  const { namespace, requestId } = seen.wire;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body:
      `<DescribeTargetHealthResponse xmlns="${namespace}"><DescribeTargetHealthResult><TargetHealthDescriptions>${members.join('')}` +
      `</TargetHealthDescriptions></DescribeTargetHealthResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></DescribeTargetHealthResponse>`,
  };
}

/** The control plane of load balancers, as far as rules are changed and servers looked at. Protocol: AWS Query, checked against its SDK client. */
export function elbRulesService({ rules, targets }: ElbRulesOptions): Service {
  const nextId = requestIds('elbv2');
  return {
    name: 'elbv2',
    handles: (request) => HOST.test(request.host),
    answer: (request) => {
      const form = new URLSearchParams(request.body);
      const action = form.get('Action') ?? 'a call without an action';
      if (action !== 'ModifyRule' && action !== 'DescribeTargetHealth')
        throw new UnexpectedCall(`the simulated Elastic Load Balancing does not know ${action}`);
      const wire = { namespace: NAMESPACE, requestId: nextId() };
      const region = HOST.exec(request.host)?.[1] ?? '';
      const problem = signatureProblem(request, { region, service: 'elasticloadbalancing' });
      if (problem !== null) return xmlError({ status: 403, ...problem }, wire);
      if (action === 'DescribeTargetHealth') return targetHealth(form, { targets, region, wire });
      const arn = form.get('RuleArn') ?? '';
      const change = rules.get(arn);
      if (change === undefined || arn.split(':')[3] !== region)
        return xmlError({ status: 400, code: 'RuleNotFound', message: `Rule '${arn}' not found` }, wire);
      const rule = readRule(form);
      if (typeof rule === 'string')
        return xmlError({ status: 400, code: 'ValidationError', message: rule }, wire);
      change(rule);
      return xmlAnswer('ModifyRule', {}, wire);
    },
  };
}
