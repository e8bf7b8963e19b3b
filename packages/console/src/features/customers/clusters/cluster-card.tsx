import { EditOutlined } from '@ant-design/icons';
import type { Cluster, Clustering } from '@zhiyin/contract';
import { Button, Input, Space } from 'antd';
import { useState } from 'react';
import { useLabelCluster } from '../../../api/customers.ts';
import { useChartTheme } from '../../../charts/use-chart-theme.ts';
import { StateTag } from '../../../components/state-tag.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from '../customers.module.css';
import { MakeSegment } from '../make-segment.tsx';
import { useCustomerWords } from '../use-customer-words.ts';

type Props = {
  readonly cluster: Cluster;
  /** Place among the colours, as on the map. */
  readonly place: number;
  readonly clustering: Clustering;
  readonly showPeople: (() => void) | undefined;
};

const shownMax = 4;
/** As wide as a bar gets. */
const effectMax = 2;

/** One cluster: its name, its size, what sets it apart, and what to do with it. */
export function ClusterCard({ cluster, place, clustering, showPeople }: Props) {
  const { t, formats, clusterName, featureName, formatFeature } = useCustomerWords(clustering.features);
  const workspace = useWorkspace();
  const theme = useChartTheme();
  const label = useLabelCluster(workspace.id);
  const notice = useNotice();
  const [text, setText] = useState<string | null>(null);
  const name = clusterName(cluster);
  const colour = theme.series[place % theme.series.length];
  const keep = () =>
    label.mutate(
      { key: cluster.key, label: text?.trim() || null },
      { onSuccess: () => setText(null), onError: notice.failed },
    );
  return (
    <article className={styles.card} aria-label={name}>
      <div className={styles.cardHead}>
        <span className={styles.dot} style={{ background: colour }} aria-hidden />
        {text === null ? (
          <>
            <h3>{name}</h3>
            {cluster.overlap === null && clustering.clusters.some(({ overlap }) => overlap !== null) && (
              <StateTag tone="busy">{t('cluster.isNew')}</StateTag>
            )}
            {workspace.can('data:write') && (
              <Button
                type="text"
                size="small"
                icon={<EditOutlined />}
                aria-label={t('cluster.rename', { name })}
                onClick={() => setText(cluster.label ?? name)}
              />
            )}
          </>
        ) : (
          <Space.Compact block>
            <Input
              autoFocus
              value={text}
              maxLength={80}
              aria-label={t('cluster.rename', { name })}
              onChange={(event) => setText(event.target.value)}
              onPressEnter={keep}
            />
            <Button type="primary" onClick={keep} loading={label.isPending}>
              {t('cluster.keep')}
            </Button>
          </Space.Compact>
        )}
      </div>
      <p className={styles.figures}>
        <span>{t('group.people', { count: cluster.people, value: formats.count(cluster.people) })}</span>
        <span>{t('cluster.share', { share: formats.rate(cluster.share, 0) })}</span>
        <span>{t('group.spentShare', { share: formats.rate(cluster.spentShare, 0) })}</span>
      </p>
      <ul className={styles.differences}>
        {cluster.differences.slice(0, shownMax).map(({ feature, effect, mean, others }) => (
          <li key={feature} className={styles.difference}>
            <span>
              {featureName(feature)} <b className="tabular">{formatFeature(feature, mean)}</b>{' '}
              <small>{t('cluster.others', { value: formatFeature(feature, others) })}</small>
            </span>
            <span className={styles.bar} title={t('cluster.effect', { effect: effect.toFixed(1) })}>
              <span
                style={{
                  background: colour,
                  left: `${effect < 0 ? 50 - widthOf(effect) : 50}%`,
                  width: `${widthOf(effect)}%`,
                }}
              />
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <MakeSegment name={name} trait="cluster.behaviour" test={{ op: 'is', value: cluster.key }} />
        {showPeople && <Button onClick={showPeople}>{t('cluster.people')}</Button>}
      </div>
    </article>
  );
}

const widthOf = (effect: number) => (Math.min(effectMax, Math.abs(effect)) / effectMax) * 50;
