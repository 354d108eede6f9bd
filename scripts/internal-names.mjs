/**
 * Properties of format and runtime that the standalone file calls by short names: they are read and written by our own
 * code alone, and only ever by a name that stands in it. No name of the public API, of a student file or of a host may be
 * here, which test/scripts/internal-names.test.ts checks; one that is missing here costs a few bytes and breaks nothing.
 * The exports of the kernel modules are renamed along.
 */
export const INTERNAL_NAMES = [
  'acquire',
  'acquireFlow',
  'area',
  'constant',
  'dataStart',
  'encodeWords',
  'fields',
  'flow',
  'gatherElements',
  'gatherFloat32',
  'gatherInt8',
  'inputParts',
  'inputWidth',
  'isFloat',
  'isFull',
  'isPair',
  'matmulFloat32',
  'matmulInt8',
  'modules',
  'odd',
  'optional',
  'output',
  'outputParts',
  'outputWidth',
  'planChain',
  'quantizeRows',
  'reads',
  'rowsOf',
  'steps',
  'stepsPerText',
  'tensors',
  'unavailable',
  'valueAt',
  'writeConstants',
  'writes',
];
