import {
  ArrowDownOutlined,
  ArrowUpOutlined,
  CopyOutlined,
  DeleteOutlined,
  GroupOutlined,
  MoreOutlined,
  PlusOutlined,
  StopOutlined,
} from '@ant-design/icons';
import { Button, Dropdown, Select } from 'antd';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './builder.module.css';
import { ConditionFields } from './condition-fields.tsx';
import { conditionKinds, firstCondition } from './first-conditions.ts';
import {
  addPart,
  changePart,
  type DraftCondition,
  type DraftGroup,
  type DraftPart,
  groupPart,
  isGroup,
  movePart,
  negatePart,
  newCondition,
  newGroup,
  removePart,
} from './rule-draft.ts';

type Change = (make: (draft: DraftGroup) => DraftGroup) => void;
type Common = {
  readonly change: Change;
  /** Said of parts, by their keys. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  readonly incomplete: ReadonlySet<string>;
};

/** A group: whether all or one of its parts must hold, the parts, and room for another. */
export function EditGroup({
  group,
  isRoot,
  ...common
}: Common & { readonly group: DraftGroup; readonly isRoot: boolean }) {
  const { t } = useTranslation('segments');
  const { change, notes } = common;
  return (
    <div className={isRoot ? styles.group : `${styles.group} ${styles.inner}`} data-not={group.not}>
      <div className={styles.groupHead}>
        <span>{t(isRoot ? 'builder.peopleWho' : group.not ? 'builder.peopleNot' : 'builder.peopleInner')}</span>
        <Select
          size="small"
          aria-label={t('builder.kind')}
          value={group.kind}
          options={(['all', 'any'] as const).map((value) => ({ value, label: t(`group.${value}`) }))}
          onChange={(kind) =>
            change((draft) => changePart(draft, group.key, (part) => (isGroup(part) ? { ...part, kind } : part)))
          }
          popupMatchSelectWidth={false}
        />
        <span>{t('builder.ofThese')}</span>
        {isRoot ? null : <PartTools part={group} change={change} />}
      </div>
      {(notes.get(group.key) ?? []).map((note) => (
        <p key={note} className={styles.warning}>
          {note}
        </p>
      ))}
      <ul className={styles.parts}>
        {group.of.map((part, at) => (
          <li key={part.key} className={styles.part}>
            {at > 0 ? <p className={styles.joint}>{t(`joint.${group.kind}`)}</p> : null}
            {isGroup(part) ? (
              <EditGroup group={part} isRoot={false} {...common} />
            ) : (
              <EditCondition part={part} {...common} />
            )}
          </li>
        ))}
      </ul>
      <AddPart group={group} change={change} />
    </div>
  );
}

function EditCondition({ part, change, notes, incomplete }: Common & { readonly part: DraftCondition }) {
  const { t } = useTranslation('segments');
  const said = notes.get(part.key) ?? [];
  const isIncomplete = incomplete.has(part.key);
  const move = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    change((draft) => movePart(draft, part.key, event.key === 'ArrowUp' ? -1 : 1));
  };
  return (
    <fieldset
      className={styles.condition}
      data-not={part.not}
      data-wrong={isIncomplete || said.length > 0}
      aria-label={t(`kind.${part.condition.kind}`)}
      style={{ margin: 0, minInlineSize: 0 }}
      onKeyDown={move}
    >
      <span className={styles.kind}>{t(`kind.${part.condition.kind}`)}</span>
      {part.not ? <span className={`${styles.kind} ${styles.not}`}>{t('builder.not')}</span> : null}
      <div className={styles.fields}>
        <ConditionFields
          condition={part.condition}
          onChange={(condition) => change((draft) => changePart(draft, part.key, (one) => ({ ...one, condition })))}
        />
      </div>
      <PartTools part={part} change={change} />
      {isIncomplete ? <p className={styles.warning}>{t('builder.incomplete')}</p> : null}
      {said.map((note) => (
        <p key={note} className={styles.warning}>
          {note}
        </p>
      ))}
    </fieldset>
  );
}

function PartTools({ part, change }: { readonly part: DraftPart; readonly change: Change }) {
  const { t } = useTranslation('segments');
  const { key } = part;
  const copy = (one: DraftPart): DraftPart =>
    isGroup(one)
      ? { ...newGroup(one.kind, one.of.map(copy)), not: one.not }
      : { ...newCondition(one.condition), not: one.not };
  const items = [
    { key: 'not', icon: <StopOutlined />, label: t(part.not ? 'tool.notNot' : 'tool.not') },
    { key: 'up', icon: <ArrowUpOutlined />, label: t('tool.up') },
    { key: 'down', icon: <ArrowDownOutlined />, label: t('tool.down') },
    { key: 'group', icon: <GroupOutlined />, label: t('tool.group') },
    { key: 'copy', icon: <CopyOutlined />, label: t('tool.copy') },
  ];
  const act = (name: string) => {
    if (name === 'not') change((draft) => negatePart(draft, key));
    if (name === 'up') change((draft) => movePart(draft, key, -1));
    if (name === 'down') change((draft) => movePart(draft, key, 1));
    if (name === 'group') change((draft) => groupPart(draft, key));
    if (name === 'copy') change((draft) => addPart(draft, draft.key, copy(part)));
  };
  return (
    <span className={styles.tools}>
      <Dropdown trigger={['click']} menu={{ items, onClick: ({ key: name }) => act(name) }}>
        <Button type="text" size="small" icon={<MoreOutlined />} aria-label={t('tool.more')} />
      </Dropdown>
      <Button
        type="text"
        size="small"
        icon={<DeleteOutlined />}
        aria-label={t('tool.remove')}
        onClick={() => change((draft) => removePart(draft, key))}
      />
    </span>
  );
}

function AddPart({ group, change }: { readonly group: DraftGroup; readonly change: Change }) {
  const { t } = useTranslation('segments');
  const add = (part: DraftPart) => change((draft) => addPart(draft, group.key, part));
  const items = [
    ...conditionKinds.map((kind) => ({ key: kind, label: t(`add.${kind}`) })),
    { type: 'divider' as const },
    { key: 'group', label: t('add.group') },
  ];
  return (
    <div>
      <Dropdown
        trigger={['click']}
        menu={{
          items,
          onClick: ({ key }) =>
            add(
              key === 'group'
                ? newGroup(group.kind === 'all' ? 'any' : 'all', [newCondition(firstCondition('event'))])
                : newCondition(firstCondition(key as (typeof conditionKinds)[number])),
            ),
        }}
      >
        <Button type="dashed" icon={<PlusOutlined />}>
          {t('builder.add')}
        </Button>
      </Dropdown>
    </div>
  );
}
