import {
  checkAttention,
  checkBelow,
  checkCounts,
  checkDropout,
  checkGather,
  checkLayerNorm,
  checkLengths,
  checkRows,
  checkSparse,
  checkSweep,
} from './checks.ts';
import type { Kernels } from './kernels.ts';

/** Kernels whose arguments have not been looked at. */
export type RawKernels = Omit<Kernels, typeof Symbol.dispose>;

/** Looks at every argument before the work begins: a wrong length is an error that names it, never a read outside an array. */
export function checkedKernels(raw: RawKernels): Kernels {
  return {
    ...raw,
    kind: raw.kind,
    threads: raw.threads,
    scope: (work) => {
      const result = raw.scope(work);
      if (result instanceof Promise) throw new TypeError('scope: the work must be synchronous, got a promise');
      return result;
    },
    gemm: (product) => {
      const { m, n, k, a, b, c } = product;
      checkCounts('gemm', { m, n, k });
      checkLengths('gemm', { a: [a, m * k], b: [b, k * n], c: [c, m * n] });
      raw.gemm(product);
    },
    syrk: (product) => {
      const { n, k, a, c } = product;
      checkCounts('syrk', { n, k });
      checkLengths('syrk', { a: [a, k * n], c: [c, n * n] });
      raw.syrk(product);
    },
    cholesky: (matrix, n) => {
      checkLengths('cholesky', { matrix: [matrix, n * n] });
      return raw.cholesky(matrix, n);
    },
    choleskySolve: (solve) => {
      const { n, columns, lower, b } = solve;
      checkCounts('choleskySolve', { n, columns });
      checkLengths('choleskySolve', { lower: [lower, n * n], b: [b, n * columns] });
      raw.choleskySolve(solve);
    },
    invertPositiveDefinite: (matrix, n) => {
      checkLengths('invertPositiveDefinite', { matrix: [matrix, n * n] });
      return raw.invertPositiveDefinite(matrix, n);
    },
    sparseTimesDense: (product) => {
      const { matrix, width, dense, c, transpose = false } = product;
      checkSparse('sparseTimesDense: matrix', matrix);
      const [outer, inner] = transpose ? [matrix.columns, matrix.rows] : [matrix.rows, matrix.columns];
      checkLengths('sparseTimesDense', { dense: [dense, inner * width], c: [c, outer * width] });
      raw.sparseTimesDense(product);
    },
    sparseGram: (matrix, gram) => {
      checkSparse('sparseGram: matrix', matrix);
      checkLengths('sparseGram', { gram: [gram, matrix.columns ** 2] });
      raw.sparseGram(matrix, gram);
    },
    sparseProductTopK: (product) => {
      const { left, right, k, rowNorm, columnNorm } = product;
      checkCounts('sparseProductTopK', { k });
      checkSparse('sparseProductTopK: left', left);
      checkSparse('sparseProductTopK: right', right);
      if (left.columns !== right.rows) {
        throw new RangeError(
          `sparseProductTopK: left has ${left.columns} columns, right has ${right.rows} rows; they must be equal`,
        );
      }
      checkLengths('sparseProductTopK', { rowNorm: [rowNorm, left.rows], columnNorm: [columnNorm, right.columns] });
      return raw.sparseProductTopK(product);
    },
    conjugateGradientSweep: (sweep) => {
      checkSweep('conjugateGradientSweep', sweep);
      checkCounts('conjugateGradientSweep', { steps: sweep.steps ?? 3 });
      raw.conjugateGradientSweep(sweep);
    },
    choleskySweep: (sweep) => {
      checkSweep('choleskySweep', sweep);
      raw.choleskySweep(sweep);
    },
    scoreTopK: (request) => {
      const { rows, columns, factors, left, right, k, columnBias, exclude } = request;
      checkCounts('scoreTopK', { rows, columns, factors, k });
      checkLengths('scoreTopK', {
        left: [left, rows * factors],
        right: [right, columns * factors],
        columnBias: [columnBias, columns],
        'exclude.offsets': [exclude?.offsets, rows + 1],
      });
      if (exclude) checkRows('scoreTopK: exclude', rows, columns, exclude.offsets, exclude.columnOf);
      return raw.scoreTopK(request);
    },
    topKRows: (request) => {
      const { rows, columns, k, scores } = request;
      checkCounts('topKRows', { rows, columns, k });
      checkLengths('topKRows', { scores: [scores, rows * columns] });
      return raw.topKRows(request);
    },
    rowDots: (request) => {
      const { rows, size, matrix, by, output } = request;
      checkCounts('rowDots', { rows, size });
      checkLengths('rowDots', {
        matrix: [matrix, rows * size],
        by: [by, by.length === size ? size : rows * size],
        output: [output, rows],
      });
      raw.rowDots(request);
    },
    rowDotsInt8: (request) => {
      const { rows, size, matrix, by, scale, output } = request;
      checkCounts('rowDotsInt8', { rows, size });
      checkLengths('rowDotsInt8', {
        matrix: [matrix, rows * size],
        by: [by, size],
        scale: [scale, rows],
        output: [output, rows],
      });
      raw.rowDotsInt8(request);
    },
    nearestCentres: (request) => {
      const { points, centres, size, point, centre, nearest, distance } = request;
      checkCounts('nearestCentres', { points, centres, size });
      if (centres === 0) throw new RangeError('nearestCentres: centres must be at least 1, got 0');
      checkLengths('nearestCentres', {
        point: [point, points * size],
        centre: [centre, centres * size],
        nearest: [nearest, points],
        distance: [distance, points],
      });
      return raw.nearestCentres(request);
    },
    attentionForward: (attention) => {
      const size = checkAttention('attentionForward', attention);
      checkLengths('attentionForward', { output: [attention.output, size] });
      raw.attentionForward(attention);
    },
    attentionBackward: (attention) => {
      const size = checkAttention('attentionBackward', attention);
      checkLengths('attentionBackward', {
        outputGradient: [attention.outputGradient, size],
        queryGradient: [attention.queryGradient, size],
        keyGradient: [attention.keyGradient, size],
        valueGradient: [attention.valueGradient, size],
      });
      raw.attentionBackward(attention);
    },
    layerNormForward: (norm) => {
      checkLayerNorm('layerNormForward', norm);
      checkLengths('layerNormForward', { bias: [norm.bias, norm.size], output: [norm.output, norm.rows * norm.size] });
      raw.layerNormForward(norm);
    },
    layerNormBackward: (norm) => {
      checkLayerNorm('layerNormBackward', norm);
      checkLengths('layerNormBackward', {
        outputGradient: [norm.outputGradient, norm.rows * norm.size],
        inputGradient: [norm.inputGradient, norm.rows * norm.size],
        gainGradient: [norm.gainGradient, norm.size],
        biasGradient: [norm.biasGradient, norm.size],
      });
      raw.layerNormBackward(norm);
    },
    biasActivation: (layer) => {
      const { rows, size, values, bias, output } = layer;
      checkCounts('biasActivation', { rows, size });
      checkLengths('biasActivation', {
        values: [values, rows * size],
        bias: [bias, size],
        output: [output, rows * size],
      });
      raw.biasActivation(layer);
    },
    biasActivationBackward: (layer) => {
      const { rows, size, values, outputGradient, inputGradient, biasGradient } = layer;
      checkCounts('biasActivationBackward', { rows, size });
      checkLengths('biasActivationBackward', {
        values: [values, rows * size],
        outputGradient: [outputGradient, rows * size],
        inputGradient: [inputGradient, rows * size],
        biasGradient: [biasGradient, size],
      });
      raw.biasActivationBackward(layer);
    },
    dropout: (values, dropout) => {
      checkDropout('dropout', dropout);
      raw.dropout(values, dropout);
    },
    gatherRows: (gather) => {
      checkGather('gatherRows', gather);
      raw.gatherRows(gather);
    },
    scatterAddRows: (gather) => {
      checkGather('scatterAddRows', gather);
      raw.scatterAddRows(gather);
    },
    addScaledRows: (target, source, factor, size) => {
      checkLengths('addScaledRows', { target: [target, factor.length * size], source: [source, factor.length * size] });
      raw.addScaledRows(target, source, factor, size);
    },
    softmaxLoss: (loss) => {
      const { rows, columns, logits, target, weight } = loss;
      checkCounts('softmaxLoss', { rows, columns });
      checkLengths('softmaxLoss', {
        logits: [logits, rows * columns],
        target: [target, rows],
        weight: [weight, rows],
      });
      checkBelow('softmaxLoss: target', target, columns);
      return raw.softmaxLoss(loss);
    },
    sampledSoftmaxLoss: (loss) => {
      const { rows, negatives, positive, logits, positiveOf, negativeOf, weight } = loss;
      checkCounts('sampledSoftmaxLoss', { rows, negatives });
      checkLengths('sampledSoftmaxLoss', {
        positive: [positive, rows],
        logits: [logits, rows * negatives],
        positiveOf: [positiveOf, rows],
        negativeOf: [negativeOf, negatives],
        weight: [weight, rows],
      });
      return raw.sampledSoftmaxLoss(loss);
    },
    adam: (options) => {
      const { parameters, gradients, first, second, step } = options;
      if (!(step >= 1)) throw new RangeError(`adam: step counts from 1, got ${step}`);
      checkLengths('adam', {
        gradients: [gradients, parameters.length],
        first: [first, parameters.length],
        second: [second, parameters.length],
      });
      raw.adam(options);
    },
    [Symbol.dispose]: raw.close,
  };
}
