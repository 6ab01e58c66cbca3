/** The preview: a value is typed, and the text follows. */
import type { Step } from './step';

export const preview: Step = {
  name: 'preview',
  async run(bench) {
    await bench.openFile('prompts/builtin/greet.json');
    await bench.see('.codelens-decoration'); // the command is there for prompts only
    await bench.command('PromptBits: Preview with Values');
    const field = await bench.webview('input[name="name"], textarea[name="name"]');
    await field.fill('Grace Hopper');
    await bench.webview(':text("Greet Grace Hopper"), :text("kindly Grace Hopper")');
    await bench.screenshot('preview');
  },
};
