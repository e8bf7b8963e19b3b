import type { List, Segment, SegmentVocabulary, Tag } from '@zhiyin/contract';
import { createContext, useContext } from 'react';

/** What conditions can be made of in this workspace. Empty until it is known: what is typed is taken all the same. */
export type Vocabulary = {
  readonly known: SegmentVocabulary | undefined;
  readonly segments: readonly Pick<Segment, 'id' | 'name'>[];
  readonly lists: readonly Pick<List, 'id' | 'name'>[];
  readonly tags: readonly Tag[];
};

export const VocabularyContext = createContext<Vocabulary>({ known: undefined, segments: [], lists: [], tags: [] });
export const useVocabulary = (): Vocabulary => useContext(VocabularyContext);
