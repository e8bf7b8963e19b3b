import type { Cluster, Clustering, CustomerNote, RfmGroup8, RfmGroup11 } from '@zhiyin/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../format/use-formats.ts';
import { useLanguage } from '../../i18n/use-language.ts';

type Feature = Pick<Clustering['features'][number], 'key' | 'words' | 'unit'>;

/** Names of groups and clusters, and values of features, in the page's language. */
export function useCustomerWords(features: readonly Feature[] = []) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const language = useLanguage();
  const groupName = useCallback(
    (group: RfmGroup8 | RfmGroup11 | '') => t(`group.${group === '' ? 'none' : group}`),
    [t],
  );
  const featureName = (key: string) => features.find((feature) => feature.key === key)?.words[language] ?? key;
  const clusterName = (cluster: Pick<Cluster, 'key' | 'name' | 'label' | 'differences'>): string => {
    if (cluster.label) return cluster.label;
    const [strongest] = cluster.differences;
    if (cluster.name !== 'by_feature') return t(`cluster.${cluster.name}`);
    if (!strongest) return t('cluster.numbered', { number: cluster.key });
    const feature = featureName(strongest.feature);
    return t(strongest.effect > 0 ? 'cluster.much' : 'cluster.little', { feature });
  };
  const formatFeature = (key: string, value: number | null): string => {
    if (value === null) return '–';
    const unit = features.find((feature) => feature.key === key)?.unit;
    if (unit === 'money') return formats.money(Math.round(value));
    if (unit === 'share') return formats.rate(value, 0);
    if (unit === 'days') return t('days', { count: Math.round(value), value: formats.count(Math.round(value)) });
    return formats.count(Math.round(value * 10) / 10);
  };
  const sayNote = (note: CustomerNote) =>
    t(`note.${note.code}`, {
      count: note.count,
      value: formats.count(note.count),
      names: note.names
        .map((name) => {
          const own = features.find((feature) => feature.key === name);
          return own ? own.words[language] : t(`measure.${name}`, { defaultValue: name });
        })
        .join(t('nameGap')),
    });
  return { t, formats, groupName, featureName, clusterName, formatFeature, sayNote };
}
