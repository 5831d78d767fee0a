/** The package has no types of its own; this is the part that we call. Source: its README. */
declare module 'asl-validator' {
  interface Result {
    readonly isValid: boolean;
    errorsText(separator: string): string;
  }
  function validate(definition: Readonly<Record<string, unknown>>): Result;
  export = validate;
}
