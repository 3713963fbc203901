import type { NetProblem } from '../../shared/model/net-step.ts';

/** Leaves a script in the middle; never leaves this folder. */
export class Stopped extends Error {
  constructor(readonly problem: NetProblem) {
    super(problem.code);
  }
}
