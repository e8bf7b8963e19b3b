import type { RecommendAnswer, RecommendedItem } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { ItemPicture } from '../../../components/item-picture.tsx';
import { Money } from '../../../components/money.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './surface.module.css';

type Props = {
  readonly title: string;
  readonly answer: RecommendAnswer;
  /** Items of the list beside it: what is not among them is marked. */
  readonly others?: readonly string[];
};

/** A list as the visitor would get it, with what speaks for every item. */
export function ItemList({ title, answer, others }: Props) {
  const { t } = useTranslation('recommend');
  const common = answer.items.filter((item) => others?.includes(item.itemId)).length;
  // The rarer ones are marked: a mark on nearly every item would say nothing.
  const marksCommon = common * 2 < answer.items.length;
  const markOf = (isCommon: boolean): Mark | undefined =>
    isCommon === marksCommon ? (isCommon ? 'alsoThere' : 'onlyHere') : undefined;
  return (
    <div className={styles.list}>
      <div className={styles.listHead}>
        <h3>{title}</h3>
        <span>{answer.methods.map((method) => t(`method.name.${method}`)).join(t('comma'))}</span>
      </div>
      {(others ? answer.notes : answer.notes.filter((note) => note !== 'no_model')).map((note) => (
        <p key={note} className={styles.note} style={{ marginTop: 8 }}>
          {t(`note.${note}`)}
        </p>
      ))}
      {answer.items.length === 0 && answer.notes.length === 0 && <p className="faint">{t('preview.empty')}</p>}
      <ol className={styles.items}>
        {answer.items.map((item, at) => (
          <Item key={item.itemId} item={item} place={at + 1} mark={others && markOf(others.includes(item.itemId))} />
        ))}
      </ol>
    </div>
  );
}

type Mark = 'onlyHere' | 'alsoThere';
type ItemProps = { readonly item: RecommendedItem; readonly place: number; readonly mark: Mark | undefined };

function Item({ item, place, mark }: ItemProps) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const reason = formats.locale === 'zh-CN' ? item.reason.zh : item.reason.en;
  return (
    <li className={styles.item}>
      <span className={styles.rank}>{formats.count(place)}</span>
      <ItemPicture name={item.name || item.itemId} address={item.imageUrl} isLarge />
      <div className={styles.itemWords}>
        <div className={styles.itemName}>
          <b title={item.itemId}>{item.name || item.itemId}</b>
          {item.priceMinor !== null && <Money minor={item.priceMinor} currency={item.currency || undefined} />}
        </div>
        <div className={styles.itemName}>
          <span className={styles.about}>{[item.category, item.brand].filter(Boolean).join(' · ')}</span>
          {item.propensity < 1 && (
            <span className={styles.about} title={t('item.chanceWhat')}>
              {t('item.chance', { chance: formats.rate(item.propensity, 1) })}
            </span>
          )}
        </div>
        {reason && <p className={styles.reason}>{reason}</p>}
        <Because because={item.reason.because} />
        <div className={styles.tags}>
          {mark && <StateTag tone={mark === 'onlyHere' ? 'busy' : 'plain'}>{t(`item.${mark}`)}</StateTag>}
          {item.pinned && <StateTag tone="caution">{t('item.pinned')}</StateTag>}
          {item.boosted && <StateTag tone="caution">{t('item.boosted')}</StateTag>}
          {item.explored && <StateTag tone="plain">{t('item.explored')}</StateTag>}
        </div>
      </div>
    </li>
  );
}

/** How much each thing the person did speaks for the item. Bars of one item add up to at most the whole. */
function Because({ because }: { readonly because: RecommendedItem['reason']['because'] }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  if (because.length === 0) return null;
  return (
    <ul className={styles.because} aria-label={t('item.because')}>
      {because.map((one) => (
        <li key={`${one.did} ${one.itemId}`}>
          <span title={one.name}>
            {t(`did.${one.did}`, { defaultValue: one.did })} {one.name}
          </span>
          <span className={styles.bar1} aria-hidden="true">
            <span style={{ width: `${Math.max(2, one.share * 100)}%` }} />
          </span>
          <span>{formats.rate(one.share)}</span>
        </li>
      ))}
    </ul>
  );
}
