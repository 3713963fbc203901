export function canMakeDeb(): boolean;
export function readFpmArguments(args: readonly string[]): { readonly options: ReadonlyMap<string, string>; readonly files: readonly (readonly [string, string])[] };
export function makeDeb(args: readonly string[], relations: { readonly depends: readonly string[]; readonly recommends: readonly string[] }): string;
