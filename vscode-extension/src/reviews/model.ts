/** The rows of the reviews: open ones, each with its candidates, and those that were decided about. */
import type { Review, ReviewCandidate } from '../protocol';

export interface ReviewRow {
  kind: 'review';
  review: Review;
}

export interface CandidateRow {
  kind: 'candidate';
  review: Review;
  candidate: ReviewCandidate;
}

/** What was decided, folded away. */
export interface DecidedRow {
  kind: 'decided';
  reviews: readonly Review[];
}

export type Row = ReviewRow | CandidateRow | DecidedRow;

/** Reviews as a tree, in the order of the server: the newest first. */
export class Reviews {
  constructor(readonly all: readonly Review[]) {}

  top(): Row[] {
    const decided = this.all.filter(({ status }) => status !== 'open');
    const open = this.all.filter(({ status }) => status === 'open').map(reviewRow);
    return decided.length > 0 ? [...open, { kind: 'decided', reviews: decided }] : open;
  }

  children(row: Row): Row[] {
    if (row.kind === 'decided') return row.reviews.map(reviewRow);
    if (row.kind === 'candidate') return [];
    return row.review.candidates.map((candidate) => ({ kind: 'candidate', review: row.review, candidate }));
  }

  parent(row: Row): Row | undefined {
    if (row.kind === 'candidate') return reviewRow(row.review);
    if (row.kind === 'decided' || row.review.status === 'open') return undefined;
    return this.top().find(({ kind }) => kind === 'decided');
  }

  /** The review of a number: numbers are given anew in each root, so the prompt belongs to it. */
  find(number: number, isOf: (review: Review) => boolean): ReviewRow | undefined {
    const review = this.all.find((each) => each.number === number && isOf(each));
    return review && reviewRow(review);
  }
}

/** The same for the same row of a later answer: the editor keeps what is folded and selected. */
export function rowId(row: Row): string {
  if (row.kind === 'decided') return 'decided';
  const id = `${row.review.root}#${row.review.number}`;
  return row.kind === 'review' ? id : `${id}.${row.candidate.number}`;
}

/** What menus go by: the kind of row, and what can be done with it. */
export function contextOf(row: Row): string {
  if (row.kind === 'decided') return 'decided';
  const { status, stale, uri } = row.review;
  if (status !== 'open') return `${row.kind}.decided`;
  if (uri === null) return `${row.kind}.gone`;
  return `${row.kind}.${stale ? 'stale' : 'open'}`;
}

/** The candidate to look at first; undefined where there is none. */
export function firstCandidate(review: Review): ReviewCandidate | undefined {
  return review.candidates.find(({ number }) => number === review.recommended) ?? review.candidates[0];
}

function reviewRow(review: Review): ReviewRow {
  return { kind: 'review', review };
}
