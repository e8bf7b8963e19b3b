import type { RecommendMethod } from '@zhiyin/contract';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Because } from '../answer/explain-items.ts';
import type { Answer } from '../answer/format-answer.ts';
import type { Candidate } from '../answer/question.ts';
import { ByteText, bytesOf } from '../byte-text.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';

/** Besides what was shown. */
const candidatesKept = 20;
/** Reasons kept per item, the strongest. */
const reasonsKept = 2;

/** Reused by every row: they are put together one after the other. */
const text = new ByteText();

/** One row of the table `decisions` as a line of JSON: what was shown, what else could have been, and the chances. It stands until the next one. */
export function formatDecision(
  answer: Answer,
  catalogue: Catalogue,
  decided: {
    readonly workspaceId: WorkspaceId;
    readonly profileId: string;
    readonly candidates: readonly Candidate[];
    readonly consentBasis: string;
    readonly now: number;
  },
): Buffer {
  const { experiment, items } = answer;
  const checks = [{ check: 'personalisation', basis: decided.consentBasis }, ...answer.notes.map((note) => ({ note }))];
  text
    .clear()
    .addText(
      `{"workspace_id":${decided.workspaceId},"decision_id":"${answer.decisionId}","profile_id":"${decided.profileId}",` +
        `"decided_at":"${storeInstant(answer.decidedAt)}","surface":${JSON.stringify(answer.surface)},"model":"${answer.model}",` +
        `"model_version":"${answer.modelVersion}","propensity":${answer.propensity},` +
        `"experiment":${JSON.stringify(experiment?.name ?? '')},"arm":${JSON.stringify(experiment?.arm ?? '')},` +
        `"consent_basis":"${decided.consentBasis}","policy_checks":${JSON.stringify(JSON.stringify(checks))},"action":"`,
    );
  addAction(answer, catalogue);
  text.add(candidatesAre);
  const others = othersThan(answer, decided.candidates);
  for (let at = 0; at < items.length + others.length; at += 1) {
    if (at > 0) text.add(comma);
    catalogue.addId(text, (items[at] ?? others[at - items.length])!.item);
  }
  text.add(scoresAre);
  for (let at = 0; at < items.length + others.length; at += 1) {
    if (at > 0) text.add(comma);
    text.addRounded((items[at] ?? others[at - items.length])!.score);
  }
  text.add(reasonsAre);
  for (let place = 0; place < items.length; place += 1) {
    if (place > 0) text.add(comma);
    addReasons(answer, place, catalogue);
  }
  return text.add(end).view();
}

// Actions and reasons are JSON inside of a JSON text.
const inner = (json: string): Buffer => bytesOf(JSON.stringify(json).slice(1, -1));

const comma = bytesOf(',');
const none = bytesOf('none');
const openList = bytesOf('[');
const closeList = bytesOf(']');
const candidatesAre = bytesOf('","candidates":[');
const scoresAre = bytesOf('],"scores":[');
const reasonsAre = bytesOf('],"reasons":"[');
const end = bytesOf(']"}\n');
const itemId = inner('{"itemId":');
const propensity = inner(',"propensity":');
const pinned = inner(',"pinned":true');
const explored = inner(',"explored":true');
const featuresAre = inner(',"x":[');
const because = inner(',"because":[');
const closeItem = bytesOf('}');
const method = innerOf<RecommendMethod>(
  ['personal', 'similar', 'together', 'next', 'popular', 'new', 'search'],
  (name) => `,"method":"${name}"`,
);
const did = innerOf<Because['did']>(
  [
    'viewed',
    'added',
    'wished',
    'bought',
    'liked',
    'shared',
    'disliked',
    'returned',
    'removed',
    'alike',
    'together',
    'next',
    'attribute',
    'due',
  ],
  (name) => `["${name}",`,
);

function innerOf<Name extends string>(
  names: readonly Name[],
  json: (name: Name) => string,
): Readonly<Record<Name, Buffer>> {
  return Object.fromEntries(names.map((name) => [name, inner(json(name))])) as Record<Name, Buffer>;
}

function addAction({ items }: Answer, catalogue: Catalogue): void {
  if (items.length === 0) {
    text.add(none);
    return;
  }
  text.add(openList);
  for (let place = 0; place < items.length; place += 1) {
    if (place > 0) text.add(comma);
    catalogue.addTwiceQuotedId(text, items[place]!.item);
  }
  text.add(closeList);
}

function addReasons({ items, reasons }: Answer, place: number, catalogue: Catalogue): void {
  const one = items[place]!;
  const parts = reasons[place]!;
  text.add(itemId);
  catalogue.addTwiceQuotedId(text, one.item);
  text.add(propensity).addChance(one.propensity);
  text.add(method[one.method]);
  if (one.pinned) text.add(pinned);
  if (one.explored) text.add(explored);
  if (one.features) addFeatures(one.features);
  if (parts.length > 0) {
    text.add(because);
    for (let at = 0; at < Math.min(reasonsKept, parts.length); at += 1) {
      const part = parts[at]!;
      if (at > 0) text.add(comma);
      text.add(did[part.did]);
      catalogue.addTwiceQuotedId(text, part.item);
      text.add(comma).addRounded(part.share, 2).add(closeList);
    }
    text.add(closeList);
  }
  text.add(closeItem);
}

/** Of what was tried: what exploration learns from. */
function addFeatures(features: Float64Array): void {
  text.add(featuresAre);
  for (let at = 0; at < features.length; at += 1) {
    if (at > 0) text.add(comma);
    text.addRounded(features[at]!);
  }
  text.add(closeList);
}

function othersThan({ items }: Answer, candidates: readonly Candidate[]): Candidate[] {
  const shown = new Set<number>();
  for (let place = 0; place < items.length; place += 1) shown.add(items[place]!.item);
  const others: Candidate[] = [];
  for (let at = 0; at < candidates.length && others.length < candidatesKept; at += 1) {
    if (!shown.has(candidates[at]!.item)) others.push(candidates[at]!);
  }
  return others;
}

const storeInstant = (at: Date): string => at.toISOString().slice(0, 23).replace('T', ' ');
