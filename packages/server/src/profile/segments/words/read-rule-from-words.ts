import type { RuleNote, SegmentFromWords, SegmentRule } from '@zhiyin/contract';
import { AppError } from '../../../domain/app-error.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import { type ModelDoor, openModelDoor } from '../../../llm/index.ts';
import type { Stores } from '../../../storage/stores.ts';
import { listTags } from '../../audiences/index.ts';
import { knownNames, readVocabulary } from '../manage/vocabulary.ts';
import { checkRule } from '../rule/check-rule.ts';
import { askModelForRule } from './ask-model-for-rule.ts';
import type { SpokenVocabulary } from './read-clause.ts';
import { readWords } from './read-words.ts';

/** One door while the process lives: it remembers endpoints that are down. */
const doors = new WeakMap<Stores, ModelDoor>();

/** A sentence → a rule to edit, by the model where one is set and its answer holds, else by the grammar. */
export async function readRuleFromWords(
  stores: Stores,
  workspace: Workspace,
  { text }: { readonly text: string },
): Promise<SegmentFromWords> {
  const [vocabulary, known] = await Promise.all([readSpoken(stores, workspace), knownNames(stores, workspace)]);
  const door = doors.get(stores) ?? openModelDoor({ stores });
  doors.set(stores, door);
  const told = await askModelForRule(door, workspace, text, vocabulary);
  const warnings = told?.rule && notesOf(told.rule, known);
  if (told && warnings) return { ...told, by: 'model', warnings };
  const read = readWords(text, vocabulary);
  const notes = read.rule ? notesOf(read.rule, known) : [];
  return notes
    ? { ...read, by: 'grammar', warnings: notes }
    : { rule: null, understood: [], notUnderstood: [text], by: 'grammar', warnings: [] };
}

/** What is odd about it; undefined when it cannot be asked at all. */
function notesOf(rule: SegmentRule, known: Parameters<typeof checkRule>[1]): RuleNote[] | undefined {
  try {
    return checkRule(rule, known);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function readSpoken(stores: Stores, workspace: Workspace): Promise<SpokenVocabulary> {
  const own = stores.control.of(workspace.id);
  const [vocabulary, segments, lists, tags] = await Promise.all([
    readVocabulary(stores, workspace),
    own.query<{ id: number; name: string }>(
      "select id, name from segments where workspace_id = $1 and state = 'active' order by id",
    ),
    own.query<{ id: number; name: string }>(
      'select id, name from lists where workspace_id = $1 and archived_at is null order by id',
    ),
    listTags(stores, workspace),
  ]);
  return { ...vocabulary, currency: workspace.currency, segments, lists, tags: tags.map(({ tag }) => tag) };
}
