import { findRuleTooLarge, type SegmentRule, segmentFromWordsSchema } from '@zhiyin/contract';
import type { Workspace } from '../../../domain/workspace.ts';
import type { ModelDoor } from '../../../llm/index.ts';
import type { SpokenVocabulary } from './read-clause.ts';
import type { ReadWords } from './read-words.ts';

const answerSchema = segmentFromWordsSchema.pick({ rule: true, understood: true, notUnderstood: true });
const waitMs = 20_000;
/** From here on a sentence looks like orders to the model rather than like a wish. */
const injectionMost = 0.5;
const instructions = `You turn one sentence of a marketer, in Chinese or English, into a segment rule.
Use only names of events, properties, traits, computed traits, consents, segments, lists and tags of the vocabulary. "Bought" is the event order_completed.
Never guess: a part of the sentence that the rule cannot say, or whose names are not in the vocabulary, goes word for word into notUnderstood and not into the rule.
rule is null when nothing is understood. understood lists pieces of the sentence word for word, each with the path of its condition: "" for a rule that is one condition, "of[1]" or "of[0].of" within groups.`;

/** The model's reading of a sentence; undefined when there is none that can be used, whatever the reason. */
export async function askModelForRule(
  door: Pick<ModelDoor, 'object'>,
  workspace: Workspace,
  text: string,
  vocabulary: SpokenVocabulary,
): Promise<ReadWords | undefined> {
  const answer = await door.object(
    workspace,
    {
      purpose: 'segment from words',
      promptVersion: '1',
      instructions,
      prompt: 'Make the rule for the sentence below. The vocabulary of the brand follows it.',
      data: [
        { name: 'sentence', text },
        { name: 'vocabulary', text: JSON.stringify(namesOf(vocabulary)) },
      ],
      outputTokensMax: 2_000,
      temperature: 0,
      signal: AbortSignal.timeout(waitMs),
    },
    answerSchema,
  );
  if (answer.kind === 'unavailable' || answer.injectionScore >= injectionMost) return undefined;
  const { rule, understood, notUnderstood } = answer.value.object;
  if (rule === null || findRuleTooLarge(rule) || !namesOnlyKnown(rule, vocabulary)) return undefined;
  return {
    rule,
    understood: understood.filter((piece) => text.includes(piece.text) && isPlace(rule, piece.path)),
    notUnderstood: notUnderstood.filter((piece) => piece !== '' && text.includes(piece)),
  };
}

/** Names alone: values of traits can be personal and stay here. */
function namesOf({ events, traits, computed, purchase, consents, segments, lists, tags }: SpokenVocabulary) {
  const fields = (all: SpokenVocabulary['traits']) => all.slice(0, 200).map(({ name, type }) => `${name} (${type})`);
  return {
    events: events.slice(0, 100).map(({ name, properties }) => ({ name, properties: fields(properties) })),
    traits: fields(traits),
    computed: fields(computed),
    categories: purchase.find(({ name }) => name === 'category')?.values.map(({ value }) => value) ?? [],
    consents,
    segments: segments.slice(0, 200),
    lists: lists.slice(0, 200),
    tags: tags.slice(0, 200),
  };
}

/** Segments and lists are named by id: one that is not there would be somebody else's guess. */
function namesOnlyKnown(rule: SegmentRule, vocabulary: SpokenVocabulary): boolean {
  if (rule.kind === 'not') return namesOnlyKnown(rule.of, vocabulary);
  if ('of' in rule) return rule.of.every((one) => namesOnlyKnown(one, vocabulary));
  if (rule.kind === 'segment') return vocabulary.segments.some(({ id }) => id === rule.segmentId);
  if (rule.kind === 'list') return vocabulary.lists.some(({ id }) => id === rule.listId);
  return rule.kind !== 'tag' || vocabulary.tags.includes(rule.tag);
}

function isPlace(rule: SegmentRule, path: string): boolean {
  let at: unknown = rule;
  for (const step of path.match(/[^.[\]]+/g) ?? []) at = (at as Record<string, unknown> | undefined)?.[step];
  return typeof at === 'object' && at !== null && 'kind' in at;
}
