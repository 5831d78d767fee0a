import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, createContext, Script } from 'node:vm';

/** A header, a query parameter or a cookie, as CloudFront Functions hand it over. Header names are lower case. */
export interface EdgeValue {
  value: string;
  multiValue?: { value: string }[];
  /** Of a cookie in a response only. */
  attributes?: string;
}

/** What the viewer asks, or what the function passes on in its place. */
export interface EdgeRequest {
  readonly method: string;
  uri: string;
  querystring: Record<string, EdgeValue>;
  headers: Record<string, EdgeValue>;
  cookies: Record<string, EdgeValue>;
}

/** What the viewer gets. The body is there only when the function wrote it itself. */
export interface EdgeResponse {
  statusCode: number;
  statusDescription?: string;
  headers: Record<string, EdgeValue>;
  cookies?: Record<string, EdgeValue>;
  body?: { encoding: 'text' | 'base64'; data: string };
}

/**
 * The event of a viewer request (without a response) or of a viewer response (with one).
 * Source: CloudFront Developer Guide, "CloudFront Functions event structure".
 */
export interface EdgeEvent {
  version: '1.0';
  context: { eventType: 'viewer-request' | 'viewer-response'; requestId: string };
  viewer: { ip: string };
  request: EdgeRequest;
  response?: EdgeResponse;
}

/** The part of the runtime's `cloudfront` module that our functions use. */
export interface EdgeModule {
  /** `get` rejects when the key is not there. */
  kvs: () => { get: (key: string, options: { format: 'string' }) => Promise<string> };
  /** Without a call the request goes to the origin of its cache behaviour. */
  selectRequestOriginById: (originId: string) => void;
}

/** A request goes on to an origin, a response goes straight to the viewer. */
export type EdgeResult = EdgeRequest | EdgeResponse;

/** The function of one edge location. It changes the event that it is given, as the real runtime's does. */
export type EdgeHandler = (event: EdgeEvent) => EdgeResult | Promise<EdgeResult>;

/** Makes one location's handler; cheap, since the source is already compiled. */
export type EdgeFunction = (cf: EdgeModule) => EdgeHandler;

export const ROUTE_REQUEST_FILE = join(import.meta.dirname, 'route-request.js');
export const ANSWER_RESPONSE_FILE = join(import.meta.dirname, 'answer-response.js');
export const PROBE_ORIGIN_FILE = join(import.meta.dirname, 'probe-origin.js');

/** Tells a function's own answer from a request that goes on. */
export const isEdgeResponse = (result: EdgeResult): result is EdgeResponse => 'statusCode' in result;

// The runtime allows this one module, imported by default, on the first line only.
const IMPORT_LINE = /^import cf from 'cloudfront';(?=\n)/;

/**
 * Compiles a function's source once, in a world of its own with the language and nothing of Node (no `process`,
 * `require`, timers; `eval` throws), in strict mode as the runtime does. Line numbers in errors are the file's.
 * Throws a SyntaxError when the source does not parse or imports anything else.
 */
export const compileEdgeFunction = (source: string, file: string): EdgeFunction => {
  const body = source.replace(IMPORT_LINE, '');
  // One wrapper instead of a context for each location: making a location costs a call, not a new world.
  const script = new Script(`(function (cf) { 'use strict'; ${body}\nreturn handler; })`, { filename: file });
  // Not contextified: otherwise every look-up of a global such as Math goes through an interceptor, ten times slower.
  const world = createContext(constants.DONT_CONTEXTIFY, { codeGeneration: { strings: false, wasm: false } });
  return script.runInContext(world) as EdgeFunction;
};

/** Reads and compiles the very file that is deployed; see {@link compileEdgeFunction}. Throws when it cannot be read. */
export const loadEdgeFunction = (path: string): EdgeFunction =>
  compileEdgeFunction(readFileSync(path, 'utf8'), path);
