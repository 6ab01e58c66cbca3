/** The statistics: the command opens one panel, and the server answers with what was measured, and nothing else. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { libraryChanged } from '../../src/protocol';
import { StatisticsController } from '../../src/statistics/controller';
import type { ToStatistics } from '../../src/webview/messages';
import { connected } from './libraryWindow';
import { Listening, panels } from './panels';
import { at, closeAll, eventually, open, put } from './support';

const shown = () => panels('promptbits.statistics').map((tab) => tab.label);

const listening: { dispose(): void }[] = [];

async function statisticsOf(
  name: string,
): Promise<{ controller: StatisticsController; page: Listening<ToStatistics> }> {
  const page = new Listening<ToStatistics>();
  const connection = await connected();
  const controller = new StatisticsController(connection, page);
  // Facts are read in the background: the server tells once it has them.
  listening.push(connection.onNotification0(libraryChanged, () => controller.changed()));
  controller.show(at(name).toString());
  await controller.settled();
  return { controller, page };
}

suite('statistics', () => {
  teardown(closeAll);
  teardown(() => listening.splice(0).forEach((each) => each.dispose()));

  test('the command opens a panel; it stays with its prompt while others are edited', async () => {
    await open('prompts/builtin/greet.json');
    await vscode.commands.executeCommand('promptbits.statistics');
    await eventually('the statistics of greet', () => shown().join() === 'Statistics greet');
    await open('prompts/custom/broken.json');
    assert.deepEqual(shown(), ['Statistics greet']);
    await vscode.commands.executeCommand('promptbits.statistics', {
      prompt: { uri: at('prompts/custom/report.json').toString() },
    });
    await eventually('the statistics of report', () => shown().join() === 'Statistics report');
  });

  test('the days are those that were measured', async () => {
    const { page } = await statisticsOf('prompts/builtin/greet.json');
    const text = await eventually('a text', () => page.last('statistics').statistics.texts.at(0));
    const { statistics } = page.last('statistics');
    assert.deepEqual([text.conversations, text.successes, text.rate], [140, 112, 0.8]);
    assert.ok(text.low !== null && text.high !== null && text.low < 0.8 && text.high > 0.8);
    assert.equal(statistics.contentSha256, text.contentSha256);
    assert.equal(
      statistics.days.reduce((sum, day) => sum + day.conversations, 0),
      140,
    );
    assert.equal(page.title, 'Statistics greet');
  });

  test('each revision can be charted; the one of the editor is charted first', async () => {
    const { controller, page } = await statisticsOf('prompts/learned/report-brief.json');
    await eventually('both texts', () => page.last('statistics').statistics.texts.length === 2);
    const { texts, contentSha256 } = page.last('statistics').statistics;
    assert.deepEqual(
      texts.map((text) => [text.id, text.current]),
      [
        ['report-brief', true],
        ['report', false],
      ],
    );
    const [own, parent] = texts;
    assert.ok(own && parent);
    assert.equal(contentSha256, own.contentSha256);
    assert.ok(own.difference, 'the revision is compared with its parent');
    await controller.receive({ type: 'choose', text: { contentSha256: parent.contentSha256, id: parent.id } });
    await controller.settled();
    assert.equal(page.last('statistics').statistics.contentSha256, parent.contentSha256);
    assert.equal(page.last('statistics').chartedId, 'report');
    await controller.receive({ type: 'choose', text: null });
    await controller.settled();
    assert.equal(page.last('statistics').statistics.contentSha256, own.contentSha256);
  });

  test('what is not measured has no numbers', async () => {
    const { page } = await statisticsOf('prompts/custom/broken.json');
    const { texts, days, contentSha256 } = page.last('statistics').statistics;
    assert.deepEqual([texts, days, contentSha256], [[], [], null]);
  });

  test('the lines that measure can be copied', async () => {
    const { controller, page } = await statisticsOf('prompts/custom/broken.json');
    await controller.receive({ type: 'copy', text: 'import promptbits\n' });
    assert.equal(await vscode.env.clipboard.readText(), 'import promptbits\n');
    assert.ok(page.last('copied'));
  });

  test('a new fact is seen', async () => {
    const prompt = { id: 'rated', trigger: { Custom: 'rated' }, category: 'Examples', content: 'Hi.', confidence: 0.5 };
    await put('prompts/custom/rated.json', JSON.stringify({ ...prompt, source: 'Custom' }));
    const { controller, page } = await statisticsOf('prompts/custom/rated.json');
    assert.deepEqual(page.last('statistics').statistics.texts, []);
    await vscode.commands.executeCommand('promptbits.recordFeedback', at('prompts/custom/rated.json').toString(), 4);
    await eventually('the rating', async () => {
      controller.changed();
      await controller.settled();
      return page.last('statistics').statistics.texts.at(0)?.rating.count === 1;
    });
  });
});
