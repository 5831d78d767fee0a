import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's own environment, over a plain global object. Jest puts a Proxy behind the global object of each test file, which V8 has
 * to ask for every `Date`, `JSON` and `Promise` that any code names: a drill spends a tenth of its time there. The
 * package comes with jest.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
    // As Node has it; jest's hundred frames make every error that a retry takes in its stride a dear one.
    this.global.Error.stackTraceLimit = 10;
  }
}
