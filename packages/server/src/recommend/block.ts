import type { RecommendAnswer } from '@zhiyin/contract';
import { currencyExponents } from '../domain/currencies.ts';

/**
 * An answer as a piece of HTML for pages and messages: a table-free list with inline styles, every text escaped, links and pictures
 * only to http and https. No script. Empty answers give an empty string, so that nothing shows.
 */
export function formatBlock(answer: RecommendAnswer, locale: 'zh-CN' | 'en'): string {
  if (answer.items.length === 0) return '';
  const items = answer.items.map((item) => {
    const href = safeUrl(item.url, answer.decisionId);
    const picture = safeUrl(item.imageUrl);
    const reason = (locale === 'zh-CN' ? item.reason.zh : item.reason.en) ?? '';
    const inside =
      (picture
        ? `<img src="${picture}" alt="" width="160" style="display:block;max-width:100%;height:auto;border:0">`
        : '') +
      `<span style="display:block;margin-top:6px">${escapeHtml(item.name || item.itemId)}</span>` +
      (item.priceMinor === null
        ? ''
        : `<span style="display:block;font-weight:600">${escapeHtml(formatPrice(item.priceMinor, item.currency, locale))}</span>`) +
      (reason ? `<span style="display:block;color:#667;font-size:12px">${escapeHtml(reason)}</span>` : '');
    const linked = href ? `<a href="${href}" style="color:inherit;text-decoration:none">${inside}</a>` : inside;
    return `<li data-item-id="${escapeHtml(item.itemId)}" style="display:inline-block;vertical-align:top;width:160px;margin:0 12px 12px 0">${linked}</li>`;
  });
  return (
    `<ul class="zhiyin-recommend" data-decision-id="${answer.decisionId}" data-surface="${escapeHtml(answer.surface)}" ` +
    `style="list-style:none;margin:0;padding:0;font:14px/1.4 sans-serif">${items.join('')}</ul>`
  );
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (letter) => entities[letter]!);

/** Escaped for an attribute; empty unless it is an absolute address of the web. A link carries the decision it is due to. */
function safeUrl(address: string, decisionId?: string): string {
  if (address === '') return '';
  try {
    const url = new URL(address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return '';
    if (decisionId !== undefined) url.searchParams.set('zy_decision', decisionId);
    return escapeHtml(url.href);
  } catch {
    return '';
  }
}

function formatPrice(minor: number, currency: string, locale: 'zh-CN' | 'en'): string {
  const digits = currencyExponents.get(currency) ?? 2;
  const amount = minor / 10 ** digits;
  if (!/^[A-Z]{3}$/.test(currency)) return amount.toFixed(digits);
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(amount);
}
