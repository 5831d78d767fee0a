/** A blob as the service keeps it. */
export interface StoredBlob {
  readonly kind: 'block' | 'append';
  /** Bytes. */
  readonly length: number;
  /** Milliseconds since the Unix epoch. */
  readonly changedAt: number;
  /** What it holds; null where the drill keeps only its length: a dump's rows and the log itself. */
  readonly text: string | null;
}

/** What a write came to. `immutable`: the container takes new blobs and appended ones, and no changed one. */
export type Written = 'written' | 'exists' | 'immutable';

interface Container {
  readonly immutable: boolean;
  /** By the first part of the name, which is a workload: one account may hold hundreds of them. */
  readonly folders: Map<string, Map<string, StoredBlob>>;
}

const folderOf = (name: string): string => name.split('/', 1)[0] ?? '';

/** The containers of a storage account. It lives in Azure: it is there while AWS is not. */
export class BlobStore {
  private readonly containers = new Map<string, Container>();
  private readonly writers = new Map<string, () => void>();
  private readonly readers: {
    readonly container: string;
    readonly prefix: string;
    readonly onPut: () => void;
  }[] = [];
  private readonly liveTexts = new Map<string, () => string | null>();

  /** @param immutable names of the containers whose blobs may not be changed; the others are mutable */
  constructor(containers: { readonly immutable: readonly string[]; readonly mutable: readonly string[] }) {
    for (const name of containers.immutable)
      this.containers.set(name, { immutable: true, folders: new Map() });
    for (const name of containers.mutable)
      this.containers.set(name, { immutable: false, folders: new Map() });
  }

  /**
   * Whoever writes below a folder without a timer of its own: it is called before anything there is read, and brings the store up to
   * the present moment.
   */
  writtenBy(folder: string, catchUp: () => void): void {
    this.writers.set(folder, catchUp);
  }

  /** Whoever waits for blobs that others put below a prefix. */
  onPut(container: string, prefix: string, onPut: () => void): void {
    this.readers.push({ container, prefix, onPut });
  }

  /** A small blob of `handover` that somebody writes anew all the time: it is made when it is read. Null where there is none yet. */
  live(name: string, text: () => string | null): void {
    this.liveTexts.set(name, text);
  }

  /** The blobs of a container whose names begin so, in the order of their names; null where there is no such container. */
  list(container: string, prefix: string): readonly (readonly [string, StoredBlob])[] | null {
    this.catchUp(prefix);
    const found = this.containers.get(container);
    if (found === undefined) return null;
    const isOneFolder = prefix.includes('/');
    const folders = isOneFolder ? [found.folders.get(folderOf(prefix))] : [...found.folders.values()];
    const stored = folders.flatMap((blobs) => [...(blobs ?? [])]);
    const live = container === 'handover' ? this.liveBlobs() : [];
    return [...stored, ...live].filter(([name]) => name.startsWith(prefix)).sort(byName);
  }

  private liveBlobs(): [string, StoredBlob][] {
    return [...this.liveTexts.keys()].flatMap((name) => {
      const blob = this.liveBlob(name);
      return blob === null ? [] : [[name, blob] as [string, StoredBlob]];
    });
  }

  private liveBlob(name: string): StoredBlob | null {
    const text = this.liveTexts.get(name)?.() ?? null;
    return text === null
      ? null
      : { kind: 'block', length: Buffer.byteLength(text), changedAt: Date.now(), text };
  }

  /** A blob, or null where there is none of that name. */
  find(container: string, name: string): StoredBlob | null {
    this.catchUp(name);
    const live = container === 'handover' ? this.liveBlob(name) : null;
    return live ?? this.containers.get(container)?.folders.get(folderOf(name))?.get(name) ?? null;
  }

  has(container: string): boolean {
    return this.containers.has(container);
  }

  /** Writes a small blob whole. With `onlyIfAbsent` it leaves alone what is there. */
  put(container: string, name: string, blob: { text: string; at: number; onlyIfAbsent: boolean }): Written {
    const { immutable, blobs } = this.open(container, name);
    const there = blobs.has(name);
    if (there && blob.onlyIfAbsent) return 'exists';
    if (there && immutable) return 'immutable';
    blobs.set(name, {
      kind: 'block',
      length: Buffer.byteLength(blob.text),
      changedAt: blob.at,
      text: blob.text,
    });
    for (const reader of this.readers) {
      if (reader.container === container && name.startsWith(reader.prefix)) reader.onPut();
    }
    return 'written';
  }

  /** Adds a blob of which only the length matters here. */
  addBytes(container: string, name: string, blob: { length: number; at: number }): void {
    this.open(container, name).blobs.set(name, {
      kind: 'block',
      length: blob.length,
      changedAt: blob.at,
      text: null,
    });
  }

  /** Appends a text to an append blob, which it makes where there is none. */
  appendText(container: string, name: string, more: { text: string; at: number }): void {
    const { blobs } = this.open(container, name);
    const known = blobs.get(name);
    blobs.set(name, {
      kind: 'append',
      length: (known?.length ?? 0) + Buffer.byteLength(more.text),
      changedAt: more.at,
      text: (known?.text ?? '') + more.text,
    });
  }

  /** Lets an append blob grow to a length. @throws Error where it is longer already: nothing there ever shrinks */
  growTo(container: string, name: string, blob: { length: number; at: number }): void {
    const { blobs } = this.open(container, name);
    const known = blobs.get(name)?.length ?? 0;
    if (blob.length < known) {
      throw new Error(`${name} has ${known} bytes and would have ${blob.length}: nothing in it may shrink`);
    }
    if (blob.length === known && blobs.has(name)) return;
    blobs.set(name, { kind: 'append', length: blob.length, changedAt: blob.at, text: null });
  }

  private open(
    container: string,
    name: string,
  ): { readonly immutable: boolean; readonly blobs: Map<string, StoredBlob> } {
    const found = this.containers.get(container);
    if (found === undefined) throw new Error(`the simulated account has no container ${container}`);
    const folder = folderOf(name);
    const blobs = found.folders.get(folder) ?? new Map<string, StoredBlob>();
    found.folders.set(folder, blobs);
    return { immutable: found.immutable, blobs };
  }

  private catchUp(name: string): void {
    this.writers.get(folderOf(name))?.();
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
