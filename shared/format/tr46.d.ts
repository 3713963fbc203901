/** The package has no types of its own. */
declare module 'tr46' {
  export interface ToAsciiOptions {
    readonly checkBidi?: boolean;
    readonly checkHyphens?: boolean;
    readonly checkJoiners?: boolean;
    readonly ignoreInvalidPunycode?: boolean;
    readonly transitionalProcessing?: boolean;
    readonly useSTD3ASCIIRules?: boolean;
    readonly verifyDNSLength?: boolean;
  }
  /** Null where the name is not valid. */
  export function toASCII(name: string, options?: ToAsciiOptions): string | null;
}
