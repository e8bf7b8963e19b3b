import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Person } from '@zhiyin/contract';
import { Button, Input, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { personAudienceQuery, useAudienceChange, useUndoChange } from '../../api/audiences.ts';
import { computedTraitsQuery } from '../../api/computed-traits.ts';
import { personSegmentsQuery } from '../../api/segments.ts';
import { Section } from '../../components/section.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { formatTrait } from './format-trait.ts';
import styles from './person.module.css';

/** Segments and lists the person is in, and tags that can be put on and taken off here. */
export function PersonAudience({ person }: { readonly person: Person }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const notice = useNotice();
  const { profileId } = person;
  const segments = useQuery(personSegmentsQuery(workspace.id, profileId)).data ?? [];
  const audience = useQuery(personAudienceQuery(workspace.id, profileId)).data;
  const change = useAudienceChange(workspace.id);
  const undo = useUndoChange(workspace.id);
  const [tag, setTag] = useState('');
  const params = { workspaceId: String(workspace.id) };
  const mayChange = workspace.can('people:write');
  const set = (name: string, action: 'add' | 'remove') =>
    change.mutate(
      { mark: { tag: name }, action, people: { profileIds: [profileId] } },
      {
        onSuccess: (made) => {
          setTag('');
          if (action === 'remove') {
            notice.undoable(t('person.tagRemoved', { tag: name }), () =>
              undo.mutate(made.id, { onError: notice.failed }),
            );
          }
        },
        onError: notice.failed,
      },
    );
  return (
    <Section title={t('person.title')}>
      <div className={styles.chips}>
        {segments.map((one) => (
          <Link
            key={`segment ${one.id}`}
            to="/w/$workspaceId/segments/$segmentId"
            params={{ ...params, segmentId: String(one.id) }}
          >
            <Tag color="blue">{one.name}</Tag>
          </Link>
        ))}
        {(audience?.lists ?? []).map((one) => (
          <Link
            key={`list ${one.id}`}
            to="/w/$workspaceId/segments/lists/$listId"
            params={{ ...params, listId: String(one.id) }}
          >
            <Tag>
              {t('kind.list')} · {one.name}
            </Tag>
          </Link>
        ))}
        {segments.length + (audience?.lists.length ?? 0) === 0 ? (
          <span className="faint">{t('person.none')}</span>
        ) : null}
      </div>
      <div className={styles.chips}>
        {(audience?.tags ?? []).map((one) => (
          <Tag
            key={one.tag}
            closable={mayChange}
            onClose={(event) => {
              event.preventDefault();
              set(one.tag, 'remove');
            }}
          >
            {one.tag}
          </Tag>
        ))}
      </div>
      {mayChange ? (
        <div className={styles.chips}>
          <Input
            size="small"
            style={{ width: 160 }}
            value={tag}
            maxLength={80}
            aria-label={t('person.addTag')}
            placeholder={t('person.addTag')}
            onChange={({ target }) => setTag(target.value)}
            onPressEnter={() => tag.trim() && set(tag.trim(), 'add')}
          />
          <Button
            size="small"
            disabled={tag.trim() === ''}
            loading={change.isPending}
            onClick={() => set(tag.trim(), 'add')}
          >
            {t('person.add')}
          </Button>
        </div>
      ) : null}
    </Section>
  );
}

/** What is computed of the person, each with what computed it and when. */
export function PersonComputed({ person }: { readonly person: Person }) {
  const { t } = useTranslation('segments');
  const formats = useFormats();
  const workspace = useWorkspace();
  const known = useQuery(computedTraitsQuery(workspace.id)).data ?? [];
  if (person.computedTraits.length === 0) return null;
  const titleOf = new Map(known.map(({ name, title }) => [name, title]));
  return (
    <Section title={t('person.computed')}>
      <dl className={styles.traits}>
        {person.computedTraits.map(({ name, value, computedAt, source }) => (
          <div key={name}>
            <dt>{titleOf.get(name) || t(`traits.platform.${name}`, { defaultValue: name })}</dt>
            <dd>
              <span className={styles.value}>{formatTrait(value, formats)}</span>
              <span className={styles.small} title={formats.exact(computedAt)}>
                {t(`person.by.${source.split(':')[0]}`, { defaultValue: source })} · {formats.relative(computedAt)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
