import type { Page, spendRowSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type LibraryQuery, offsetOf, pageAt } from './paging.ts';

type SpendRow = z.infer<typeof spendRowSchema>;
type Cells = {
  day: string;
  media_channel: string;
  campaign: string;
  spend_minor: string;
  currency: string;
  impressions: string;
  clicks: string;
  total: string;
};

/** Ad spend by day, newest first; search looks at media channel and campaign. */
export async function listSpend(stores: Stores, workspace: Workspace, query: LibraryQuery): Promise<Page<SpendRow>> {
  const offset = offsetOf(query);
  const answer = await stores.events.read<Cells>(workspace.id, {
    name: 'spend-page',
    parameters: { limit: query.limit, offset, search: query.search ?? '' },
    sql: `
      SELECT toString(day) AS day, media_channel, campaign, spend_minor, currency, impressions, clicks, count() OVER () AS total
      FROM @ad_spend AS spent
      WHERE {search:String} = '' OR positionCaseInsensitiveUTF8(concat(media_channel, ' ', campaign), {search:String}) > 0
      ORDER BY spent.day DESC, media_channel, campaign, spend_key
      LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
  });
  const rows = answer.rows.map((cells) => ({
    day: cells.day,
    mediaChannel: cells.media_channel,
    campaign: cells.campaign,
    spendMinor: Number(cells.spend_minor),
    currency: cells.currency,
    impressions: Number(cells.impressions),
    clicks: Number(cells.clicks),
  }));
  return pageAt(rows, answer.rows[0]?.total, offset);
}
