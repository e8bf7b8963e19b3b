import type { WorkspaceId } from '../../domain/ids.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';

export type Use = { readonly id: number; readonly name: string };

/** What conditions name, and the key under which they name it. */
const keys = { list: 'listId', tag: 'tag', computed: 'name' } as const;

/** Which segments' rules name which lists, tags or computed traits, wherever in the rule. */
export async function listUses(
  control: ControlSession,
  workspaceId: WorkspaceId,
  kind: keyof typeof keys,
): Promise<Map<string, Use[]>> {
  const rows = await control.of(workspaceId).query<{ named: string; id: number; name: string }>(
    `select distinct condition ->> $3 as named, s.id, s.name
     from segments s cross join lateral jsonb_path_query(s.rule, '$.** ? (@.kind == $kind)', jsonb_build_object('kind', $2::text)) condition
     where s.workspace_id = $1 and s.state = 'active'
     order by s.id`,
    [kind, keys[kind]],
  );
  const uses = Map.groupBy(rows, (row) => row.named);
  return new Map([...uses].map(([named, found]) => [named, found.map(({ id, name }) => ({ id, name }))]));
}
