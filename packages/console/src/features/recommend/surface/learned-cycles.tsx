import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { recommendModelsQuery } from '../../../api/recommend-models.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ShareField, SwitchField } from './fields.tsx';
import type { EditProps } from './rule-editor.tsx';
import styles from './surface.module.css';

const shownMax = 4;

/** Cycles that training learned: the switch that uses them, and what they are. */
export function LearnedCycles({ draft, disabled }: EditProps) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { id } = useWorkspace();
  const models = useQuery(recommendModelsQuery(id));
  const { repurchase } = draft.draft.rules;
  const cycles = models.data?.find(({ state }) => state === 'serving')?.cycles ?? [];
  const days = (value: number) => formats.count(Math.round(value));
  return (
    <>
      <SwitchField
        label={t('part.repurchase')}
        help={cycles.length > 0 ? t('bought.learnedHelp') : t('bought.learnedNone')}
        value={repurchase.learned}
        onChange={(learned) => draft.setRule('repurchase', { ...repurchase, learned })}
        disabled={disabled}
      />
      {repurchase.learned && (
        <>
          {cycles.length > 0 && (
            <ul className={styles.plain} aria-label={t('bought.learnedList')}>
              {cycles.slice(0, shownMax).map((cycle) => (
                <li key={cycle.itemId} className={styles.help}>
                  <span>{cycle.name || cycle.itemId}</span>
                  <span className="tabular">
                    {t('bought.learnedDays', { from: days(cycle.fromDays), to: days(cycle.toDays) })}
                  </span>
                </li>
              ))}
              {cycles.length > shownMax && (
                <li className={styles.help}>{t('bought.learnedMore', { count: cycles.length - shownMax })}</li>
              )}
            </ul>
          )}
          <ShareField
            label={t('bought.dueBoost')}
            ends={[t('bought.dueLow'), t('bought.dueHigh')]}
            most={3}
            value={repurchase.dueBoost}
            onChange={(dueBoost) => draft.setRule('repurchase', { ...repurchase, dueBoost })}
            disabled={disabled}
          />
        </>
      )}
    </>
  );
}
