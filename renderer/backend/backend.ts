import type { BackendBridge } from '../../shared/ipc/contract.ts';

/** Everything the window knows of the rest of the program. Tests give their own. */
export type Backend = BackendBridge;
