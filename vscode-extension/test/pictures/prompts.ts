/** The prompts of the pictures: what a team that answers customers and ships software might keep. */

type Fields = Record<string, unknown>;

const CONTENT = {
  supportReply: `# Reply to a customer

You answer for the support team of **<<product>>**. Be <<tone>> and brief.

1. Say in one sentence what you understood.
2. Give the steps that solve it, from these articles only:

<<articles>>

3. If they do not solve it, say so and hand over to a colleague.

## Message

<<message>>
`,
  releaseNotes: `# Release notes

Write the notes of <<product>> <<version>> for <<audience>>.

- Group them: new, changed, fixed.
- Name what breaks first, with what to do about it.

## Commits

<<commits>>
`,
  codeReview: `# Code review

Review this change in <<language>>. Report at most <<max_findings>> findings, the gravest first: the line, what is wrong,
and a fix.

\`\`\`diff
<<diff>>
\`\`\`
`,
  bugTriage: `# Triage

Read the report and answer with its component, its severity from 1 to 4, and what is missing to reproduce it.

<<report>>
`,
  meetingSummary: `# Summary

Sum up the meeting for people who were not there: decisions, open questions, and who does what by when.

<<transcript>>
`,
};

/** What the second revision has learned. */
const LEARNED = `3. Quote the sentence of the article that a step comes from.
4. If they do not solve it, say so and hand over to a colleague. Never promise a date.
`;

const text = (description: string, more: Fields = {}): Fields => ({ description, type: 'string', ...more });

const SUPPORT = {
  product: text('What the customer bought', { default: 'Lumen Desk' }),
  tone: text('How the reply sounds', { default: 'friendly', enum: ['friendly', 'formal'] }),
  articles: text('Articles of the help centre that may fit'),
  message: text('What the customer wrote'),
};

function prompt(id: string, name: string, description: string, content: string, variables: Fields, more: Fields = {}) {
  const fields = {
    id,
    description,
    trigger: { Custom: name },
    category: 'Examples',
    content,
    variables,
    confidence: 0.75,
    source: 'Custom',
    ...more,
  };
  return `${JSON.stringify(fields, undefined, 2)}\n`;
}

/** Their files by path. */
export const PROMPTS: Record<string, string> = {
  'promptbits.toml': '',
  'prompts/custom/support-reply.json': prompt(
    'support-reply',
    'support reply',
    'Answers a customer from the help centre',
    CONTENT.supportReply,
    SUPPORT,
  ),
  'prompts/learned/support-reply-v2.json': prompt(
    'support-reply-v2',
    'support reply 2',
    'Answers a customer, with the sentence each step comes from',
    CONTENT.supportReply.replace(/3\. If .*\n/, LEARNED),
    SUPPORT,
    { confidence: 0.85, source: 'Learned', revision: 2, parent: 'support-reply' },
  ),
  'prompts/custom/release-notes.json': prompt(
    'release-notes',
    'release notes',
    'Turns commits into release notes',
    CONTENT.releaseNotes,
    {
      product: text('What is released', { default: 'Lumen Desk' }),
      version: text('Its new version'),
      audience: text('Who reads them', { default: 'customers' }),
      commits: text('One commit a line'),
    },
  ),
  'prompts/custom/code-review.json': prompt('code-review', 'code review', 'Reviews a change', CONTENT.codeReview, {
    language: text('What the code is written in', { default: 'TypeScript' }),
    max_findings: { description: 'At most so many', type: 'integer', default: 5 },
    diff: text('The change, as a unified diff'),
  }),
  'prompts/custom/bug-triage.json': prompt('bug-triage', 'bug triage', 'Sorts a bug report', CONTENT.bugTriage, {
    report: text('What was reported'),
  }),
  'prompts/custom/meeting-summary.json': prompt(
    'meeting-summary',
    'meeting summary',
    'Sums up a meeting',
    CONTENT.meetingSummary,
    { transcript: text('Who said what'), language: text('What to write it in', { default: 'English' }) },
  ),
};
