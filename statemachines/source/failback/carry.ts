import { orders } from '../orders.ts';
import { choice, is, note, step, when, type Fields, type States } from '../shape.ts';

/* The data on the way home: one order after the other, each given once and waited for as long as it takes. */

interface Order {
  readonly comment: string;
  /** The task, as core/data/home.ts has it. */
  readonly task: Fields;
  /** What tells this order from others of the run. */
  readonly as: string;
  /** Where what came of it is kept. */
  readonly at: string;
  readonly behindThePage: boolean;
  readonly failure: string;
  readonly next: string;
}

/** The step that gives an order and looks for its answer, and the question whether it must look again. */
const order = (name: string, question: string, options: Order): States => ({
  [name]: step('carry-home', {
    comment: options.comment,
    payload: {
      'run.$': '$.run',
      'lease.$': '$.lease.value',
      task: options.task,
      as: options.as,
      behindThePage: options.behindThePage,
      'since.$': options.behindThePage ? '$.behindThePage.since' : '$.carrying.since',
    },
    result: options.at,
    seconds: 845,
    retry: 'waits',
    failure: [...orders({ cancelled: options.failure }), { next: options.failure }],
    next: question,
  }),
  [question]: choice(
    'A step waits for some minutes; the time limit of all orders together ends it.',
    [when(is(`${options.at}.value.state`, { StringEquals: 'waiting' }), name)],
    options.next,
  ),
});

const WITH_USERS = { behindThePage: false, failure: 'Give up the way home' } as const;
const PAGE = { behindThePage: true, failure: 'Return to the standby' } as const;

/** While users go on on the standby. */
export const carry: States = {
  'No data are carried home': note(
    'The site has its own means, or no data: only the page has to be waited for.',
    {
      from: { dumped: null, loaded: null },
      at: '$.carried',
      next: 'Say how long the page will be up',
    },
  ),

  'Note since when the data are carried home': note('One time limit for everything until the question.', {
    from: { 'since.$': '$$.State.EnteredTime' },
    at: '$.carrying',
    next: 'Export the orphans',
  }),

  ...order('Export the orphans', 'Are the orphans exported?', {
    ...WITH_USERS,
    comment:
      'Writes that the dead primary had acknowledged and the standby never got are kept, for people, before anything is loaded over them.',
    task: { what: 'orphans', anew: false },
    as: 'orphans',
    at: '$.home.orphans',
    next: 'Look at the gates',
  }),

  ...order('Look at the gates', 'Were the gates looked at?', {
    ...WITH_USERS,
    comment:
      'healthy, noForeignWrites, noLongTransactions, room. Each that is shut is named, with what was got and what was expected.',
    task: { what: 'gates' },
    as: 'gates',
    at: '$.home.gates',
    next: 'Dump the data of the standby',
  }),

  ...order('Dump the data of the standby', 'Is the standby dumped?', {
    ...WITH_USERS,
    comment: 'Everything, at one moment, while users go on writing.',
    task: { what: 'dump', since: null },
    as: 'dump',
    at: '$.home.dumped',
    next: 'Load the data beside the old ones',
  }),

  ...order('Load the data beside the old ones', 'Are the data loaded?', {
    ...WITH_USERS,
    comment:
      'The rehearsal of the last load: the same server, the same bytes, the same rights. What is there stays untouched until the tables change places.',
    task: { what: 'load', 'dump.$': '$.home.dumped.value.result.dump', isLast: false },
    as: 'load',
    at: '$.home.loaded',
    next: 'Hand on what the data took',
  }),

  'Hand on what the data took': note('The page is promised by it.', {
    from: { 'dumped.$': '$.home.dumped.value', 'loaded.$': '$.home.loaded.value' },
    at: '$.carried',
    next: 'Say how long the page will be up',
  }),
};

/** Behind the page, where nobody writes any more. */
export const lastData: States = {
  'Note since when the page is everywhere': note(
    'The last data have a time limit of their own: users see the page.',
    {
      from: { 'since.$': '$$.State.EnteredTime' },
      at: '$.behindThePage',
      next: 'Have the data to be carried home?',
    },
  ),

  'Have the data to be carried home?': choice(
    'A site that brings them home itself says when they are there, or a person has vouched for it.',
    [when(is('$.plan.carriesHome', { BooleanEquals: true }), 'Look at the gates again')],
    'See that nothing is missing on the primary',
  ),

  ...order('See that nothing is missing on the primary', 'Is nothing missing?', {
    ...PAGE,
    comment: 'The lag of the own replication of the site, until it is 0 twice in a row.',
    task: { what: 'even' },
    as: 'even',
    at: '$.home.data',
    next: 'See the primary well again',
  }),

  ...order('Look at the gates again', 'Were the gates looked at again?', {
    ...PAGE,
    comment: 'Somebody may have written to the primary, or begun something long, since the first look.',
    task: { what: 'gates' },
    as: 'gates-last',
    at: '$.home.gates',
    next: 'Dump the last data',
  }),

  ...order('Dump the last data', 'Are the last data dumped?', {
    ...PAGE,
    comment: 'What was written since the first dump.',
    task: { what: 'dump', 'since.$': '$.home.dumped.value.result.dump' },
    as: 'dump-last',
    at: '$.home.lastDumped',
    next: 'Load the last data',
  }),

  ...order('Load the last data', 'Are the last data loaded?', {
    ...PAGE,
    comment: 'Old and new tables change places in one statement.',
    task: { what: 'load', 'dump.$': '$.home.lastDumped.value.result.dump', isLast: true },
    as: 'load-last',
    at: '$.home.lastLoaded',
    next: 'Count the data of the standby',
  }),

  ...order('Count the data of the standby', 'Are the data of the standby counted?', {
    ...PAGE,
    comment:
      'Counts and checksums of every table, at the point at which it was dumped: a write since then would show.',
    task: { what: 'figures' },
    as: 'figures',
    at: '$.home.figures',
    next: 'Compare the data of the primary',
  }),

  ...order('Compare the data of the primary', 'Are the data equal?', {
    ...PAGE,
    comment: 'Tables that differ are named, and nobody is moved.',
    task: { what: 'verify' },
    as: 'verify',
    at: '$.home.data',
    next: 'Note that both sides hold the same',
  }),

  ...order('Note that both sides hold the same', 'Is it noted?', {
    ...PAGE,
    comment:
      'Were the primary to die before the standby has loaded anew, people would be told what is missing since this moment.',
    task: { what: 'equal' },
    as: 'equal',
    at: '$.home.noted',
    next: 'See the primary well again',
  }),
};

/** Once users are home. None of it can fail the way home any more. */
export const settle: States = {
  ...order('Begin a new backup at home', 'Has a new backup begun?', {
    behindThePage: false,
    failure: 'Must the standby follow again?',
    comment:
      'The old data of the primary are thrown away, its events are woken, and a new dump begins the chain that is shipped from now on.',
    task: { what: 'settle' },
    as: 'settle',
    at: '$.home.settled',
    next: 'Must the standby follow again?',
  }),

  'Must the standby follow again?': choice(
    'A standby that is destroyed has nothing to load.',
    [when(is('$.plan.followsAgain', { BooleanEquals: true }), 'Let the standby follow again')],
    'Is the standby put away?',
  ),

  ...order('Let the standby follow again', 'Does the standby follow again?', {
    behindThePage: false,
    failure: 'Is the standby put away?',
    comment: 'Its data are those of before: it throws them away, loads the new dump and follows the primary.',
    task: { what: 'follow' },
    as: 'follow',
    at: '$.home.follows',
    next: 'Is the standby put away?',
  }),
};
