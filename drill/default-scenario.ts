/** The scenario that runs when none is named. */
export const DEFAULT_SCENARIO = 'region-outage';
