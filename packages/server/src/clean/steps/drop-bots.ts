import { said } from '@zhiyin/contract';
import { isbot } from 'isbot';
import { RecentCache } from '../../storage/vault/index.ts';
import { type Draft, quarantine, type StepResult } from '../draft.ts';
import { own } from '../json.ts';

const known = new RecentCache<boolean>(20_000);

/** Crawlers and monitors by their user agent. The transport's own agent counts only when it is a browser's (see `put-sender`). */
export function dropBots(draft: Draft): StepResult {
  const agent = own(draft.context, 'userAgent');
  if (typeof agent !== 'string' || agent === '') return undefined;
  if (!isKnownBot(agent)) return undefined;
  return quarantine('bot', 'context.userAgent', said('crawler'));
}

function isKnownBot(agent: string): boolean {
  const cached = known.find(agent);
  if (cached !== undefined) return cached;
  const answer = isbot(agent);
  known.put(agent, answer);
  return answer;
}
