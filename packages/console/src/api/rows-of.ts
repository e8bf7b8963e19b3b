import { pageOf } from '@zhiyin/contract';
import type { z } from 'zod';

/** Short lists come as one page. */
export const rowsOf = <Row extends z.ZodType>(row: Row) => pageOf(row).partial({ nextCursor: true, total: true });
