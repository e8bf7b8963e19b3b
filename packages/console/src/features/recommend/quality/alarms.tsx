import { Link } from '@tanstack/react-router';
import type { RecommendQuality } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';

type Props = { readonly alarms: RecommendQuality['alarms']; readonly nameOf: (surface: string) => string };

/** Where the version served now does worse than the one before, beyond chance. */
export function Alarms({ alarms, nameOf }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  return alarms.map((alarm) => (
    <div key={`${alarm.surface} ${alarm.measure}`} className={styles.notice} data-tone="bad" role="alert">
      <p>
        {t(`quality.alarm.${alarm.measure}`, {
          surface: nameOf(alarm.surface),
          now: formats.rate(alarm.now.value, 1),
          before: formats.rate(alarm.before.value, 1),
          version: alarm.modelVersion,
          previous: alarm.previousVersion,
          p: alarm.p < 0.0001 ? '< 0.0001' : `= ${alarm.p.toFixed(4)}`,
        })}
      </p>
      <Link to="/w/$workspaceId/recommend/models" params={true as never}>
        {t('quality.toModels')}
      </Link>
    </div>
  ));
}
