import type { RecommendAnswer } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Instant } from '../../../components/instant.tsx';
import { Section } from '../../../components/section.tsx';
import { useFormats } from '../../../format/use-formats.ts';
import { useModelWords } from '../use-model-words.ts';
import { MovedList } from './moved-list.tsx';
import styles from './surface.module.css';

const historyShown = 8;

/** How the answer came about: what the rules took out, what was known, and what goes into the ledger. */
export function PreviewInside({ answer }: { readonly answer: RecommendAnswer }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { modelName, versionName } = useModelWords();
  const debug = answer.debug;
  const removed = debug?.removed ?? [];
  const history = debug?.history ?? [];
  const gone = removed.reduce((sum, { items }) => sum + items, 0);
  const ruleWords = (rule: string) =>
    rule.startsWith('condition:')
      ? t('rule.condition', { attribute: attributeName(rule.slice('condition:'.length)) })
      : t(`rule.${rule}`, { defaultValue: rule });
  const attributeName = (name: string) => t(`attribute.${name}`, { defaultValue: name });
  const elapsedMs = (debug?.steps ?? []).reduce((sum, step) => sum + step.elapsedMs, 0);
  return (
    <Section
      title={
        gone > 0
          ? t('inside.finding', { count: gone, candidates: formats.count(debug?.candidates ?? 0) })
          : t('inside.title')
      }
      subtitle={t('inside.subtitle')}
    >
      <div className={styles.inside}>
        <div>
          <h3>{t('inside.removed')}</h3>
          {removed.length === 0 ? (
            <p className="faint">{t('inside.removedNone')}</p>
          ) : (
            <ul className={styles.plain}>
              {removed.map(({ rule, items, examples }) => (
                <li key={rule}>
                  <span>
                    {ruleWords(rule)}
                    <span className={styles.summary}>
                      {examples.join(t('comma'))}
                      {items > examples.length ? '…' : ''}
                    </span>
                  </span>
                  <b className="tabular">{formats.count(items)}</b>
                </li>
              ))}
            </ul>
          )}
        </div>
        <MovedList moved={debug?.moved ?? []} />
        <div>
          <h3>{t('inside.known')}</h3>
          {history.length === 0 ? (
            <p className="faint">{t('inside.knownNone')}</p>
          ) : (
            <ul className={styles.plain}>
              {history.slice(0, historyShown).map((one) => (
                <li key={`${one.itemId} ${one.at} ${one.did}`}>
                  <span>
                    {t(`did.${one.did}`, { defaultValue: one.did })} {one.name}
                  </span>
                  <span className="faint">
                    <Instant at={one.at} />
                  </span>
                </li>
              ))}
              {history.length > historyShown && (
                <li className="faint">{t('inside.knownMore', { count: history.length - historyShown })}</li>
              )}
            </ul>
          )}
        </div>
        <div>
          <h3>{t('inside.decision')}</h3>
          <dl className={styles.facts}>
            <dt>{t('inside.model')}</dt>
            <dd>
              {[answer.model ? modelName(answer.model) : '–', versionName(answer.modelVersion)]
                .filter(Boolean)
                .join(' · ')}
            </dd>
            <dt>{t('inside.personalised')}</dt>
            <dd>{t(answer.personalised ? 'yes' : 'no')}</dd>
            <dt title={t('inside.chanceWhat')}>{t('inside.chance')}</dt>
            <dd>{answer.propensity < 0.0001 ? '< 0.01%' : formats.rate(answer.propensity, 2)}</dd>
            {answer.experiment && (
              <>
                <dt>{t('inside.experiment')}</dt>
                <dd>
                  {answer.experiment.name} · {answer.experiment.arm}
                </dd>
              </>
            )}
            {debug && (
              <>
                <dt>{t('inside.candidates')}</dt>
                <dd className="tabular">{formats.count(debug.candidates)}</dd>
                <dt>{t('inside.took')}</dt>
                <dd className="tabular">{elapsedMs < 1 ? '< 1 ms' : `${formats.count(Math.round(elapsedMs))} ms`}</dd>
              </>
            )}
          </dl>
        </div>
      </div>
    </Section>
  );
}
