import path from 'node:path';
import {
  Function as EdgeFunction,
  FunctionCode,
  FunctionRuntime,
  type IFunction,
  type IKeyValueStore,
} from 'aws-cdk-lib/aws-cloudfront';
import { Construct } from 'constructs';
import { ANSWER_RESPONSE_FILE, PROBE_ORIGIN_FILE, ROUTE_REQUEST_FILE } from '../../../edge/load.ts';
import { edgeName } from './names.ts';
import type { Site } from './site.ts';

export interface EdgeFunctionsProps {
  readonly site: Site;
  readonly store: IKeyValueStore;
}

/** The functions of the edge: the very files that the tests and the drill run, byte for byte. */
export class EdgeFunctions extends Construct {
  readonly routeRequest: IFunction;
  readonly answerResponse: IFunction;
  readonly probeOrigin: IFunction;

  constructor(scope: Construct, id: string, { site, store }: EdgeFunctionsProps) {
    super(scope, id);
    const make = (name: string, file: string, keyValueStore?: IKeyValueStore): IFunction =>
      new EdgeFunction(this, name, {
        functionName: edgeName(site.workloadId, path.basename(file, '.js')),
        code: FunctionCode.fromFile({ filePath: file }),
        runtime: FunctionRuntime.JS_2_0,
        ...(keyValueStore === undefined ? {} : { keyValueStore }),
      });
    this.routeRequest = make('RouteRequest', ROUTE_REQUEST_FILE, store);
    this.answerResponse = make('AnswerResponse', ANSWER_RESPONSE_FILE);
    this.probeOrigin = make('ProbeOrigin', PROBE_ORIGIN_FILE);
  }
}
