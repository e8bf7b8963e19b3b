import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons';
import type { LlmCheck } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useTestLlm } from '../../../api/llm.ts';
import { Section } from '../../../components/section.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../settings.module.css';
import { formatLatency } from './format-latency.ts';

/** Asks the endpoint for everything that is set, and says what worked and what to do about the rest. */
export function EndpointTest() {
  const { t } = useTranslation('llm');
  const workspace = useWorkspace();
  const test = useTestLlm(workspace.id);
  const notice = useNotice();
  return (
    <Section
      title={t('test')}
      subtitle={t('testHelp')}
      actions={
        <Button loading={test.isPending} onClick={() => test.mutate(undefined, { onError: notice.failed })}>
          {t('testAction')}
        </Button>
      }
    >
      {test.data ? (
        <ul className={styles.results} aria-live="polite">
          {test.data.checks.map((check) => (
            <Check key={check.what} check={check} />
          ))}
        </ul>
      ) : (
        <p className="faint">{t(test.isPending ? 'testRunning' : 'testNotYet')}</p>
      )}
    </Section>
  );
}

function Check({ check }: { check: LlmCheck }) {
  const { t } = useTranslation('llm');
  const formats = useFormats();
  const facts = [
    check.model,
    formatLatency(check.latencyMs, formats.locale),
    check.ok && check.tokens > 0 ? t('tokensUsed', { tokens: formats.count(check.tokens) }) : '',
    check.dimensions ? t('dimensions', { dimensions: formats.count(check.dimensions) }) : '',
    check.structuredOutput ? t(`mode.${check.structuredOutput}`) : '',
  ].filter(Boolean);
  return (
    <li className={styles.who}>
      <strong>
        {check.ok ? (
          <CheckCircleOutlined className={styles.may!} aria-label={t('worked')} />
        ) : (
          <CloseCircleOutlined className={styles.error!} aria-label={t('failed')} />
        )}{' '}
        {t(`what.${check.what}`)}
      </strong>
      <span className="faint">{facts.join(' · ')}</span>
      {check.failure ? (
        <>
          <span className={styles.error}>{t(`failure.${check.failure}`)}</span>
          <span>{t(`fix.${check.failure}`)}</span>
          {check.detail ? <code>{check.detail}</code> : null}
        </>
      ) : null}
    </li>
  );
}
