import { requestIds, signatureProblem, xmlError } from '../../../../drill/clouds/aws/aws-wire.ts';
import { callerIdentityService } from '../../../../drill/clouds/aws/sts-caller-identity.ts';
import {
  Network,
  type Fault,
  type Service,
  type WireRequest,
  type WireResponse,
} from '../../../../drill/clouds/wire/wire.ts';
import { ACCESS_KEY } from '../../../drill/clouds/fixture.ts';
import {
  answerCloudFront,
  answerCloudWatch,
  answerElb,
  ARN_ID,
  ELB,
  type SimulatedAccount,
} from './account-services.ts';

/* The account on a network, with whatever refuses in front of it, and a shop in Seoul to find there. */

/** An operation by its name, as these tests speak of it. */
export const operationOf = (request: WireRequest): string => {
  const target = request.headers['x-amz-target']?.split('.').at(-1);
  const action = new URLSearchParams(request.body).get('Action');
  if (target !== undefined || action !== null) return target ?? action ?? '';
  if (request.path.includes('/function/')) return 'DescribeFunction';
  return request.path.endsWith('/distribution') ? 'ListDistributions' : 'GetDistribution';
};

/** AccessDenied in the words of each protocol. */
export const denied = (request: WireRequest): WireResponse =>
  request.headers['x-amz-target'] === undefined
    ? xmlError(
        { status: 403, code: 'AccessDenied', message: 'not authorized' },
        { namespace: ELB, requestId: 'r-1' },
      )
    : {
        status: 400,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized' }),
      };

export const throttled = (): WireResponse =>
  xmlError(
    { status: 400, code: 'Throttling', message: 'Rate exceeded' },
    { namespace: ELB, requestId: 'r-1' },
  );

const service = (name: string, host: RegExp, answer: (request: WireRequest) => WireResponse): Service => ({
  name,
  handles: (request) => host.test(request.host),
  answer(request) {
    const region = name === 'cloudfront' ? 'us-east-1' : (request.host.split('.')[1] ?? '');
    const stranger = signatureProblem(request, { region, service: name });
    if (stranger === null) return answer(request);
    return xmlError({ status: 403, ...stranger }, { namespace: ELB, requestId: requestIds(name)() });
  },
});

interface AccountNetwork {
  readonly network: Network;
  /** Operations in their order, with the Region that was asked. */
  readonly calls: string[];
  /** For the adapters. */
  readonly access: {
    readonly transport: ReturnType<Network['awsRequestHandler']>;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** The account on a network; a fault is put in front of the operations of one name. */
export function accountNetwork(
  account: SimulatedAccount,
  fault: Readonly<Record<string, (request: WireRequest) => Fault>> = {},
): AccountNetwork {
  const calls: string[] = [];
  const arn = `arn:aws:sts::${account.id}:assumed-role/on-call/jane`;
  const principals = new Map([[ACCESS_KEY, { roleArn: arn, sessionEndsAt: Number.MAX_SAFE_INTEGER }]]);
  const network = new Network({
    services: [
      callerIdentityService({ account: account.id, principals }),
      service('cloudfront', /^cloudfront\./, (request) => answerCloudFront(account, request)),
      service('elasticloadbalancing', /^elasticloadbalancing\./, (request) => answerElb(account, request)),
      service('monitoring', /^monitoring\./, (request) => answerCloudWatch(account, request)),
    ],
    fault: (_service, request) => fault[operationOf(request)]?.(request) ?? null,
    onCall: ({ request }) => {
      const region = request.host.split('.').at(-3) ?? '';
      calls.push(`${operationOf(request)} ${region === 'cloudfront' ? 'global' : region}`);
    },
  });
  const credentials = { accessKeyId: ACCESS_KEY, secretAccessKey: 'secret' };
  return { network, calls, access: { transport: network.awsRequestHandler(), credentials } };
}

export const ACCOUNT = '222233334444';
export const STORE = `arn:aws:cloudfront::${ACCOUNT}:key-value-store/0f1e2d3c-5678-4abc-8def-1234567890ab`;
const SHOP = `arn:aws:cloudfront::${ACCOUNT}:function/shop-route`;

/** A shop in Seoul, found on the second page of everything. */
export const shopAccount = (more: Partial<SimulatedAccount> = {}): SimulatedAccount => ({
  id: ACCOUNT,
  distributions: [
    { id: 'E1AAAAAAAAAAAA', aliases: [], origins: { x: 'x.acme.org' }, target: 'x' },
    { id: 'E1BBBBBBBBBBBB', aliases: ['*.acme.org'], origins: { y: 'y.acme.org' }, target: 'y' },
    {
      id: 'E1SHOPSHOPSHOP',
      aliases: ['shop.acme.org', 'www.shop.acme.org'],
      origins: {
        primary: 'origin.shop.acme.org',
        standby: 'shop-standby.koreacentral.cloudapp.azure.com',
        maintenance: 'shopweb.z12.web.core.windows.net',
      },
      target: 'primary',
      viewerRequest: SHOP,
    },
  ],
  functions: { 'shop-route': STORE, redirects: null },
  balancers: {
    'ap-northeast-2': [
      { name: 'shop-internal', dnsName: 'internal-shop-1.ap-northeast-2.elb.amazonaws.com', internal: true },
      { name: 'shop-tcp', dnsName: 'shop-tcp-2.elb.ap-northeast-2.amazonaws.com', type: 'network' },
      {
        name: 'shop',
        dnsName: 'Shop-3.ap-northeast-2.elb.amazonaws.com',
        groups: { admin: '/admin/up', canary: '/up', web: '/healthz' },
        listeners: { 'HTTP:80': {}, 'HTTPS:8443': { admin: 1 }, 'HTTPS:443': { canary: 5, web: 95 } },
      },
    ],
  },
  alarms: {
    'ap-northeast-2': [
      { name: 'other', metric: 'HTTPCode_ELB_5XX_Count', loadBalancer: `app/other/${ARN_ID}` },
      { name: 'disk', metric: 'VolumeQueueLength' },
      { name: 'shop-5xx', metric: 'HTTPCode_ELB_5XX_Count', loadBalancer: `app/shop/${ARN_ID}` },
      { name: 'shop-share', metric: 'RequestCount', loadBalancer: `app/shop/${ARN_ID}`, expression: true },
    ],
  },
  ...more,
});
