import type { Property } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import type { CleanAct } from './discard-quarantine.ts';

type Row = {
  property: string;
  class: Property['class'];
  action: Property['action'] | null;
  value_type: string | null;
  records: string | null;
  last_seen_at: Date | null;
};

const select = `
  select coalesce(seen.property, decided.property) as property, coalesce(decided.class, seen.class) as class, decided.action,
    seen.value_type, seen.records, seen.last_seen_at
  from (select * from observed_properties where workspace_id = $1) as seen
  full join (select * from property_policies where workspace_id = $1) as decided using (property)`;

/** Properties seen in events and traits, personal ones first, with what is done with each. */
export async function listProperties(stores: Pick<Stores, 'control'>, workspace: Workspace): Promise<Property[]> {
  const rows = await stores.control
    .of(workspace.id)
    .query<Row>(`${select} order by (coalesce(decided.class, seen.class) = 'none'), records desc nulls last, property`);
  return rows.map(toProperty);
}

/** Decides for one property; counts for what arrives from now on. */
export async function updateProperty(
  stores: Pick<Stores, 'control'>,
  workspace: Workspace,
  update: { readonly property: string; readonly class?: Property['class']; readonly action: Property['action'] },
  act?: CleanAct,
): Promise<Property> {
  if (!/^(?:properties|traits)\../.test(update.property)) {
    throw new AppError('input.invalid', 'property: must begin with properties. or traits.', {
      details: { field: 'property', fix: 'Write a path such as properties.receiver or traits.nickname.' },
    });
  }
  return stores.control.transaction(async (session) => {
    const scoped = session.of(workspace.id);
    await scoped.query(
      `insert into property_policies (workspace_id, property, class, action)
       values ($1, $2, coalesce($3, (select nullif(class, 'none') from observed_properties where workspace_id = $1 and property = $2), 'custom'), $4)
       on conflict (workspace_id, property) do update
         set action = excluded.action, class = coalesce($3, property_policies.class)`,
      [update.property, update.class ?? null, update.action],
    );
    await act?.audit(session, { property: update.property, action: update.action });
    const [row] = await scoped.query<Row>(`select * from (${select}) as listed where property = $2`, [update.property]);
    return toProperty(row!);
  });
}

function toProperty(row: Row): Property {
  return {
    property: row.property,
    class: row.class,
    action: row.action ?? (row.class === 'none' ? 'keep' : row.class === 'ip_address' ? 'mask' : 'vault'),
    decidedHere: row.action !== null,
    valueType: row.value_type ?? '',
    records: Number(row.records ?? 0),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}
