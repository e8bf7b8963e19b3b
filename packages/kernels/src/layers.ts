/** Zero-or-scale by a hash of (seed, position): the same seed gives the same mask, so backward needs no stored mask. */
export type Dropout = {
  /** Share set to 0, in [0, 1); the rest is scaled by 1 / (1 − rate). */
  readonly rate: number;
  /** Integer from 0 to 2³² − 1; another one per layer and step. */
  readonly seed: number;
};

/** Causal attention of `batch` sequences. All row-major: (batch · length) × (heads · headSize), head h in columns [h · headSize, (h + 1) · headSize). */
export type Attention = {
  readonly batch: number;
  readonly heads: number;
  readonly length: number;
  readonly headSize: number;
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  /** First position that is not padding, per sequence (0 to length). Positions before it attend to nothing and give 0. */
  readonly start?: Uint32Array;
  /** Acts on the weights. */
  readonly dropout?: Dropout;
  /** batch × heads × length × length: softmax weights before dropout, 0 above the diagonal and for padding. Backward reads them. */
  readonly weights: Float32Array;
};

export type AttentionForward = Attention & { readonly output: Float32Array };

/** The gradients of query, key and value are overwritten. */
export type AttentionBackward = Attention & {
  readonly outputGradient: Float32Array;
  readonly queryGradient: Float32Array;
  readonly keyGradient: Float32Array;
  readonly valueGradient: Float32Array;
};

export type LayerNorm = {
  readonly rows: number;
  readonly size: number;
  /** rows × size. */
  readonly input: Float32Array;
  /** size. */
  readonly gain: Float32Array;
  /** Per row: mean and 1 / √(variance + epsilon). Written by forward, read by backward. */
  readonly mean: Float32Array;
  readonly inverseDeviation: Float32Array;
};

export type LayerNormForward = LayerNorm & {
  readonly bias: Float32Array;
  readonly output: Float32Array;
  /** 1e-5 when absent. */
  readonly epsilon?: number;
};

/** `inputGradient` is overwritten; the gradients of gain and bias are added to. */
export type LayerNormBackward = LayerNorm & {
  readonly outputGradient: Float32Array;
  readonly inputGradient: Float32Array;
  readonly gainGradient: Float32Array;
  readonly biasGradient: Float32Array;
};

/** gelu: x Φ(x), in the form ½x(1 + tanh(√(2/π)(x + 0.044715 x³))). */
export type Activation = 'none' | 'relu' | 'gelu';

export type BiasActivation = {
  readonly rows: number;
  readonly size: number;
  /** rows × size; the bias is added in place, and backward reads the sum. */
  readonly values: Float32Array;
  readonly bias: Float32Array;
  readonly activation: Activation;
  /** May be `values` where the activation is none or relu. */
  readonly output: Float32Array;
};

export type BiasActivationBackward = {
  readonly rows: number;
  readonly size: number;
  /** What forward left in `values` (for relu its output will do). */
  readonly values: Float32Array;
  readonly activation: Activation;
  readonly outputGradient: Float32Array;
  /** Overwritten; may be `outputGradient`. */
  readonly inputGradient: Float32Array;
  /** Added to. */
  readonly biasGradient: Float32Array;
};

export type SoftmaxLoss = {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns logits, replaced by the gradient of the loss. */
  readonly logits: Float32Array;
  /** The right column per row. */
  readonly target: Uint32Array;
  /** Per row; 1 when absent. Rows of weight 0 cost nothing and get gradient 0. */
  readonly weight?: Float32Array;
};

/** Softmax over the right one and negatives that all rows share. */
export type SampledSoftmaxLoss = {
  readonly rows: number;
  readonly negatives: number;
  /** rows: logits of the right ones, replaced by their gradient. */
  readonly positive: Float32Array;
  /** rows × negatives, replaced by their gradient. */
  readonly logits: Float32Array;
  /** What the right one of each row is, and what each negative is: a negative that is the right one is left out of that row. */
  readonly positiveOf: Uint32Array;
  readonly negativeOf: Uint32Array;
  readonly weight?: Float32Array;
};

export type RowGather = {
  readonly rows: number;
  readonly size: number;
  /** Any number of rows × size. */
  readonly table: Float32Array;
  /** Row of the table per output row; `noColumn` gives zeros and is left out when scattering. */
  readonly index: Uint32Array;
  /** rows × size. */
  readonly values: Float32Array;
  readonly scale?: number;
};

export type Adam = {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  /** Running means of gradients and of their squares, zero before the first step. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** 1 for the first. */
  readonly step: number;
  readonly learningRate: number;
  /** 0.9, 0.999 and 1e-8 when absent. */
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Decoupled (AdamW); 0 when absent. */
  readonly weightDecay?: number;
};
