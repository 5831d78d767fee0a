/** Whether a time zone has that name; what the runtime does not know it could not reckon with on the day. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
