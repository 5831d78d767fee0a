import { requestIds, signatureProblem, xmlAnswer, xmlError } from './aws-wire.ts';
import { UnexpectedCall, type Service } from '../wire/wire-shape.ts';

/** What a rule is made to be. */
export interface ChangedRule {
  readonly paths: readonly string[];
  readonly status: number;
  readonly body: string;
}

/** The rules of load balancers, by ARN, and what is done when one is changed. */
export interface ElbRulesOptions {
  readonly rules: ReadonlyMap<string, (rule: ChangedRule) => void>;
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

/** The control plane of load balancers, as far as rules are changed. Protocol: AWS Query, checked against its SDK client. */
export function elbRulesService({ rules }: ElbRulesOptions): Service {
  const nextId = requestIds('elbv2');
  return {
    name: 'elbv2',
    handles: (request) => HOST.test(request.host),
    answer: (request) => {
      const form = new URLSearchParams(request.body);
      const action = form.get('Action') ?? 'a call without an action';
      if (action !== 'ModifyRule')
        throw new UnexpectedCall(`the simulated Elastic Load Balancing does not know ${action}`);
      const wire = { namespace: NAMESPACE, requestId: nextId() };
      const region = HOST.exec(request.host)?.[1] ?? '';
      const problem = signatureProblem(request, { region, service: 'elasticloadbalancing' });
      if (problem !== null) return xmlError({ status: 403, ...problem }, wire);
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
