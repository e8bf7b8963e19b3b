import { type RepairAction, repairActionSchema } from '@zhiyin/contract';

/** One step as it is being written: all fields as text until it is complete. */
export type RepairDraft = {
  readonly id: number;
  readonly do: RepairAction['do'];
  readonly path: string;
  readonly value: string;
  readonly valueType: 'text' | 'number' | 'boolean' | 'null';
  readonly to: string;
  readonly find: string;
  readonly with: string;
};

let lastId = 0;
export function newDraft(fields: Partial<Omit<RepairDraft, 'id'>> = {}): RepairDraft {
  lastId += 1;
  return { id: lastId, do: 'set', path: '', value: '', valueType: 'text', to: '', find: '', with: '', ...fields };
}

/** The step, or null while something is missing or cannot be read (such as a number that is none). */
export function parseDraft(draft: RepairDraft): RepairAction | null {
  const parsed = repairActionSchema.safeParse(assemble(draft));
  return parsed.success ? parsed.data : null;
}

function assemble(draft: RepairDraft): unknown {
  const path = draft.path.trim();
  switch (draft.do) {
    case 'set':
    case 'default':
      return { do: draft.do, path, value: parseValue(draft) };
    case 'rename':
      return { do: 'rename', path, to: draft.to.trim() };
    case 'remove':
      return { do: 'remove', path };
    case 'convert':
      return { do: 'convert', path, to: draft.to };
    case 'replace':
      return { do: 'replace', path, find: draft.find, with: draft.with };
  }
}

function parseValue({ value, valueType }: RepairDraft): unknown {
  if (valueType === 'number') return value.trim() === '' ? undefined : Number(value);
  if (valueType === 'boolean') return value === 'true' ? true : value === 'false' ? false : undefined;
  if (valueType === 'null') return null;
  return value;
}

/** A sensible first step for why a record is held back: the field at fault, and the mending that usually helps. */
export function suggestDraft(reason: string | undefined, field: string): RepairDraft {
  // `products[0].price` names one element; a step without the number means each of them.
  const path = field.replaceAll(/\[\d+\]/g, '') || 'properties.';
  switch (reason) {
    case 'bad_timestamp':
    case 'in_future':
    case 'too_old':
      return newDraft({ do: 'convert', path: field || 'timestamp', to: 'instant' });
    case 'bad_amount':
    case 'bad_type':
      return newDraft({ do: 'convert', path, to: 'number' });
    case 'bad_currency':
      return newDraft({ do: 'set', path: field || 'properties.currency', value: 'CNY' });
    case 'negative_quantity':
    case 'negative_price':
      return newDraft({ do: 'replace', path, find: '-', with: '' });
    case 'missing_event_name':
      return newDraft({ do: 'default', path: field || 'event' });
    case 'missing_identity':
    case 'blocked_identity':
      return newDraft({ do: 'rename', path: field || 'properties.', to: 'userId' });
    case 'missing_property':
    case 'missing_item':
      return newDraft({ do: 'default', path });
    case 'unknown_type':
      return newDraft({ do: 'default', path: field || 'type', value: 'track' });
    default:
      return newDraft({ path });
  }
}
