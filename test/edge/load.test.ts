import type { EdgeModule } from '../../edge/load.ts';
import { compileEdgeFunction, isEdgeResponse, loadEdgeFunction } from '../../edge/load.ts';
import { locationServing, routeOf, viewerRequest } from './edge-fixture.ts';

const NO_MODULE: EdgeModule = {
  kvs: () => {
    throw new Error('no store');
  },
  selectRequestOriginById: () => undefined,
};

/** Runs `expression` inside the function and gives back what it finds, as text. */
const inside = async (expression: string): Promise<string> => {
  const source = `function handler(event) { event.request.uri = String(${expression}); return event.request; }\n`;
  const result = await compileEdgeFunction(source, 'probe.js')(NO_MODULE)(viewerRequest());
  if (isEdgeResponse(result)) throw new Error('expected a request');
  return result.uri;
};

describe('the loader', () => {
  it('gives each location a store of its own', async () => {
    const route = { v: 1, epoch: 1, fence: 1 };
    const moved = locationServing({ ...route, origin: 'standby' });
    const late = locationServing({ ...route, origin: 'primary' });
    expect(await routeOf(moved, viewerRequest())).toBe('standby');
    expect(await routeOf(late, viewerRequest())).toBe('primary');
    expect(await routeOf(moved, viewerRequest())).toBe('standby');
  });

  it.each(['process', 'require', 'setTimeout', 'Buffer', 'fetch'])(
    'hides what the runtime does not have: %s',
    async (name) => {
      expect(await inside(`typeof ${name}`)).toBe('undefined');
    },
  );

  it('keeps the language itself', async () => {
    expect(await inside('Math.imul(3, 5) + JSON.parse("[1]")[0]')).toBe('16');
  });

  it('refuses code made from text', async () => {
    await expect(inside('eval("1")')).rejects.toThrow('Code generation from strings disallowed');
  });

  it('runs in strict mode', async () => {
    await expect(inside('undeclared = 1')).rejects.toThrow('undeclared is not defined');
  });

  it('refuses any import but the runtime module', () => {
    expect(() => compileEdgeFunction("import fs from 'fs';\n", 'bad.js')).toThrow(
      'Cannot use import statement outside a module',
    );
  });

  it('refuses the import on a line that is not the first', () => {
    expect(() => compileEdgeFunction("\nimport cf from 'cloudfront';\n", 'bad.js')).toThrow(
      'Cannot use import statement outside a module',
    );
  });

  it('keeps the line numbers of the file', () => {
    const source = "import cf from 'cloudfront';\n\nfunction handler() { return 1 +; }\n";
    let stack = '';
    try {
      compileEdgeFunction(source, 'bad.js');
    } catch (error) {
      stack = String((error as Error).stack);
    }
    expect(stack).toContain('bad.js:3');
  });

  it('says which file it cannot read', () => {
    expect(() => loadEdgeFunction('/nowhere/function.js')).toThrow("open '/nowhere/function.js'");
  });
});
