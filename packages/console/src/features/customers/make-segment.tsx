import type { SegmentCreate } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useMakeSegment } from '../../api/customers.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';

type Props = {
  readonly name: string;
  readonly trait: string;
  readonly test: Extract<SegmentCreate['rule'], { kind: 'computed' }>['test'];
  readonly type?: 'primary' | 'default';
  readonly label?: string;
};

/** One click: a segment of everybody with this value of a computed trait, now and from now on. */
export function MakeSegment({ name, trait, test, type = 'default', label }: Props) {
  const { t } = useTranslation('customers');
  const workspace = useWorkspace();
  const make = useMakeSegment(workspace.id);
  const notice = useNotice();
  if (!workspace.can('data:write')) return null;
  return (
    <Button
      type={type}
      loading={make.isPending}
      disabled={make.isSuccess}
      onClick={() =>
        make.mutate(
          { name, rule: { kind: 'computed', name: trait, test } },
          { onSuccess: () => notice.done(t('segment.made', { name })), onError: notice.failed },
        )
      }
    >
      {make.isSuccess ? t('segment.isMade') : (label ?? t('segment.make'))}
    </Button>
  );
}
