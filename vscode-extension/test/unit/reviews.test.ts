/** The rows of the reviews, and what is said of them. */
import { describe, expect, test } from 'vitest';
import type { Review, ReviewCandidate } from '../../src/protocol';
import { contextOf, firstCandidate, Reviews, rowId, type Row } from '../../src/reviews/model';
import { description, diffTitle, label, tooltip } from '../../src/reviews/wording';

function candidate(number: number, more: Partial<ReviewCandidate> = {}): ReviewCandidate {
  return {
    number,
    document: `promptbits-review:///home/me/1.md?${number}`,
    edits: [{ name: 'imperative-mood', rationale: 'An order is clearer than a wish' }],
    predicted: null,
    gain: null,
    gainText: null,
    probabilityBetter: null,
    ...more,
  };
}

function review(number: number, more: Partial<Review> = {}): Review {
  return {
    root: 'file:///home/me',
    number,
    uri: 'file:///home/me/prompts/custom/greet.json',
    promptId: 'greet',
    status: 'open',
    stale: false,
    summary: '2 proposals · heuristic order, nothing is measured yet',
    evidence: 'Nothing is measured of this prompt',
    advice: 'None is likely enough to be better',
    created: '2026-11-20T19:30:12.123Z',
    proposer: 'offline',
    document: `promptbits-review:///home/me/${number}.md`,
    basis: `promptbits-review:///home/me/${number}.md?0`,
    now: null,
    recommended: null,
    candidates: [candidate(1), candidate(2)],
    accepted: null,
    ...more,
  };
}

const accepted = review(1, {
  status: 'accepted',
  accepted: { candidate: 2, how: 'revision', promptId: 'greet-v2', revision: 2 },
});
const rejected = review(2, { status: 'rejected' });

function rowOf(of: Review, number?: number): Row {
  const found = of.candidates.find((each) => each.number === number);
  return found ? { kind: 'candidate', review: of, candidate: found } : { kind: 'review', review: of };
}

describe('rows', () => {
  const tree = new Reviews([review(4), rejected, review(3), accepted]);

  test('open reviews in the order of the server, then what was decided', () => {
    expect(tree.top().map(label)).toEqual(['greet', 'greet', 'Decided']);
    expect(tree.top().map(rowId)).toEqual(['file:///home/me#4', 'file:///home/me#3', 'decided']);
    const decided = tree.top()[2] as Row;
    expect(tree.children(decided).map(rowId)).toEqual(['file:///home/me#2', 'file:///home/me#1']);
    expect(description(decided)).toBe('2');
    expect(new Reviews([review(1)]).top()).toHaveLength(1);
    expect(new Reviews([]).top()).toEqual([]);
  });

  test('every row below another one knows it, and has an id of its own', () => {
    const ids = new Set<string>();
    const walk = (rows: Row[], above?: Row): void => {
      for (const row of rows) {
        expect(tree.parent(row)).toEqual(above);
        ids.add(rowId(row));
        walk(tree.children(row), row);
      }
    };
    walk(tree.top());
    expect(ids.size).toBe(1 + 4 + 8);
  });

  test('a number counts within a root: the prompt belongs to it', () => {
    const other = review(4, { root: 'file:///two', uri: 'file:///two/prompts/custom/greet.json' });
    const both = new Reviews([review(4), other]);
    expect(both.find(4, ({ uri }) => uri === other.uri)?.review).toBe(other);
    expect(both.find(5, () => true)).toBeUndefined();
  });

  test('menus know what can be done', () => {
    expect(contextOf(rowOf(review(1)))).toBe('review.open');
    expect(contextOf(rowOf(review(1), 1))).toBe('candidate.open');
    expect(contextOf(rowOf(review(1, { stale: true }), 1))).toBe('candidate.stale');
    expect(contextOf(rowOf(review(1, { uri: null })))).toBe('review.gone');
    expect(contextOf(rowOf(accepted, 2))).toBe('candidate.decided');
  });

  test('the recommended candidate is looked at first, else the best ranked', () => {
    expect(firstCandidate(review(1, { recommended: 2 }))?.number).toBe(2);
    expect(firstCandidate(review(1))?.number).toBe(1);
    expect(firstCandidate(review(1, { candidates: [] }))).toBeUndefined();
  });
});

describe('words', () => {
  test('a review says what it is, and what became of it', () => {
    expect(description(rowOf(review(3)))).toBe('#3 · 2 proposals · heuristic order, nothing is measured yet');
    expect(description(rowOf(review(3, { stale: true })))).toMatch(/^#3 · the text has changed since · 2 proposals/);
    expect(description(rowOf(accepted))).toMatch(/^#1 · candidate 2 accepted as revision 2 · /);
    expect(description(rowOf(rejected))).toMatch(/^#2 · rejected · /);
    expect(description(rowOf(review(3, { uri: null })))).toMatch(/^#3 · the prompt is gone · /);
  });

  test('a candidate has its edits; a rate only where the server predicts one', () => {
    expect(description(rowOf(review(1), 1))).toBe('imperative-mood');
    expect(tooltip(rowOf(review(1), 1))).toContain('No rate is predicted of it');
    const best = candidate(1, { predicted: '58 % [49–67]', gainText: '+4 pts [−3, +11]', probabilityBetter: 0.834 });
    const rated = review(1, { recommended: 1, candidates: [best] });
    expect(description(rowOf(rated, 1))).toBe('recommended · predicted +4 pts [−3, +11] · imperative-mood');
    expect(tooltip(rowOf(rated, 1))).toContain('0\\.83, predicted');
  });

  test('texts of prompts make no link in a tooltip', () => {
    const evil = tooltip(rowOf(review(1, { promptId: '[x](command:evil)' })));
    expect(evil).toContain('**\\[x\\]\\(command:evil\\)**');
    expect(evil).toContain('2026\\-11\\-20 19:30 UTC');
  });

  test('the title of a comparison says whether the text is still the one that stands there', () => {
    expect(diffTitle(review(7), candidate(2))).toBe('greet: now ↔ candidate 2 of review 7');
    expect(diffTitle(review(7, { stale: true }), candidate(2))).toBe('greet: before ↔ candidate 2 of review 7');
    expect(diffTitle(accepted, candidate(2))).toMatch(/^greet: before/);
  });
});
