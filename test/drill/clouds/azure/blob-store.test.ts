import { storeOf } from '../../world/data/fixture.ts';

const blob = (text: string, onlyIfAbsent = false) => ({ text, at: 1_000, onlyIfAbsent });

describe('BlobStore', () => {
  it('adds a blob to either container, and changes one only where that is allowed', () => {
    const store = storeOf();
    expect(store.put('backups', 'a/1', blob('one'))).toBe('written');
    expect(store.put('backups', 'a/1', blob('two'))).toBe('immutable');
    expect(store.find('backups', 'a/1')).toEqual({ kind: 'block', length: 3, changedAt: 1_000, text: 'one' });
    expect(store.put('handover', 'a/1', blob('one'))).toBe('written');
    expect(store.put('handover', 'a/1', blob('twice'))).toBe('written');
    expect(store.find('handover', 'a/1')?.text).toBe('twice');
  });

  it('leaves alone what is there for a writer who wants nothing else', () => {
    const store = storeOf();
    expect(store.put('handover', 'a/1', blob('one', true))).toBe('written');
    expect(store.put('handover', 'a/1', blob('two', true))).toBe('exists');
    expect(store.find('handover', 'a/1')?.text).toBe('one');
  });

  it('appends to the immutable container, and never lets a blob shrink', () => {
    const store = storeOf();
    store.appendText('backups', 'a/journal', { text: 'é\n', at: 1 });
    store.appendText('backups', 'a/journal', { text: 'b\n', at: 2 });
    expect(store.find('backups', 'a/journal')).toEqual({
      kind: 'append',
      length: 5,
      changedAt: 2,
      text: 'é\nb\n',
    });
    store.growTo('backups', 'a/log', { length: 10, at: 1 });
    store.growTo('backups', 'a/log', { length: 10, at: 2 });
    expect(store.find('backups', 'a/log')).toEqual({ kind: 'append', length: 10, changedAt: 1, text: null });
    expect(() => {
      store.growTo('backups', 'a/log', { length: 9, at: 3 });
    }).toThrow('a/log has 10 bytes and would have 9: nothing in it may shrink');
  });

  it('lists by prefix in the order of names, and knows no other container', () => {
    const store = storeOf();
    for (const name of ['b/1', 'a/2', 'a/10']) store.put('backups', name, blob(name));
    expect(store.list('backups', 'a/')?.map(([name]) => name)).toEqual(['a/10', 'a/2']);
    expect(store.list('backups', '')?.map(([name]) => name)).toEqual(['a/10', 'a/2', 'b/1']);
    expect(store.list('other', 'a/')).toBeNull();
    expect(store.find('backups', 'a/3')).toBeNull();
    expect(() => store.put('other', 'a/1', blob('one'))).toThrow('has no container other');
  });

  it('asks whoever writes below a folder to come to the present, and nobody else', () => {
    const store = storeOf();
    const asked: string[] = [];
    store.writtenBy('a', () => asked.push('a'));
    store.writtenBy('b', () => asked.push('b'));
    store.find('backups', 'a/1');
    store.list('backups', 'b/x/');
    expect(asked).toEqual(['a', 'b']);
  });

  it('tells whoever waits for blobs below a prefix, and shows what is written anew all the time', () => {
    const store = storeOf();
    const put: string[] = [];
    store.onPut('handover', 'a/', () => put.push('a'));
    store.put('handover', 'a/1/request.json', blob('{}'));
    store.put('handover', 'b/1/request.json', blob('{}'));
    store.put('backups', 'a/1/request.json', blob('{}'));
    expect(put).toEqual(['a']);
    let text: string | null = null;
    store.live('a/applier.json', () => text);
    expect(store.find('handover', 'a/applier.json')).toBeNull();
    text = '{"state":"loading"}';
    expect(store.find('handover', 'a/applier.json')?.text).toBe('{"state":"loading"}');
    expect(store.find('backups', 'a/applier.json')).toBeNull();
    expect(store.list('handover', 'a/')?.map(([name]) => name)).toEqual([
      'a/1/request.json',
      'a/applier.json',
    ]);
  });
});
