import { machineArnOf, workflowNames, workflowOfExecution, type ControllerPlace } from '../../core/names.ts';
import { endedPatternOf } from '../../core/run/ending.ts';
import type { Execution } from '../engine/executions.ts';
import { functionArn, type LambdaService } from '../engine/lambda-service.ts';
import type { Invoked } from '../clouds/aws/lambda.ts';
import { EventBus } from './event-bus.ts';
import type { Journal } from './journal.ts';
import type { SeededRandom } from '../random.ts';

/** Lambda tries a failed event twice more, after one and after two minutes. Source: Lambda Developer Guide. */
const RETRY_SECONDS = [60, 120] as const;

const statusOf = ({ stopped, error }: Execution): string =>
  stopped ?? (error === null ? 'SUCCEEDED' : 'FAILED');

/** The event of an execution that ended, as EventBridge delivers it. */
const eventOf = (place: ControllerPlace, execution: Execution): Record<string, unknown> => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  region: place.region,
  account: place.account,
  time: new Date().toISOString(),
  detail: {
    stateMachineArn: machineArnOf(place, workflowOfExecution(execution.name)),
    name: execution.name,
    status: statusOf(execution),
    startDate: execution.startedAt,
    stopDate: execution.endedAt,
    input: JSON.stringify(execution.input),
    // Step Functions gives neither for an execution that was stopped.
    error: execution.stopped === null ? execution.error : null,
    cause: execution.stopped === null ? execution.cause : null,
  },
});

/** From the end of an execution to the function that closes it: EventBridge, and Lambda's own retries. */
export class Closing {
  private readonly bus: EventBus;
  private readonly place: ControllerPlace;
  /** Events on their way, so that the world does not end before they arrive. */
  private open = 0;
  /** EventBridge loses the events of ends from now on. */
  isDeaf = false;
  private readonly options: ConstructorParameters<typeof Closing>[0];

  constructor(options: {
    readonly place: ControllerPlace;
    readonly lambda: LambdaService;
    readonly journal: Journal;
    readonly random: SeededRandom;
  }) {
    this.place = options.place;
    this.options = options;
    this.bus = new EventBus({
      pattern: endedPatternOf(workflowNames.map((workflow) => machineArnOf(options.place, workflow))),
      random: options.random,
      deliver: (event) => {
        void this.close(event);
      },
    });
  }

  get busy(): boolean {
    return this.open > 0;
  }

  ended(execution: Execution): void {
    if (!this.isDeaf && this.bus.put(eventOf(this.place, execution))) this.open += 1;
  }

  /** Whoever has found a run that ended hands it over: Lambda takes the order, and does the rest by itself. */
  handOver(event: unknown): Promise<Invoked> {
    this.open += 1;
    void this.close(event);
    return Promise.resolve({ result: null });
  }

  private async close(event: unknown): Promise<void> {
    const { lambda, journal } = this.options;
    for (const wait of [0, ...RETRY_SECONDS]) {
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
      try {
        const { Payload } = await lambda.invoke({ FunctionName: functionArn('close-run'), Payload: event });
        const { closed, detail } = Payload as { closed: boolean; detail: string };
        if (closed) journal.note('controller', `closes the run: ${detail}`);
        break;
      } catch (error) {
        journal.note('controller', `cannot close the run yet: ${error instanceof Error ? error.name : ''}`);
      }
    }
    this.open -= 1;
  }
}
