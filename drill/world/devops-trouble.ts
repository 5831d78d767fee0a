import type { Fault, Service } from '../clouds/wire/wire-shape.ts';
import type { Scenario } from '../scenario.ts';

/** An agent that nobody waits for any more. Seconds. */
const NEVER = 7 * 24 * 3_600;

const answer = (status: number, typeKey: string, message: string): Fault => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ $id: '1', message, typeKey, errorCode: 0 }),
});

/** What an Azure DevOps that is down answers. */
const ANSWERS = {
  refuses: answer(503, 'ServiceUnavailableException', 'The service is unavailable.'),
  unauthorized: answer(401, 'UnauthorizedRequestException', 'TF400813: The user is not authorized.'),
  silent: 'timeout',
} as const satisfies Record<string, Fault>;

/** Azure DevOps on a day on which it is down as well: from the beginning, until so long after the fault. */
export class DevOpsTrouble {
  private readonly scenario: Scenario['azureDevOps'];
  private endsAt = Number.POSITIVE_INFINITY;
  private hasTakenOne = false;

  constructor(scenario: Scenario['azureDevOps']) {
    this.scenario = scenario;
  }

  /** The fault is at this moment; milliseconds since the Unix epoch. */
  startsFrom(faultAt: number): void {
    const { seconds } = this.scenario ?? {};
    if (seconds !== undefined) this.endsAt = faultAt + seconds * 1000;
  }

  /** What a call to a service comes to instead of its answer; null where it is answered. */
  faultOf(service: Service): Fault {
    const how = this.scenario?.how;
    if (service.name !== 'azure-devops' || how === undefined || how === 'never-begins') return null;
    if (how === 'loses-touch') return this.hasTakenOne ? 'timeout' : null;
    return Date.now() < this.endsAt ? ANSWERS[how] : null;
  }

  /** Until an agent takes a run that is queued now; `ordinary` on a good day. Seconds. */
  agentSeconds(ordinary: number): number {
    this.hasTakenOne = true;
    const how = this.scenario?.how;
    if (how !== 'never-begins' && how !== 'loses-touch') return ordinary;
    return Number.isFinite(this.endsAt) ? Math.max(ordinary, (this.endsAt - Date.now()) / 1000) : NEVER;
  }
}
