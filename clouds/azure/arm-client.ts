import type { HttpMethods, PipelineResponse } from '@azure/core-rest-pipeline';
import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../core/errors.ts';
import { shown } from '../../core/problems.ts';
import { errorWordsOf, jsonOf, makeAzureClient } from './azure-client.ts';
import type { AzureAccess, ErrorWords } from './azure-client.ts';
import { failureOf } from './errors.ts';
import type { AzureCall } from './errors.ts';

/** Azure Resource Manager of the public cloud. */
const ORIGIN = 'https://management.azure.com';

/** Where the standby's resources are. */
export interface ArmPlace {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Where the configuration names what is there, for a 404; that of the standby where it is left out. */
  readonly namedIn?: string;
}

/** One call on a resource of the standby's group. */
export interface ArmRequest {
  readonly method: HttpMethods;
  /** Provider, type and name, for instance `Microsoft.Network/applicationGateways/agw-standby`. */
  readonly resource: string;
  /** What follows the resource's path, for instance `/backendhealth`. */
  readonly action?: string;
  readonly apiVersion: string;
  /** Besides the version. */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** The action of Azure's role-based access that the call needs. */
  readonly permission: string;
}

/** An answer of Azure Resource Manager. */
export interface ArmAnswer {
  readonly call: AzureCall;
  readonly response: PipelineResponse;
  /** Null where the answer has no body. */
  readonly body: unknown;
}

export interface ArmClient {
  /** Null where the resource, or its group, does not exist. @throws CloudUnavailable, CloudRefused, CloudAnswerUnreadable */
  ask(request: ArmRequest): Promise<ArmAnswer | null>;
  /** Asks for the result of an operation that `answer` accepted. @throws the same */
  follow(answer: ArmAnswer): Promise<ArmAnswer>;
  /** Reads what lies under an address that an answer named. @throws the same, and where the address is not Azure's own */
  read(url: string, operation: string, permission: string): Promise<ArmAnswer>;
}

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string().default('') }) });

const errorWords = (response: PipelineResponse): ErrorWords =>
  errorWordsOf(response, errorSchema, (body) => body.error);

/** Codes of a 404 that speak of something above the group, which no pipeline run brings into being. */
const MISSING_FOR_GOOD: ReadonlySet<string | undefined> = new Set([
  'SubscriptionNotFound',
  'InvalidResourceType',
]);

/** True where a 404 says that the resource is not there yet, and not that the configuration is wrong. */
export const isNotThereYet = (status: number | undefined, code: string | undefined): boolean =>
  status === 404 && !MISSING_FOR_GOOD.has(code);

/** How the errors of a call on one of the standby's resources tell of it. */
export function armCall(place: ArmPlace, operation: string, permission: string): AzureCall {
  return {
    name: `Azure Resource Manager ${operation}`,
    permission: `a role with the action ${permission} on the resource group ${place.resourceGroup}`,
    namedIn: place.namedIn ?? 'standby.azure (subscriptionId, resourceGroup and names) in the configuration',
  };
}

/** The address under which an accepted operation is followed. It gets our token, so only Azure's own will do. */
function locationOf(answer: ArmAnswer): string {
  return ownAddress(answer.call, 'Location', answer.response.headers.get('location'));
}

function ownAddress(call: AzureCall, header: string, address: string | undefined): string {
  if (address !== undefined && URL.parse(address)?.origin === ORIGIN) return address;
  throw new CloudAnswerUnreadable(call.name, [
    `header ${header}: got ${shown(address)}, expected an address under ${ORIGIN}`,
  ]);
}

/** A client of Azure Resource Manager for one resource group. */
export function makeArmClient(place: ArmPlace, access: AzureAccess): ArmClient {
  const client = makeAzureClient(`${ORIGIN}/.default`, access);
  const group = `/subscriptions/${place.subscriptionId}/resourceGroups/${encodeURIComponent(place.resourceGroup)}`;
  const read = (call: AzureCall, response: PipelineResponse): ArmAnswer => {
    const { status } = response;
    if (status === 200 || status === 202 || status === 204)
      return { call, response, body: jsonOf(call, response) };
    throw failureOf(call, {
      status,
      ...errorWords(response),
      retryAfter: response.headers.get('retry-after'),
    });
  };
  return {
    ask: async (request) => {
      const action = request.action ?? '';
      const call = armCall(place, `${request.method} ${request.resource}${action}`, request.permission);
      const path = `${group}/providers/${request.resource}${action}`;
      const query = new URLSearchParams({ ...request.query, 'api-version': request.apiVersion });
      const response = await client.send({
        call,
        method: request.method,
        url: `${ORIGIN}${path}?${query.toString()}`,
        ...(request.body !== undefined && { body: request.body }),
      });
      const { status } = response;
      if (status === 404 && isNotThereYet(status, errorWords(response).code)) return null;
      return read(call, response);
    },
    follow: async (answer) => {
      const { call } = answer;
      return read(call, await client.send({ call, method: 'GET', url: locationOf(answer) }));
    },
    read: async (address, operation, permission) => {
      const call = armCall(place, `GET ${operation}`, permission);
      const url = ownAddress(call, 'Azure-AsyncOperation', address);
      return read(call, await client.send({ call, method: 'GET', url }));
    },
  };
}
