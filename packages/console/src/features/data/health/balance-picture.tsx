import { CheckCircleFilled, WarningFilled } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { Health } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../../format/use-formats.ts';
import { OutcomeBar } from '../outcome-bar.tsx';
import styles from './health.module.css';

type Props = { readonly balance: Health['balance']; readonly oldestPendingMs: number };
/** Records wait seconds; minutes say that cleaning has stopped. */
const pendingAlarmMs = 60_000;

/** The equation as a picture: what came in on top, where it is beneath, equally wide when nothing is missing. */
export function BalancePicture({ balance, oldestPendingMs }: Props) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { received, valid, duplicate, quarantined, pending, difference } = balance;
  const isOk = difference === 0;
  const accounted = valid + duplicate + quarantined + pending;
  const widest = Math.max(received, accounted, 1);
  return (
    <div className={styles.balance}>
      <div className={styles.side}>
        <span className={styles.sideName}>{t('health.received')}</span>
        <b className={styles.total}>{formats.count(received)}</b>
      </div>
      <div
        className={styles.whole}
        data-none={received === 0}
        style={{ width: `${received === 0 ? 100 : (100 * received) / widest}%` }}
        aria-hidden="true"
      />
      <p className={styles.equals} aria-hidden="true">
        {isOk ? '=' : '≠'}
      </p>
      <div style={{ width: `${accounted === 0 ? 100 : Math.max(30, (100 * accounted) / widest)}%` }}>
        <OutcomeBar
          label={t('health.balanceTitle')}
          parts={[
            { key: 'valid', records: valid },
            { key: 'duplicate', records: duplicate },
            { key: 'quarantined', records: quarantined },
            { key: 'pending', records: pending },
          ]}
        />
      </div>
      <div className={styles.verdict} data-ok={isOk} role="status">
        {isOk ? <CheckCircleFilled aria-hidden /> : <WarningFilled aria-hidden />}
        <div>
          <b>{isOk ? t('health.adds') : t('health.addsNot', { difference: formats.count(difference) })}</b>
          <p>
            {isOk ? t('health.addsWhat') : t('health.addsNotWhat')}
            {quarantined > 0 && (
              <>
                {' '}
                <Link to="/w/$workspaceId/data/quarantine" params={true as never}>
                  {t('health.toQuarantine')}
                </Link>
              </>
            )}
          </p>
          {pending > 0 && (
            <p data-late={oldestPendingMs > pendingAlarmMs}>
              {t(oldestPendingMs > pendingAlarmMs ? 'health.pendingLate' : 'health.pendingSoon', {
                age: formats.duration(oldestPendingMs),
              })}
            </p>
          )}
        </div>
      </div>
    </div>
  );
}
