import type { CustomerRun } from '@zhiyin/contract';

type Failure = NonNullable<CustomerRun['failure']>;

/** Something a run cannot do with this data, known beforehand: said to who started it, and not tried again. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly code: Failure['code'];

  constructor(code: Failure['code'], message: string) {
    super(message);
    this.code = code;
  }
}
