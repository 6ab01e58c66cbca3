/** The prompts of test workspaces, by path. Suites add what they need; what is here others count on. */

interface Prompt {
  id: string;
  content: string;
  variables?: Record<string, unknown>;
  [key: string]: unknown;
}

function text({ id, content, variables, ...more }: Prompt): string {
  const prompt = {
    id,
    description: `The prompt ${id}`,
    trigger: { Custom: id },
    category: 'BestPractices',
    content,
    ...(variables && { variables }),
    confidence: 0.7,
    source: 'Custom',
    tags: ['test'],
    revision: 1,
    ...more,
  };
  return `${JSON.stringify(prompt, undefined, 2)}\n`;
}

const GREETING = {
  name: { description: 'Who is greeted', type: 'string', required: true, examples: ['Ada'] },
  tone: { description: 'How it sounds', type: 'string', default: 'warm', enum: ['warm', 'formal'] },
  times: { description: 'How often', type: 'integer', default: 2 },
};

const REPORT = '# Report\n\nTurn these notes into a report for <<audience>>:\n\n<<notes>>\n';
const AUDIENCE = { audience: { type: 'string', default: 'the team' }, notes: { type: 'string', required: true } };

export const PROMPTS: Record<string, string> = {
  /** Without findings; three variables, a heading, a list. */
  'prompts/builtin/greet.json': text({
    id: 'greet',
    source: 'Builtin',
    content: '# Greeting\n\nGreet <<name>> in a <<tone>> tone, <<times>> times.\n\n- Be **brief**.\n- Ask nothing.\n',
    variables: GREETING,
  }),
  /** An error, its confidence, and a warning: `nmae` is declared nowhere; the fix is `name`. */
  'prompts/custom/broken.json': text({
    id: 'broken',
    content: 'Greet <<nmae>> well.\n\nSay <<name>> twice.\n',
    variables: { name: { description: 'Who is greeted', type: 'string', default: 'Ada' } },
    confidence: 1.7,
  }),
  /** Revision 1 of what was learned below; both are measured. */
  'prompts/custom/report.json': text({ id: 'report', content: REPORT, variables: AUDIENCE }),
  'prompts/learned/report-brief.json': text({
    id: 'report-brief',
    content: `${REPORT}\nIn at most 200 words.\n`,
    variables: AUDIENCE,
    source: 'Learned',
    parent: 'report',
    revision: 2,
  }),
  /** No prompt: an ordinary JSON file beside them. */
  'data.json': '{ "some": "data" }\n',
};
