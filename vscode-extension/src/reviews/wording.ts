/** What the view says of reviews. What is predicted is in the words of the server, which never calls it measured. */
import { counted, escaped } from '../library/wording';
import type { Review, ReviewCandidate } from '../protocol';
import type { Row } from './model';

export function label(row: Row): string {
  if (row.kind === 'decided') return 'Decided';
  return row.kind === 'review' ? row.review.promptId : `Candidate ${row.candidate.number}`;
}

/** What stands behind the label. */
export function description(row: Row): string {
  if (row.kind === 'decided') return String(row.reviews.length);
  return row.kind === 'review' ? ofReview(row.review) : ofCandidate(row.review, row.candidate);
}

/** All that is known of a row, as Markdown. */
export function tooltip(row: Row): string {
  if (row.kind === 'decided') return `${counted(row.reviews.length, 'review')} that somebody decided about`;
  return row.kind === 'review' ? reviewLines(row.review) : candidateLines(row.review, row.candidate);
}

/** The title of the editor that compares a candidate with the text it was made for. */
export function diffTitle(review: Review, candidate: ReviewCandidate): string {
  const before = review.status === 'open' && !review.stale ? 'now' : 'before';
  return `${review.promptId}: ${before} ↔ candidate ${candidate.number} of review ${review.number}`;
}

function ofReview(review: Review): string {
  const parts = [`#${review.number}`, became(review), review.summary];
  return parts.filter(Boolean).join(' · ');
}

/** What became of a review; empty where nothing did. */
function became({ status, stale, uri, accepted }: Review): string {
  if (status === 'accepted' && accepted) {
    const how = accepted.how === 'revision' ? `as revision ${accepted.revision}` : 'in place';
    return `candidate ${accepted.candidate} accepted ${how}`;
  }
  if (status !== 'open') return status;
  if (uri === null) return 'the prompt is gone';
  return stale ? 'the text has changed since' : '';
}

function ofCandidate(review: Review, candidate: ReviewCandidate): string {
  const parts = [
    candidate.number === review.recommended ? 'recommended' : '',
    candidate.gainText === null ? '' : `predicted ${candidate.gainText}`,
    candidate.edits.map(({ name }) => name).join(', '),
  ];
  return parts.filter(Boolean).join(' · ');
}

function reviewLines(review: Review): string {
  const { promptId, number, summary, evidence, advice, proposer, created, now } = review;
  const head = `**${escaped(promptId)}** · review ${number}`;
  const lines = [
    now === null ? '' : `Predicted of the text as it is: ${escaped(now)}`,
    `Proposed by ${escaped(proposer)}${created === null ? '' : `, ${escaped(day(created))}`}`,
  ];
  const said = [became(review), summary, evidence, review.status === 'open' ? advice : ''];
  return [head, ...said.filter(Boolean).map(escaped), bullets(lines)].join('\n\n');
}

function candidateLines(review: Review, candidate: ReviewCandidate): string {
  const { number, predicted, gainText, probabilityBetter, edits } = candidate;
  const head = `**Candidate ${number}** of review ${review.number}`;
  const said = [
    number === review.recommended ? 'Recommended.' : '',
    predicted === null ? 'No rate is predicted of it.' : `Predicted: ${predicted}`,
    gainText === null ? '' : `Predicted against the text as it is: ${gainText}`,
    probabilityBetter === null ? '' : `Probability that it is better: ${probabilityBetter.toFixed(2)}, predicted`,
  ];
  const why = edits.map(({ name, rationale }) => `${escaped(name)}${rationale && `: ${escaped(rationale)}`}`);
  return [head, ...said.filter(Boolean).map(escaped), bullets(why)].filter(Boolean).join('\n\n');
}

function bullets(lines: string[]): string {
  return lines
    .filter(Boolean)
    .map((line) => `- ${line}`)
    .join('\n');
}

/** `2026-11-20 19:30 UTC` of an RFC 3339 time. */
function day(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}
