import { uuidAt } from '../people/build-people.ts';
import { mediaTruth } from '../people/media.ts';
import type { JsonRecord } from './calls.ts';
import { contextOf, senderOf, type Visit } from './visit-calls.ts';
import type { World } from './world.ts';

const userAgents: Readonly<Record<string, string>> = {
  desktop:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  mobile:
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Mobile Safari/537.36',
  apple:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
};

/** The first call of a visit: a page (web) or a screen (app, mini program), with the campaign that led there. */
export function recordArrival(world: World, visit: Visit): void {
  const { device } = visit;
  const landing = landingOf(world, visit);
  const context: JsonRecord = { ...contextOf(visit) };
  if (landing.campaign) context.campaign = landing.campaign;
  if (device.kind === 'app' || device.kind === 'mini_program') {
    context.app = { name: device.kind === 'app' ? 'Xiwu' : 'Xiwu mini', version: '3.4.0' };
    world.record.add(visit.person.index, visit.at, senderOf(visit), { type: 'screen', name: '首页', context });
    return;
  }
  context.userAgent = userAgents[
    device.kind === 'mobile' && device.brandOfPhone === 'Apple' ? 'apple' : device.kind
  ] as string;
  const url = `https://shop.xiwu.example/${landing.search}`;
  const page: JsonRecord = { path: '/', url, title: '溪午 Xiwu', search: landing.search };
  if (landing.referrer) page.referrer = landing.referrer;
  world.record.add(visit.person.index, visit.at, senderOf(visit), {
    type: 'page',
    name: 'Home',
    properties: page,
    context,
  });
}

type Landing = { readonly search: string; readonly referrer: string; readonly campaign: JsonRecord | null };

function landingOf(world: World, visit: Visit): Landing {
  const { reason } = visit;
  if (reason.kind === 'organic')
    return {
      search: '',
      referrer: world.random.chance(0.7) ? 'https://www.baidu.com/' : 'https://www.google.com/',
      campaign: null,
    };
  if (reason.kind === 'referral') return tagged('friend', 'referral', 'share', '', '');
  if (reason.kind === 'message')
    return tagged(reason.channel === 'push' ? 'app' : 'crm', reason.channel, reason.campaign, '', '');
  if (reason.kind === 'media') {
    const truth = mediaTruth[reason.channel]!;
    const click = uuidAt(world.keys.order, visit.person.index, Math.floor(visit.at / 1_000) % 0x7fffffff)
      .replaceAll('-', '')
      .slice(0, 16);
    return tagged(
      truth.source,
      truth.medium,
      truth.campaign,
      `&${truth.clickId}=${click}`,
      `https://www.${truth.source}.com/`,
    );
  }
  return { search: '', referrer: '', campaign: null };
}

function tagged(source: string, medium: string, name: string, more: string, referrer: string): Landing {
  return {
    search: `?utm_source=${source}&utm_medium=${medium}&utm_campaign=${name}${more}`,
    referrer,
    campaign: { source, medium, name },
  };
}
