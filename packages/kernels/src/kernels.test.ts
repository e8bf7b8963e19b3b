import { testKernels } from './kernels.contract.ts';
import { openReferenceKernels } from './reference/open-reference-kernels.ts';

testKernels('The reference', openReferenceKernels);
