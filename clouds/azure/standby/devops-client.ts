import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { CloudRefused } from '../../../core/errors.ts';
import { errorWordsOf, jsonOf, makeAzureClient } from '../azure-client.ts';
import type { AzureAccess, ErrorWords } from '../azure-client.ts';
import { failureOf } from '../errors.ts';
import type { AzureCall } from '../errors.ts';

/** The resource id of Azure DevOps in every tenant. Source: Azure DevOps, "Authenticate with Entra ID tokens". */
const SCOPE = '499b84ac-1321-427f-aa17-267ca6975798/.default';
const API_VERSION = '7.1';

/** One call below `https://dev.azure.com/{organization}/{project}/_apis/`. */
export interface DevOpsRequest {
  readonly method: HttpMethods;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** What the identity must be allowed to do, as Azure DevOps spells it. */
  readonly permission: string;
  /** Statuses beside 200 that are answers to this call. */
  readonly answers?: readonly number[];
}

export interface DevOpsAnswer {
  readonly call: AzureCall;
  readonly status: number;
  /** Null where the answer has no body. */
  readonly body: unknown;
}

export interface DevOpsClient {
  /** @throws CloudUnavailable, CloudRefused, CloudAnswerUnreadable */
  ask(request: DevOpsRequest): Promise<DevOpsAnswer>;
}

/** The error body; `customProperties.ValidationResults` holds every fault of a run's parameters and YAML. */
const errorSchema = z.object({
  message: z.string().nullish(),
  typeKey: z.string().nullish(),
  customProperties: z
    .object({
      ValidationResults: z.array(z.object({ result: z.string().nullish(), message: z.string() })).nullish(),
    })
    .nullish(),
});

const errorWords = (response: PipelineResponse): ErrorWords =>
  errorWordsOf(response, errorSchema, (body) => {
    const faults = (body.customProperties?.ValidationResults ?? [])
      .filter((result) => result.result !== 'ok')
      .map((result) => result.message);
    // Often the first fault is the message, too: each is said once.
    const messages = [...new Set([body.message ?? '', ...faults])].filter((message) => message !== '');
    return { code: body.typeKey ?? undefined, message: messages.join(' | ') };
  });

/**
 * Azure DevOps shows an identity that it does not know its sign-in page: 203 or 302, or HTML with a status of success.
 * A gateway's error page is HTML too, but comes with its own status.
 */
const isSignInPage = (response: PipelineResponse): boolean =>
  response.status === 203 ||
  (response.status >= 300 && response.status < 400) ||
  (response.status < 300 && (response.headers.get('content-type') ?? '').includes('text/html'));

const signInRefusal = (call: AzureCall, response: PipelineResponse, organization: string): CloudRefused =>
  new CloudRefused({
    call: call.name,
    got: `${response.status} and a sign-in page instead of an answer`,
    next:
      `Add the identity to the organization ${organization} as a user with an access level (Basic), check that the ` +
      `organization is connected to its tenant, and give it ${call.permission}.`,
  });

/** A client of one Azure DevOps project. */
export function makeDevOpsClient(
  place: { organization: string; project: string },
  access: AzureAccess,
): DevOpsClient {
  const client = makeAzureClient(SCOPE, access);
  const base = `https://dev.azure.com/${encodeURIComponent(place.organization)}/${encodeURIComponent(place.project)}/_apis`;
  return {
    ask: async (request) => {
      const call: AzureCall = {
        name: `Azure DevOps ${request.method} ${request.path}`,
        permission: `${request.permission} on the pipeline in the project ${place.project}`,
        namedIn: 'standby.pipeline (organization, project, pipelineId) in the configuration',
      };
      const query = new URLSearchParams({ ...request.query, 'api-version': API_VERSION });
      const response = await client.send({
        call,
        method: request.method,
        url: `${base}/${request.path}?${query.toString()}`,
        ...(request.body !== undefined && { body: request.body }),
      });
      const { status } = response;
      if (isSignInPage(response)) throw signInRefusal(call, response, place.organization);
      if (status === 200) return { call, status, body: jsonOf(call, response) };
      if (request.answers?.includes(status)) return { call, status, body: null };
      throw failureOf(call, {
        status,
        ...errorWords(response),
        retryAfter: response.headers.get('retry-after'),
      });
    },
  };
}
