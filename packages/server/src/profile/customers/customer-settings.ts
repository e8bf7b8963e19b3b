import {
  type CustomerSettings,
  type CustomerSettingsAnswer,
  customerSettingsSchema,
  type GraphEdge,
} from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';

/**
 * Events between two people as commerce and communities send them: who invited gains from who came, who wrote gains from who answers
 * or shares. The property holds the other person's user id.
 */
const defaultEdges: readonly GraphEdge[] = [
  { event: 'invite_accepted', property: 'referrer_id', towards: 'other', weight: 3 },
  { event: 'referral_completed', property: 'referrer_id', towards: 'other', weight: 3 },
  { event: 'signed_up', property: 'referrer_id', towards: 'other', weight: 3 },
  { event: 'order_completed', property: 'referrer_id', towards: 'other', weight: 5 },
  { event: 'invite_sent', property: 'invitee_id', towards: 'actor', weight: 1 },
  { event: 'content_shared', property: 'author_id', towards: 'other', weight: 2 },
  { event: 'reply_posted', property: 'reply_to_user_id', towards: 'other', weight: 1 },
  { event: 'post_liked', property: 'author_id', towards: 'other', weight: 1 },
  { event: 'user_followed', property: 'followed_id', towards: 'other', weight: 2 },
];

export async function loadCustomerSettings(
  control: ControlSession,
  workspace: Pick<Workspace, 'id'>,
): Promise<CustomerSettingsAnswer> {
  const [row] = await control
    .of(workspace.id)
    .query<{ settings: unknown }>('select settings from customer_settings where workspace_id = $1');
  // What an older version kept may lack what a newer one needs: defaults fill it; what cannot be read is as the program has it.
  const parsed = customerSettingsSchema.safeParse(row?.settings ?? {});
  const settings = parsed.success ? parsed.data : customerSettingsSchema.parse({});
  return { rfm: settings.rfm, edges: settings.edges ?? [...defaultEdges], edgesAreDefault: settings.edges === null };
}

export async function saveCustomerSettings(
  control: ControlSession,
  workspace: Pick<Workspace, 'id'>,
  settings: CustomerSettings,
): Promise<void> {
  await control.of(workspace.id).query(
    `insert into customer_settings (workspace_id, settings) values ($1, $2)
     on conflict (workspace_id) do update set settings = excluded.settings, updated_at = now()`,
    [JSON.stringify(settings)],
  );
}
