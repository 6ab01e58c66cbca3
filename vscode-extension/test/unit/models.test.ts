import { describe, expect, it } from 'vitest';
import { described, fitting, keyOf, wantedBy } from '../../src/models/choosing';
import { type Answer, Consent, type Decision } from '../../src/models/consent';
import { RefusedError, refusalOf } from '../../src/models/refusals';

const SMALL = { id: 'small-1', vendor: 'one', family: 'small', name: 'Small' };
const LARGE = { id: 'large-1', vendor: 'one', family: 'large', name: 'Large' };
const OTHER = { id: 'large-9', vendor: 'two', family: 'large', name: 'Large of Two' };
const MODELS = [SMALL, LARGE, OTHER];

describe('choosing', () => {
  it.each([
    ['', MODELS],
    [' large ', [LARGE, OTHER]],
    ['two/large', [OTHER]],
    ['one/', [SMALL, LARGE]],
    ['huge', []],
  ])('the setting %j', (setting, expected) => {
    expect(fitting(MODELS, wantedBy(setting))).toEqual(expected);
  });

  it('the request may name a model', () => {
    expect(fitting(MODELS, { id: 'large-9' })).toEqual([OTHER]);
    expect(fitting(MODELS, { id: 'large-9', vendor: 'one' })).toEqual([]);
  });

  it('says what was looked for', () => {
    expect(described({})).toBe('');
    expect(described({ vendor: 'two', family: 'large' })).toBe(' of family large, vendor two');
  });

  it('models of two vendors are two, whatever their ids', () => {
    expect(keyOf(SMALL)).not.toBe(keyOf({ ...SMALL, vendor: 'two' }));
  });
});

describe('refusals', () => {
  const error = (code: string, message = 'said', cause?: unknown) =>
    Object.assign(new Error(message, { cause }), { code });

  it.each([
    [error('NotFound'), 'noModel'],
    [error('NoPermissions'), 'refused'],
    [error('Blocked'), 'blocked'],
    [error('Blocked', 'Request failed: quota exceeded'), 'quota'],
    [error('Blocked', '', error('rateLimited')), 'quota'],
    [error('Unknown', 'x', new Error('You have hit your rate limit')), 'quota'],
    [error('Unknown'), 'failed'],
    [new TypeError('boom'), 'failed'],
    ['text', 'failed'],
    [undefined, 'failed'],
    [new RefusedError('unsupported', 'no'), 'unsupported'],
  ])('%s is %s', (thrown, reason) => {
    const refusal = refusalOf(thrown);
    expect(refusal.reason).toBe(reason);
    expect(refusal.message).not.toBe('');
    expect(refusal.message).not.toMatch(/\n\s+at /);
  });

  it('keeps what the provider said', () => {
    expect(refusalOf(error('NotFound', 'gone since May')).message).toContain('(gone since May)');
  });

  it('an error that causes itself ends', () => {
    const loop = new Error('loop');
    loop.cause = loop;
    expect(refusalOf(loop).reason).toBe('failed');
  });
});

describe('consent', () => {
  function consentWith(decision?: Decision, trusted = true) {
    let kept = decision;
    return new Consent({ load: () => kept, store: (each) => (kept = each) }, () => trusted);
  }

  function asking(...answers: Answer[]) {
    const asked: number[] = [];
    return { asked, ask: () => Promise.resolve(answers[asked.push(asked.length) - 1]) };
  }

  it('is asked each time while it is given once', async () => {
    const consent = consentWith();
    const { asked, ask } = asking('once', 'once');
    await consent.require(SMALL, ask);
    await consent.require(SMALL, ask);
    expect(asked).toHaveLength(2);
    expect(consent.decision).toBeUndefined();
  });

  it('is remembered for one model', async () => {
    const consent = consentWith();
    const { asked, ask } = asking('always', undefined);
    await consent.require(SMALL, ask);
    await consent.require(SMALL, ask);
    expect(asked).toHaveLength(1);
    await expect(consent.require(OTHER, ask)).rejects.toMatchObject({ reason: 'refused' });
    expect(consent.decision).toEqual({ choice: 'always', model: 'one/small-1' });
  });

  it('never is never, without a question, until that is changed', async () => {
    const consent = consentWith();
    const { asked, ask } = asking('never', 'once');
    await expect(consent.require(SMALL, ask)).rejects.toThrow('you did not allow it');
    await expect(consent.require(SMALL, ask)).rejects.toThrow('Let PromptBits Use a Language Model');
    expect(asked).toHaveLength(1);
    expect(consent.possible).toBe(false);
    consent.decideOn(undefined);
    await consent.require(SMALL, ask);
    expect(asked).toHaveLength(2);
  });

  it('a dialog that is closed allows nothing and decides nothing', async () => {
    const consent = consentWith();
    await expect(consent.require(SMALL, asking(undefined).ask)).rejects.toMatchObject({ reason: 'refused' });
    expect(consent.decision).toBeUndefined();
  });

  it('is not asked for in a workspace that is not trusted, even where it was given', async () => {
    const consent = consentWith({ choice: 'always', model: keyOf(SMALL) }, false);
    const { asked, ask } = asking('once');
    await expect(consent.require(SMALL, ask)).rejects.toThrow('not trusted');
    expect(asked).toHaveLength(0);
    expect(consent.possible).toBe(false);
  });

  it('one answer is for all that wait', async () => {
    const consent = consentWith();
    const { asked, ask } = asking('always');
    await Promise.all([consent.require(SMALL, ask), consent.require(SMALL, ask), consent.require(SMALL, ask)]);
    expect(asked).toHaveLength(1);
    const refusing = consentWith();
    const never = asking('never');
    const all = [refusing.require(SMALL, never.ask), refusing.require(SMALL, never.ask)];
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(never.asked).toHaveLength(1);
  });

  it('a question that fails does not hold up the next', async () => {
    const consent = consentWith();
    await expect(consent.require(SMALL, () => Promise.reject(new Error('window closed')))).rejects.toThrow();
    await consent.require(SMALL, asking('once').ask);
  });
});
