/** Milliseconds as 45 s, 12 min 3 s or 3 h 20 min. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} days`;
}

/** Milliseconds since the beginning of a run as T+MM:SS. */
export function sinceText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `T+${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`;
}

/** A moment for a reader who compares it with logs: UTC, to the second. */
export const momentText = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')}Z`;
