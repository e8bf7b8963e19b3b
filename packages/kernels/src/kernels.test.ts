import { testKernels } from './kernels.contract.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';
import { openKernels } from './wasm/open-kernels.ts';

testKernels('The reference', openReferenceKernels);
testKernels('WASM without relaxed SIMD on one thread', () => openKernels({ variant: 'plain', threads: 1 }));
testKernels('WASM with relaxed SIMD on two threads', () => openKernels({ variant: 'relaxed', threads: 2 }));
