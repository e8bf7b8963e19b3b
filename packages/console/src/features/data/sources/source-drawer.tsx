import { CheckCircleFilled, LoadingOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { Source } from '@zhiyin/contract';
import { Alert, Drawer, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { CopyText } from '../../../components/copy-text.tsx';
import { Instant } from '../../../components/instant.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { CodeBlock } from '../code-block.tsx';
import styles from '../data.module.css';
import { buildSnippets } from './build-snippet.ts';
import { SourceSettings } from './source-settings.tsx';

type Props = { readonly source: Source | undefined; readonly onClose: () => void };

/** One source: whether it has started, what to paste, its key and its limits. */
export function SourceDrawer({ source, onClose }: Props) {
  return (
    <Drawer open={source !== undefined} onClose={onClose} title={source?.name} size={640} destroyOnHidden>
      {source && <SourceDetails source={source} />}
    </Drawer>
  );
}

function SourceDetails({ source }: { readonly source: Source }) {
  const { t } = useTranslation('data');
  const { can } = useWorkspace();
  const isSender = source.kind !== 'import' && source.kind !== 'demo';
  const snippets = buildSnippets({ kind: source.kind, writeKey: source.writeKey, server: window.location.origin });
  return (
    <div className={styles.stack}>
      {isSender && source.disabledAt === null && <FirstEvent source={source} />}
      {source.disabledAt !== null && <Alert type="warning" showIcon title={t('sources.disabledNote')} />}
      {isSender && (
        <section className={styles.stackSmall}>
          <h3>{t('sources.connect')}</h3>
          <p className="faint">{t(`sources.connectHints.${source.kind}`)}</p>
          <Tabs
            size="small"
            items={snippets.map(({ kind, code }) => ({
              key: kind,
              label: t(`sources.snippets.${kind}`),
              children: <CodeBlock code={code} />,
            }))}
          />
        </section>
      )}
      {isSender && (
        <section className={styles.stackSmall}>
          <h3>{t('sources.writeKey')}</h3>
          <p className="faint">
            {t(`sources.writeKeyHint.${source.kind === 'web' || source.kind === 'app' ? 'open' : 'secret'}`)}
          </p>
          <div>
            <CopyText text={source.writeKey} code />
          </div>
        </section>
      )}
      {!isSender && <p>{t(`sources.ownHints.${source.kind}`)}</p>}
      {can('settings:write') && isSender && <SourceSettings key={source.id} source={source} />}
    </div>
  );
}

/** Waits with the operator until something arrives; the list is asked every few seconds. */
function FirstEvent({ source }: { readonly source: Source }) {
  const { t } = useTranslation('data');
  const formats = useFormats();
  const { valid, duplicate, quarantined, lastReceivedAt } = source.recent;
  const all = valid + duplicate + quarantined;
  if (all === 0 && lastReceivedAt === null) {
    return (
      <Alert
        role="status"
        type="info"
        icon={<LoadingOutlined />}
        showIcon
        title={t('sources.waitingTitle')}
        description={t('sources.waitingHint')}
      />
    );
  }
  const links = (
    <>
      <Link to="/w/$workspaceId/data/live" params={true as never} search={{ sourceId: source.id }}>
        {t('sources.seeLive')}
      </Link>
      {quarantined > 0 && (
        <>
          {' · '}
          <Link to="/w/$workspaceId/data/quarantine" params={true as never} search={{ sourceId: source.id }}>
            {t('sources.seeQuarantine', { count: quarantined, shown: formats.count(quarantined) })}
          </Link>
        </>
      )}
    </>
  );
  return (
    <Alert
      role="status"
      type={valid > 0 ? 'success' : 'warning'}
      icon={<CheckCircleFilled />}
      showIcon
      title={
        <>
          {t('sources.received', { count: all, shown: formats.count(all) })}{' '}
          {lastReceivedAt && (
            <span className="faint">
              {t('sources.lastReceived')}: <Instant at={lastReceivedAt} />
            </span>
          )}
        </>
      }
      description={links}
    />
  );
}
