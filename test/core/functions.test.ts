import { functionNames, functionTable } from '../../core/functions.ts';

describe('the table of functions', () => {
  it('gives each function a placeholder of its own, by which the workflow calls it', () => {
    const placeholders = functionNames.map((name) => functionTable[name].placeholder);
    expect(new Set(placeholders).size).toBe(functionNames.length);
    for (const placeholder of placeholders) expect(placeholder).toMatch(/^[A-Z][A-Za-z]+FunctionArn$/);
  });

  it('stays within what Lambda allows', () => {
    for (const name of functionNames) {
      const { timeoutSeconds, memoryMb } = functionTable[name];
      expect(timeoutSeconds).toBeGreaterThanOrEqual(1);
      expect(timeoutSeconds).toBeLessThanOrEqual(900);
      expect(memoryMb).toBeGreaterThanOrEqual(128);
      expect(memoryMb).toBeLessThanOrEqual(10_240);
    }
  });
});
