import type { Arm, CompiledSurface } from './compiled-surface.ts';
import { hashText } from './random.ts';

export type Assigned = {
  readonly arm: Arm;
  readonly experiment: { readonly name: string; readonly arm: string } | null;
};

/** The same person gets the same arm for as long as the experiment keeps its name. Who may not be told apart gets none. */
export function assignArm(surface: CompiledSurface, personKey: string | undefined): Assigned {
  const { experiment, plain } = surface;
  if (!experiment || personKey === undefined) return { arm: plain, experiment: null };
  const point = hashText(`${experiment.name}\0${personKey}`) / 4_294_967_296;
  let end = 0;
  for (const arm of experiment.arms) {
    end += arm.share;
    if (point < end) return { arm, experiment: { name: experiment.name, arm: arm.name } };
  }
  const last = experiment.arms.at(-1)!;
  return { arm: last, experiment: { name: experiment.name, arm: last.name } };
}
