import { useQuery } from '@tanstack/react-query';
import {
  type Aggregate,
  type ComputedTrait,
  type ComputedTraitDefinition,
  type ComputedTraitRefresh,
  computedTraitNameSchema,
  purchaseAggregates,
} from '@zhiyin/contract';
import { Alert, Button, Form, Input, Modal, Radio, Select, Table } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useComputedTraitPreview, useSaveComputedTrait } from '../../../api/computed-traits.ts';
import { segmentVocabularyQuery } from '../../../api/segments.ts';
import { explainError } from '../../../components/explain-error.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { ChooseEvent, ChooseField } from '../builder/choose-name.tsx';
import { VocabularyContext } from '../builder/vocabulary-context.ts';
import { WhereFields } from '../builder/where-fields.tsx';
import { WindowFields } from '../builder/window-fields.tsx';
import styles from '../segments.module.css';

const kinds = ['events', 'purchases', 'sql'] as const;
const aggregates: readonly Aggregate['of'][] = [
  'count',
  'sum',
  'average',
  'min',
  'max',
  'first',
  'last',
  'most_frequent',
  'distinct',
  'days',
  'days_since_last',
  'days_since_first',
  'first_at',
  'last_at',
];
const withProperty = new Set<Aggregate['of']>([
  'sum',
  'average',
  'min',
  'max',
  'distinct',
  'first',
  'last',
  'most_frequent',
]);
const firstSql =
  "SELECT profile_id, count() AS value\nFROM @person_events\nWHERE name = 'product_viewed'\nGROUP BY profile_id";

function firstDefinition(kind: ComputedTraitDefinition['kind']): ComputedTraitDefinition {
  const window = { kind: 'last', amount: 90, unit: 'days' } as const;
  if (kind === 'events') return { kind, event: '', where: [], window, aggregate: { of: 'count' } };
  if (kind === 'purchases') return { kind, aggregate: 'favourite_category', window };
  return { kind, sql: firstSql };
}

/** A trait of the brand's own: what is computed, how often, and whom it would give what before it is kept. */
export function TraitEditor({ trait, close }: { readonly trait: ComputedTrait | null; readonly close: () => void }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const notice = useNotice();
  const [title, setTitle] = useState(trait?.title ?? '');
  const [name, setName] = useState(trait?.name ?? '');
  const [definition, setDefinition] = useState(trait?.definition ?? firstDefinition('events'));
  const [refresh, setRefresh] = useState<ComputedTraitRefresh>(trait?.refresh ?? { kind: 'scheduled', everyHours: 24 });
  const preview = useComputedTraitPreview(workspace.id);
  const save = useSaveComputedTrait(workspace.id);
  const known = useQuery(segmentVocabularyQuery(workspace.id)).data;
  const vocabulary = useMemo(() => ({ known, segments: [], lists: [], tags: [] }), [known]);
  const isNameRight = computedTraitNameSchema.safeParse(name).success;
  const isReady = title.trim() !== '' && isNameRight && isWhole(definition);
  const keep = () =>
    save.mutate(
      trait?.id
        ? { id: trait.id, body: { title: title.trim(), definition, refresh } }
        : { id: null, body: { name, title: title.trim(), definition, refresh } },
      {
        onSuccess: () => {
          notice.done(t('traits.started'));
          close();
        },
        onError: notice.failed,
      },
    );
  return (
    <VocabularyContext value={vocabulary}>
      <Modal
        open
        width={760}
        title={trait ? trait.title : t('traits.create')}
        onCancel={close}
        okText={t(trait ? 'common:save' : 'traits.create')}
        okButtonProps={{ disabled: !isReady, loading: save.isPending }}
        onOk={keep}
      >
        <Form layout="vertical" requiredMark={false}>
          <Form.Item label={t('traits.titleLabel')} htmlFor="trait-title">
            <Input
              id="trait-title"
              value={title}
              maxLength={120}
              placeholder={t('traits.titleExample')}
              onChange={({ target }) => setTitle(target.value)}
            />
          </Form.Item>
          <Form.Item
            label={t('traits.nameLabel')}
            htmlFor="trait-name"
            extra={t('traits.nameHelp')}
            validateStatus={name === '' || isNameRight ? '' : 'error'}
          >
            <Input
              id="trait-name"
              value={name}
              maxLength={60}
              disabled={trait !== null}
              placeholder="favourite_category"
              onChange={({ target }) => setName(target.value.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_'))}
            />
          </Form.Item>
          <Form.Item label={t('traits.from')}>
            <Radio.Group
              value={definition.kind}
              options={kinds.map((value) => ({ value, label: t(`traits.kind.${value}`) }))}
              onChange={({ target }) => setDefinition(firstDefinition(target.value))}
            />
          </Form.Item>
          <Form.Item>
            <DefinitionFields definition={definition} onChange={setDefinition} />
          </Form.Item>
          <Form.Item
            label={t('traits.refreshLabel')}
            extra={definition.kind === 'sql' ? t('traits.sqlNotLive') : undefined}
          >
            <Select
              value={refresh.kind === 'live' ? 'live' : String(refresh.everyHours)}
              aria-label={t('traits.refreshLabel')}
              options={[
                ...(definition.kind === 'sql' ? [] : [{ value: 'live', label: t('traits.live') }]),
                ...[1, 6, 24, 168].map((hours) => ({
                  value: String(hours),
                  label: t('traits.every', { count: hours }),
                })),
              ]}
              onChange={(value) =>
                setRefresh(value === 'live' ? { kind: 'live' } : { kind: 'scheduled', everyHours: Number(value) })
              }
            />
          </Form.Item>
        </Form>
        <Button disabled={!isWhole(definition)} loading={preview.isPending} onClick={() => preview.mutate(definition)}>
          {t('traits.preview')}
        </Button>
        <Preview preview={preview} />
      </Modal>
    </VocabularyContext>
  );
}

function isWhole(definition: ComputedTraitDefinition): boolean {
  if (definition.kind === 'sql') return definition.sql.trim() !== '';
  if (definition.kind === 'purchases') return true;
  const { event, aggregate, where } = definition;
  return (
    event !== '' &&
    (!('property' in aggregate) || aggregate.property !== '') &&
    where.every(({ property, test }) => property !== '' && !('values' in test && test.values.length === 0))
  );
}

function DefinitionFields({
  definition,
  onChange,
}: {
  readonly definition: ComputedTraitDefinition;
  readonly onChange: (definition: ComputedTraitDefinition) => void;
}) {
  const { t } = useTranslation('segments');
  if (definition.kind === 'sql') {
    return (
      <>
        <Input.TextArea
          className={styles.code!}
          value={definition.sql}
          aria-label="SQL"
          autoSize={{ minRows: 5, maxRows: 16 }}
          maxLength={20_000}
          onChange={({ target }) => onChange({ ...definition, sql: target.value })}
        />
        <span className={styles.small}>{t('traits.sqlHelp')}</span>
      </>
    );
  }
  if (definition.kind === 'purchases') {
    return (
      <div className={styles.row}>
        <Select
          style={{ minWidth: 200 }}
          value={definition.aggregate}
          aria-label={t('traits.what')}
          options={purchaseAggregates.map((value) => ({ value, label: t(`traits.purchase.${value}`) }))}
          onChange={(aggregate) => onChange({ ...definition, aggregate })}
        />
        <WindowFields window={definition.window} onChange={(window) => onChange({ ...definition, window })} />
      </div>
    );
  }
  const { aggregate } = definition;
  const property = 'property' in aggregate ? aggregate.property : null;
  return (
    <div className={styles.row}>
      <Select
        style={{ minWidth: 170 }}
        value={aggregate.of}
        aria-label={t('traits.what')}
        options={aggregates.map((value) => ({ value, label: t(`traits.aggregate.${value}`) }))}
        onChange={(of) =>
          onChange({
            ...definition,
            aggregate: (withProperty.has(of) ? { of, property: property ?? '' } : { of }) as Aggregate,
          })
        }
      />
      {property === null ? null : (
        <PropertyField
          event={definition.event}
          value={property}
          onChange={(next) => onChange({ ...definition, aggregate: { ...aggregate, property: next } as Aggregate })}
        />
      )}
      <span className="faint">{t('traits.of')}</span>
      <ChooseEvent value={definition.event} onChange={(event) => onChange({ ...definition, event })} />
      <WindowFields window={definition.window} onChange={(window) => onChange({ ...definition, window })} />
      <WhereFields
        event={definition.event}
        where={definition.where}
        onChange={(where) => onChange({ ...definition, where })}
      />
    </div>
  );
}

function PropertyField({
  event,
  value,
  onChange,
}: {
  readonly event: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation('segments');
  const { id } = useWorkspace();
  const known = useQuery(segmentVocabularyQuery(id)).data;
  const properties = known?.events.find(({ name }) => name === event)?.properties ?? [];
  return (
    <ChooseField
      label={t('builder.property')}
      value={value}
      names={properties.map(({ name }) => name)}
      onChange={onChange}
    />
  );
}

function Preview({ preview }: { readonly preview: ReturnType<typeof useComputedTraitPreview> }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  if (preview.error) {
    const words = explainError(preview.error, t);
    return (
      <Alert
        style={{ marginTop: 12 }}
        type="warning"
        title={words.what}
        description={[words.detail, words.fix].filter(Boolean).join(' ')}
      />
    );
  }
  if (!preview.data) return null;
  const { people, sample, elapsedMs } = preview.data;
  return (
    <div style={{ marginTop: 12 }} role="status">
      <p>
        {t('traits.previewed', {
          count: people,
          shown: formats.count(people),
          time: formats.count(elapsedMs),
        })}
      </p>
      <Table
        rowKey={({ person }) => person.profileId}
        size="small"
        pagination={false}
        dataSource={sample}
        columns={[
          { key: 'person', title: t('members.person'), render: (_, one) => one.person.displayName },
          {
            key: 'value',
            title: t('traits.value'),
            align: 'right',
            render: (_, one) => (typeof one.value === 'number' ? formats.count(one.value) : String(one.value)),
          },
        ]}
      />
    </div>
  );
}
