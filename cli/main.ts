import { existsSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { createInterface } from 'node:readline/promises';
import { systemClock } from '../clouds/clock.ts';
import { writeWhole } from './files.ts';
import { runCommandLine, type Surroundings } from './run.ts';

// The SDKs are most of what a command loads; their compiled form is kept between runs.
enableCompileCache();

/** https://no-color.org: any value that is not empty means no colours. */
const wantsColours = (): boolean =>
  process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

async function ask(question: string): Promise<string | null> {
  if (!process.stdin.isTTY) return null;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await prompt.question(question);
  } catch (error) {
    // Ctrl-C and Ctrl-D are an answer too: none.
    if (error instanceof Error && error.name === 'AbortError') return null;
    throw error;
  } finally {
    prompt.close();
  }
}

/** The SDK looks for a profile here, and nowhere else that all its credential providers share. */
function useProfile(profile: string | null): void {
  if (profile !== null) process.env['AWS_PROFILE'] = profile;
}

const surroundings: Surroundings = {
  streams: {
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    colours: wantsColours(),
  },
  clock: systemClock,
  ask,
  terminal: process.stdin.isTTY,
  isFile: existsSync,
  writeFile: writeWhole,
  readFile: (file) => readFileSync(file, 'utf8'),
  async connect(config, profile) {
    useProfile(profile);
    // Loaded only now: help and mistakes must not wait for the SDKs.
    const { compose } = await import('./compose.ts');
    const warn = (message: string): void => {
      process.stderr.write(`${message}\n`);
    };
    return compose({
      config,
      access: { region: config.controller.region },
      clock: systemClock,
      log: { info: () => undefined, warn },
    });
  },
  async discover(profile) {
    useProfile(profile);
    const { makeDiscovery } = await import('../clouds/aws/discovery/discovery.ts');
    return makeDiscovery();
  },
};

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await runCommandLine(process.argv.slice(2), surroundings);
}
