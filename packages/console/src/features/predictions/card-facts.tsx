import type { Prediction, PredictionModel } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import { useFormats } from '../../format/use-formats.ts';
import styles from './predictions.module.css';
import { usePredictionWords } from './use-prediction-words.ts';

type Props = { readonly prediction: Prediction; readonly model: PredictionModel };

/** The model card: on what it was trained, what it beats, and where not to trust it. */
export function CardFacts({ prediction, model }: Props) {
  const { t } = useTranslation('predictions');
  const formats = useFormats();
  const words = usePredictionWords();
  const { card } = model;
  const drifted = (prediction.scored?.drift?.features ?? []).filter(({ index }) => index > 0.1).slice(0, 5);
  return (
    <Section
      title={t('card.title', { version: model.version })}
      subtitle={t('card.subtitle', { at: formats.exact(model.trainedAt) })}
    >
      <dl className={styles.figures}>
        <Fact
          label={t('card.method')}
          value={words.methodName(card.method)}
          note={t('card.against', { baseline: words.methodName(card.baseline) })}
        />
        <Fact
          label={t('card.people')}
          value={formats.count(card.data.people)}
          note={card.data.share < 1 ? t('card.share', { share: formats.rate(card.data.share) }) : ''}
        />
        <Fact
          label={t('card.features')}
          value={formats.count(card.data.features)}
          note={t('card.fit', { time: formats.duration(card.fitSeconds * 1_000) })}
        />
        {card.test && (
          <Fact
            label={t('card.lift')}
            value={t('card.times', { times: formats.count(Math.round(card.test.liftTopTenth * 10) / 10) })}
            note={t('card.liftNote')}
          />
        )}
      </dl>
      <h3>{t('card.cuts')}</h3>
      <ul className={styles.list}>
        {card.data.cuts.map(({ at, people, positives }) => (
          <li key={at}>
            {t('card.cut', {
              day: formats.day(at),
              people: formats.count(people),
              positives: formats.count(positives),
            })}
          </li>
        ))}
      </ul>
      <h3>{t('card.limits')}</h3>
      <ul className={styles.list}>
        {card.leaks.map(({ feature, words: own, auc }) => (
          <li key={feature}>{t('card.leak', { feature: own[formats.locale], auc: formats.rate(auc, 1) })}</li>
        ))}
        {card.leaks.length === 0 && card.candidates.length > 0 && <li>{t('card.noLeak')}</li>}
        {drifted.map(({ feature, words: own, index }) => (
          <li key={feature}>
            {t('card.drift', { feature: own[formats.locale], index: formats.count(Math.round(index * 100) / 100) })}
          </li>
        ))}
        {card.limits.map((limit) => (
          <li key={limit.code}>{words.say(limit)}</li>
        ))}
      </ul>
      <h3>{t('card.traits')}</h3>
      <p>{t('card.traitsHelp', { names: prediction.traits.join(t('listGap')) })}</p>
    </Section>
  );
}

function Fact({ label, value, note }: { readonly label: string; readonly value: string; readonly note: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
      <dd>{note}</dd>
    </div>
  );
}
